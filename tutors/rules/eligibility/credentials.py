"""A credential leaf: is there such a proof, in that state, checked well enough, for long enough."""

from datetime import datetime, timedelta

from tutors.rules import fields, places
from tutors.rules.eligibility.facts import CredentialFacts, Facts
from tutors.rules.eligibility.verdicts import Effort, Finding, failing, passing
from tutors.rules.requirements import Leaf
from tutors.rules.states import VERIFIED_RANK, CredentialType, Verified


def credential(leaf: Leaf, facts: Facts, *, at: datetime) -> Finding:
    """Each step narrows what is held; the first that leaves too little names the reason."""
    wanted = _wanted(leaf)
    kinds = [c for c in facts.credentials if _is_such(leaf, c)]
    if not _enough(leaf, kinds):
        turn = f"Bring {wanted}."
        return failing("credential_missing", _told(kinds), turn, effort=Effort.LEARN)
    usable = [c for c in kinds if c.status.value in leaf.words("status")]
    if not _enough(leaf, usable):
        turn = f"It must be {' or '.join(leaf.words('status'))}."
        return failing("credential_status", _told(kinds), turn, effort=Effort.RENEW)
    least = Verified(leaf.text("verified"))
    checked = [c for c in usable if VERIFIED_RANK[c.verified] >= VERIFIED_RANK[least]]
    if not _enough(leaf, checked):
        turn = f"A recruiter must check {wanted}: {least.value.replace('_', ' ')}."
        return failing("credential_unverified", _told(usable), turn, effort=Effort.VERIFY)
    last_day = (at + timedelta(days=leaf.number("valid_for_days"))).date()
    lasting = [c for c in checked if c.expires_on is None or c.expires_on >= last_day]
    if not _enough(leaf, lasting):
        turn = f"Renew it: it must last until {last_day.isoformat()}."
        return failing("credential_expiring", _told(checked), turn, effort=Effort.RENEW)
    return passing("credential_held", _told(lasting))


def _enough(leaf: Leaf, held: list[CredentialFacts]) -> bool:
    """One is enough, but publications and portfolio pieces are counted together."""
    least = leaf.number("count_min") or leaf.number("items_min")
    return sum(c.count for c in held) >= least if least else bool(held)


def _is_such(leaf: Leaf, held: CredentialFacts) -> bool:
    return (
        held.type.value == leaf.text("type")
        and fields.answers(wanted=leaf.text("field"), held=held.field)
        and leaf.text("profession") in ("", held.profession)
        and _named(leaf.words("degrees") or leaf.words("name_in"), held.name)
        and _named(leaf.words("rank_in"), held.rank)
        and held.grade >= leaf.number("grade_min")
        and not (held.restricted and leaf.text("restrictions") == "none")
        and _there(leaf.words("jurisdictions"), held.jurisdiction)
    )


def _named(wanted: tuple[str, ...], held: str) -> bool:
    return not wanted or held.casefold() in {w.casefold() for w in wanted}


def _there(wanted: tuple[str, ...], held: str) -> bool:
    return not wanted or any(places.covers(pattern=p, place=held) for p in wanted)


def _wanted(leaf: Leaf) -> str:
    kind = CredentialType(leaf.text("type"))
    names = leaf.words("degrees") or leaf.words("name_in")
    parts = [
        kind.value.replace("_", " "),
        leaf.text("profession"),
        " or ".join(names),
        f"in {leaf.text('field')}" if leaf.text("field") else "",
        f"for {', '.join(leaf.words('jurisdictions'))}" if leaf.words("jurisdictions") else "",
    ]
    return " ".join(part for part in parts if part)


def _told(held: list[CredentialFacts]) -> str:
    if not held:
        return "none of this kind"
    best = max(held, key=lambda c: (VERIFIED_RANK[c.verified], str(c.expires_on or "9999")))
    parts = [best.type.value, best.name, best.jurisdiction, best.status.value, best.verified.value]
    until = [f"until {best.expires_on}"] if best.expires_on else []
    return ", ".join([part for part in parts if part] + until)
