"""What somebody could change so that a rule lets her pass, and her facts once she had.

The same judgement as everywhere else says whether the change suffices: nothing here decides.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil, log

from tutors.rules import fields
from tutors.rules.eligibility.conditions import contract
from tutors.rules.eligibility.engine import branches_of
from tutors.rules.eligibility.facts import (
    AgreementFacts,
    AuthorisationFacts,
    ContractFacts,
    CredentialFacts,
    ExperienceFacts,
    Facts,
    LanguageFacts,
    QualificationFacts,
    RecordFacts,
)
from tutors.rules.eligibility.proofs import judge_leaf
from tutors.rules.eligibility.verdicts import Finding
from tutors.rules.languages import Level
from tutors.rules.requirements import Leaf, LeafKind, Rule, party_of
from tutors.rules.standing import PRIOR, QUANTILE
from tutors.rules.states import (
    AgreementKind,
    ContractState,
    CredentialStatus,
    CredentialType,
    SensitiveContent,
    Verified,
    WorkRole,
)

RESIDENCE = "residence"
OF_ONES_OWN_CHOICE = frozenset(LeafKind) - {LeafKind.RESIDENCE, LeafKind.NO_CONFLICT}
"""Nobody is advised to move house, or to give up a tie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to change. `facts` are hers once it is done; `fact` is what it adds to them and
    names the change; `finding` is what stands in the way now. `leaf`: None for what no set asks.
    """

    fact: object
    facts: Facts
    finding: Finding
    leaf: Leaf | None = None


def changes_for(
    *, rule: Rule, facts: Facts, client: str | None, at: datetime
) -> tuple[Change, ...]:
    """The single changes that each turn a failing rule: one for a rule that is a leaf or whose
    leaves fail but for one, one for each such branch of an `any`. None where it takes two.
    """
    found = []
    for leaves in branches_of(rule):
        judged = [
            (leaf, judge_leaf(leaf=leaf, facts=facts, client=client, at=at)) for leaf in leaves
        ]
        failing = [(leaf, finding) for leaf, finding in judged if not finding.passed]
        if len(failing) == 1:
            ((leaf, finding),) = failing
            change = change_for(leaf=leaf, finding=finding, facts=facts, client=client, at=at)
            found += [change] if change else []
    return tuple(found)


def change_for(
    *, leaf: Leaf, finding: Finding, facts: Facts, client: str | None, at: datetime
) -> Change | None:
    """The smallest change that turns a failing leaf; None where nothing of hers would."""
    if leaf.kind not in OF_ONES_OWN_CHOICE:
        return None
    fact, turned = _turned(leaf, facts, client=client, at=at)
    if not judge_leaf(leaf=leaf, facts=turned, client=client, at=at).passed:
        return None
    return Change(fact=fact, facts=turned, finding=finding, leaf=leaf)


def contract_change(*, facts: Facts, at: datetime) -> Change | None:
    """A contract in force, where there is none: the one on its way, or a plain one."""
    finding = contract(facts.contract, at=at)
    if finding.passed:
        return None
    held = facts.contract or ContractFacts(
        contract_id=0, version_id=0, number=1, state=ContractState.ACTIVE, effective_from=at,
        effective_until=None, currency="USD", zone="UTC",
    )  # fmt: skip
    signed = replace(
        held, state=ContractState.ACTIVE, effective_from=min(at, held.effective_from),
        effective_until=None,
    )  # fmt: skip
    return Change(fact=ContractState.ACTIVE, facts=replace(facts, contract=signed), finding=finding)


def reviewer_change(*, facts: Facts, finding: Finding) -> Change:
    return Change(fact=WorkRole.REVIEW, facts=replace(facts, reviewer=True), finding=finding)


def _turned(leaf: Leaf, facts: Facts, *, client: str | None, at: datetime) -> tuple[object, Facts]:
    """The fact to add, and the facts with it."""
    match leaf.kind:
        case LeafKind.QUALIFICATION:
            held = QualificationFacts(
                speciality=leaf.text("speciality"), level=leaf.number("level_min"), granted_at=at
            )
            return held, replace(facts, qualifications=(*facts.qualifications, held))
        case LeafKind.CREDENTIAL:
            proof = _credential(leaf)
            return proof, replace(facts, credentials=(*facts.credentials, proof))
        case LeafKind.LANGUAGE:
            spoken = LanguageFacts(tag=leaf.text("tag"), level=Level(leaf.text("min")))
            return spoken, replace(facts, languages=(*facts.languages, spoken))
        case LeafKind.AGREEMENT:
            paper = AgreementFacts(
                kind=AgreementKind(leaf.text("type")),
                party=party_of(leaf, client=client),
                version=leaf.number("version_min"),
            )
            return paper, replace(facts, agreements=(*facts.agreements, paper))
        case LeafKind.OPT_IN:
            given = tuple(SensitiveContent(word) for word in leaf.words("content"))
            return given, replace(facts, opt_ins=tuple(sorted({*facts.opt_ins, *given})))
        case _:
            return _noted(leaf, facts, at=at)


def _noted(leaf: Leaf, facts: Facts, *, at: datetime) -> tuple[object, Facts]:
    """What the house notes or checks, and what work itself brings."""
    match leaf.kind:
        case LeafKind.WORK_AUTHORISATION:
            lives = facts.residence
            home = f"{lives.country}-{lives.region}" if lives.region else lives.country
            where = home if leaf.text("where") == RESIDENCE else leaf.text("where")
            right = AuthorisationFacts(place=where, verified=Verified(leaf.text("verified")))
            return right, replace(facts, authorisations=(*facts.authorisations, right))
        case LeafKind.IDENTITY:
            return LeafKind.IDENTITY, replace(facts, identity_checked_at=at)
        case LeafKind.EXPERIENCE:
            years = ExperienceFacts(
                field=leaf.text("field"),
                years=leaf.number("years_min"),
                verified=Verified(leaf.text("verified")),
            )
            return years, replace(facts, experience=(*facts.experience, years))
        case LeafKind.STANDING:
            record = _record(leaf)
            others = tuple(each for each in facts.record if not _is_of(leaf, each))
            return record, replace(facts, record=(*others, record))
        case _:
            return leaf, facts


def _credential(leaf: Leaf) -> CredentialFacts:
    """One proof that the leaf asks for; of several that would do, the first named."""
    names = leaf.words("degrees") or leaf.words("name_in")
    where = leaf.words("jurisdictions")
    return CredentialFacts(
        type=CredentialType(leaf.text("type")),
        status=CredentialStatus(leaf.words("status")[0]),
        verified=Verified(leaf.text("verified")),
        field=leaf.text("field"),
        name=names[0] if names else "",
        rank=next(iter(leaf.words("rank_in")), ""),
        profession=leaf.text("profession"),
        jurisdiction=where[0] if where else "",
        grade=leaf.number("grade_min"),
        count=leaf.number("count_min") or leaf.number("items_min"),
    )


def _record(leaf: Leaf) -> RecordFacts:
    """The shortest record without a blemish that is good enough.

    After n of n accepted the bound is the (n + 1)th root of the quantile: see `rules.standing`.
    """
    wanted, judged = leaf.share("lower_bound_min"), leaf.number("n_min")
    if 0 < wanted < 1:
        judged = max(judged, ceil(log(QUANTILE) / log(wanted)) - PRIOR)
    return RecordFacts(
        speciality=leaf.text("speciality"),
        task_type=leaf.text("task_type"),
        judged=judged,
        accepted=judged,
        most_by_one=judged // 2,
    )


def _is_of(leaf: Leaf, record: RecordFacts) -> bool:
    return fields.within(slug=record.speciality, ancestor=leaf.text("speciality")) and leaf.text(
        "task_type"
    ) in ("", record.task_type)
