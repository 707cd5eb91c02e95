"""Leaves about the person behind the proofs: right to work, ties, consent, identity, years."""

from datetime import datetime, timedelta

from tutors.rules import fields, places
from tutors.rules.eligibility.facts import ExperienceFacts, Facts, TieFacts
from tutors.rules.eligibility.verdicts import Effort, Finding, failing, passing
from tutors.rules.experience import years_worked
from tutors.rules.requirements import Leaf, parties_of
from tutors.rules.states import VERIFIED_RANK, Verified

RESIDENCE = "residence"


def _as_checked(least: Verified) -> str:
    return least.value.replace("_", " ")


def work_authorisation(leaf: Leaf, facts: Facts, *, at: datetime) -> Finding:
    """A right for a country holds in its parts; one for a part does not hold in the country."""
    lives = facts.residence
    home = f"{lives.country}-{lives.region}" if lives.region else lives.country
    where = home if leaf.text("where") == RESIDENCE else leaf.text("where")
    there = [a for a in facts.authorisations if places.covers(pattern=a.place, place=where)]
    if not there:
        turn = f"A recruiter must note the right to work in {where}."
        return failing("authorisation_missing", f"none for {where}", turn, effort=Effort.VERIFY)
    least = Verified(leaf.text("verified"))
    checked = [a for a in there if VERIFIED_RANK[a.verified] >= VERIFIED_RANK[least]]
    best = max(checked or there, key=lambda a: str(a.valid_until or "9999"))
    until = f", until {best.valid_until}" if best.valid_until else ""
    fact = f"{best.place}, {best.verified.value}{until}"
    if not checked:
        turn = f"A recruiter must check the right to work in {where}: {_as_checked(least)}."
        return failing("authorisation_unverified", fact, turn, effort=Effort.VERIFY)
    last_day = (at + timedelta(days=leaf.number("valid_for_days"))).date()
    if best.valid_until is not None and best.valid_until < last_day:
        turn = f"Renew the right to work in {where}: it must last until {last_day.isoformat()}."
        return failing("authorisation_expiring", fact, turn, effort=Effort.RENEW)
    return passing("authorisation_held", fact)


def no_conflict(leaf: Leaf, facts: Facts, *, client: str | None, at: datetime) -> Finding:
    """No tie that lasts, or that ended within `within_days`, to any of the parties."""
    wanted = frozenset(parties_of(leaf, client=client))
    days = leaf.number("within_days")
    oldest = (at - timedelta(days=days)).date()
    standing = [
        tie
        for tie in facts.ties
        if not wanted.isdisjoint(tie.names) and (tie.until is None or tie.until >= oldest)
    ]
    if not standing:
        return passing("conflict_free", f"no tie to {', '.join(sorted(wanted))}")
    worst = max(standing, key=lambda tie: (str(tie.until or "9999"), tie.names))
    name = next(name for name in worst.names if name in wanted)
    fact = _told_tie(worst, name)
    if worst.until is None:
        after = f" {days} days after the tie ends" if days else " when the tie ends"
        turn = f"Only for people without a tie to {name}; it turns{after}."
        return failing("conflict_tie", fact, turn, effort=Effort.MOVE)
    free_on = worst.until + timedelta(days=days + 1)
    turn = f"Free of it from {free_on.isoformat()} on."
    return failing("conflict_tie", fact, turn, effort=Effort.WAIT)


def _told_tie(tie: TieFacts, name: str) -> str:
    since = f", since {tie.since}" if tie.since else ""
    until = f", until {tie.until}" if tie.until else ""
    return f"tie to {name}{since}{until}"


def opt_in(leaf: Leaf, facts: Facts) -> Finding:
    """All of the content named must be agreed to; she may take it back at any time."""
    wanted = leaf.words("content")
    given = {content.value for content in facts.opt_ins}
    missing = [word for word in wanted if word not in given]
    if missing:
        turn = f"She decides herself, on her page of qualifications: {', '.join(missing)}."
        fact = f"not agreed to {', '.join(missing)}"
        return failing("opt_in_missing", fact, turn, effort=Effort.SIGN)
    return passing("opt_in_given", f"agreed to {', '.join(wanted)}")


def identity(leaf: Leaf, facts: Facts, *, at: datetime) -> Finding:
    checked_at, days = facts.identity_checked_at, leaf.number("within_days")
    turn = "A recruiter must check the identity."
    if checked_at is None:
        return failing("identity_unchecked", "never checked", turn, effort=Effort.VERIFY)
    fact = f"checked on {checked_at.date().isoformat()}"
    if checked_at < at - timedelta(days=days):
        again = f"{turn[:-1]} again: the last check may be {days} days old."
        return failing("identity_stale", fact, again, effort=Effort.VERIFY)
    return passing("identity_checked", fact)


def experience(leaf: Leaf, facts: Facts, *, at: datetime) -> Finding:
    """Posts at the same time count once; see `years_worked`."""
    field, least = leaf.text("field"), leaf.number("years_min")
    there = [e for e in facts.experience if fields.answers(wanted=field, held=e.field)]
    if not there:
        turn = f"A recruiter must note {least} years in {field}."
        return failing("experience_missing", f"none in {field}", turn, effort=Effort.VERIFY)
    have = _years(there, at=at)
    if have < least:
        fact = f"{have} years in {field}"
        turn = f"Needs {least} years in {field}."
        return failing("experience_short", fact, turn, effort=Effort.WAIT)
    rank = Verified(leaf.text("verified"))
    checked = [e for e in there if VERIFIED_RANK[e.verified] >= VERIFIED_RANK[rank]]
    proven = _years(checked, at=at)
    if proven < least:
        fact = f"{have} years in {field}, {proven} of them checked"
        turn = f"A recruiter must check {least} years in {field}: {_as_checked(rank)}."
        return failing("experience_unverified", fact, turn, effort=Effort.VERIFY)
    return passing("experience_enough", f"{proven} years in {field}")


def _years(held: list[ExperienceFacts], *, at: datetime) -> int:
    return years_worked(
        years=[e.years for e in held if e.years is not None],
        spans=[(e.from_on, e.until_on) for e in held if e.from_on is not None],
        today=at.date(),
    )
