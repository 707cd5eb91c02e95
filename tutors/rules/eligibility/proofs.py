"""One leaf against the facts: held or not, and what would turn it."""

from datetime import datetime, timedelta

from tutors.rules import fields, languages, places
from tutors.rules.eligibility import background
from tutors.rules.eligibility.credentials import credential
from tutors.rules.eligibility.facts import Facts, QualificationFacts
from tutors.rules.eligibility.record import standing
from tutors.rules.eligibility.verdicts import Effort, Finding, failing, passing
from tutors.rules.languages import RANK, Level
from tutors.rules.requirements import Leaf, LeafKind, party_of


def judge_leaf(*, leaf: Leaf, facts: Facts, client: str | None, at: datetime) -> Finding:
    match leaf.kind:
        case LeafKind.QUALIFICATION:
            return _qualification(leaf, facts, at=at)
        case LeafKind.CREDENTIAL:
            return credential(leaf, facts, at=at)
        case LeafKind.LANGUAGE:
            return _language(leaf, facts)
        case LeafKind.RESIDENCE:
            return _residence(leaf, facts, at=at)
        case LeafKind.AGREEMENT:
            return _agreement(leaf, facts, client=client)
        case LeafKind.WORK_AUTHORISATION:
            return background.work_authorisation(leaf, facts, at=at)
        case LeafKind.NO_CONFLICT:
            return background.no_conflict(leaf, facts, client=client, at=at)
        case LeafKind.OPT_IN:
            return background.opt_in(leaf, facts)
        case LeafKind.IDENTITY:
            return background.identity(leaf, facts, at=at)
        case LeafKind.EXPERIENCE:
            return background.experience(leaf, facts, at=at)
        case LeafKind.STANDING:
            return standing(leaf, facts)


def in_force(held: QualificationFacts, *, at: datetime, days: int = 0) -> bool:
    """Granted by then, and not lapsed so many days on (`valid_for_days` looks forward)."""
    lapses = held.expires_at
    return held.granted_at <= at and (lapses is None or lapses > at + timedelta(days=days))


def _qualification(leaf: Leaf, facts: Facts, *, at: datetime) -> Finding:
    wanted, level = leaf.text("speciality"), leaf.number("level_min")
    held = [
        q
        for q in facts.qualifications
        if fields.within(slug=q.speciality, ancestor=wanted) and q.granted_at <= at
    ]
    held.sort(key=lambda q: (q.level, q.speciality))
    if not held:
        turn = f"Earn the qualification {wanted} at level {level}."
        return failing("qualification_missing", f"no {wanted}", turn, effort=Effort.LEARN)
    high = [q for q in held if q.level >= level]
    if not high:
        turn = f"Reach level {level} in {wanted}."
        return failing("qualification_level", _told(held[-1]), turn, effort=Effort.LEARN)
    lasting = [q for q in high if in_force(q, at=at, days=leaf.number("valid_for_days"))]
    if not lasting:
        turn = f"Renew the qualification {high[-1].speciality}."
        return failing("qualification_expiring", _told(high[-1]), turn, effort=Effort.RENEW)
    return passing("qualification_held", _told(lasting[-1]))


def _told(held: QualificationFacts) -> str:
    until = f", until {held.expires_at.isoformat(timespec='minutes')}" if held.expires_at else ""
    return f"{held.speciality}, level {held.level}{until}"


def _language(leaf: Leaf, facts: Facts) -> Finding:
    tag, least = leaf.text("tag"), Level(leaf.text("min"))
    spoken = [s for s in facts.languages if languages.speaks(wanted=tag, tag=s.tag)]
    if not spoken:
        turn = f"Add {tag} at {least.value}, if you speak it."
        return failing("language_missing", f"no {tag}", turn, effort=Effort.LEARN)
    best = max(spoken, key=lambda s: RANK[s.level])
    fact = f"{best.tag}, {best.level.value}"
    if RANK[best.level] >= RANK[least]:
        return passing("language_held", fact)
    return failing("language_level", fact, f"Reach {least.value} in {tag}.", effort=Effort.LEARN)


def _residence(leaf: Leaf, facts: Facts, *, at: datetime) -> Finding:
    lives = facts.residence
    where, without = leaf.words("in"), leaf.words("not_in")
    fact = f"{lives.country}-{lives.region}" if lives.region else lives.country
    if where and not any(
        places.lives_in(pattern=p, country=lives.country, region=lives.region) for p in where
    ):
        turn = f"Only for people living in {', '.join(where)}."
        return failing("residence_elsewhere", fact, turn, effort=Effort.MOVE)
    if any(
        places.may_live_in(pattern=p, country=lives.country, region=lives.region) for p in without
    ):
        turn = f"Not for people living in {', '.join(without)}."
        return failing("residence_elsewhere", fact, turn, effort=Effort.MOVE)
    days = leaf.number("since_days")
    if days and (lives.since is None or lives.since > (at - timedelta(days=days)).date()):
        since = f"{fact}, since {lives.since}" if lives.since else f"{fact}, since unknown"
        turn = f"Needs {days} days of living there; say since when you do."
        return failing("residence_too_new", since, turn, effort=Effort.WAIT)
    return passing("residence_fits", fact)


def _agreement(leaf: Leaf, facts: Facts, *, client: str | None) -> Finding:
    kind, party = leaf.text("type"), party_of(leaf, client=client)
    version = leaf.number("version_min")
    signed = [a.version for a in facts.agreements if a.kind.value == kind and a.party == party]
    name = f"{kind} with {party}"
    turn = f"Sign the {name}, version {version} or newer."
    if not signed:
        return failing("agreement_missing", f"no {name}", turn, effort=Effort.SIGN)
    fact = f"{name}, version {max(signed)}"
    if max(signed) < version:
        return failing("agreement_version", fact, turn, effort=Effort.SIGN)
    return passing("agreement_signed", fact)
