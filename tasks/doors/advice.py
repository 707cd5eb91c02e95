"""Advice and expectations in words: what to change, what it brings, when work is due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.doors.closed import Opens, paper_words
from tasks.doors.words import domain_name, language
from tasks.rules.advising import Advised, Unlock
from tasks.rules.clocks import SECONDS_AN_HOUR
from tasks.rules.demand import WINDOW_DAYS, Outlook
from tasks.rules.spans import Span
from tutors.rules.requirements import LeafKind

HALF_HOURS_BELOW = 10
SOON = timedelta(hours=1)
BY_THE_HOUR = timedelta(hours=18)
"""So near, hours say more than the name of a day, also over midnight."""

DAYS_BY_NAME = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRow:
    """One change in words. `url` and `action`: where to get it, empty where asking is the way."""

    kind: str
    title: str
    how: str
    hours: str
    range: str
    basis: str
    opens: str = ""
    url: str = ""
    action: str = ""


# --- Figures --------------------------------------------------------------------------------


def amount(seconds: float) -> str:
    """`25 m`, `2.5 h`, `14 h`: as exact as an estimate deserves."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%(n)d m") % {"n": 5 * round(minutes / 5) if minutes >= 10 else minutes}
    hours = seconds / SECONDS_AN_HOUR
    halves = round(2 * hours) / 2 if hours < HALF_HOURS_BELOW else round(hours)
    return _("%(n)s h") % {"n": f"{halves:g}"}


def a_week(span: Span) -> str:
    return _("about %(hours)s a week") % {"hours": amount(span.mid)}


def range_words(span: Span) -> str:
    """From the least to the most in nine of ten cases."""
    return _("%(low)s to %(high)s") % {"low": amount(span.low), "high": amount(span.high)}


def due_words(outlook: Outlook | None, *, next_at: datetime | None, at: datetime) -> str:
    """Until about when an empty queue stays empty, or why that cannot be said."""
    if outlook is None:
        return _("Too little is known yet to say when work comes.")
    if next_at is not None:
        return _("By its rhythm, new work is due %(when)s.") % {"when": _when(next_at, at=at)}
    if not outlook.arrived or outlook.last_at is None:
        return _("Nothing came in the last %(n)d days, so nobody can say when work comes.") % {
            "n": WINDOW_DAYS
        }
    last = formats.date_format(_local(outlook.last_at), "j F")
    return _("The last work came on %(day)s; too little came to say when the next does.") % {
        "day": last
    }


def _when(moment: datetime, *, at: datetime) -> str:
    left, local = moment - at, _local(moment)
    if left < SOON:
        return _("within the hour")
    if left < BY_THE_HOUR:
        hours = round(left / SOON)
        return ngettext("in about an hour", "in about %(n)d hours", hours) % {"n": hours}
    if left < DAYS_BY_NAME:
        return _("around %(day)s") % {"day": formats.date_format(local, "l")}
    return _("around %(day)s") % {"day": formats.date_format(local, "j F")}


def _local(moment: datetime) -> datetime:
    return moment.astimezone(timezone.get_current_timezone())


# --- Changes --------------------------------------------------------------------------------


def advice_row(advised: Advised, *, names: Mapping[int, str]) -> AdviceRow:
    """The change in words; `names` are those of the pools' projects."""
    way = way_of(advised)
    return AdviceRow(
        kind=advised.kind,
        title=title_of(advised),
        how=way.text,
        hours=a_week(advised.gain),
        range=range_words(advised.gain),
        basis=ngettext(
            "From %(n)s task of the last four weeks.",
            "From %(n)s tasks of the last four weeks.",
            advised.n,
        )
        % {"n": f"{advised.n:,}"},
        opens=_opens([names[pool] for pool in advised.pools if pool in names], advised.kind),
        url=way.url,
        action=way.action,
    )


def title_of(advised: Advised) -> str:
    """What to do, in a few words."""
    return _TITLES[advised.kind](advised)


def _opens(names: list[str], kind: str) -> str:
    if kind in (Unlock.CAP, Unlock.HOURS) or not names:
        return ""
    names = list(dict.fromkeys(names))
    if len(names) == 1:
        return _("Opens %(name)s.") % {"name": names[0]}
    return ngettext(
        "Opens %(name)s and %(n)d more queue.",
        "Opens %(name)s and %(n)d more queues.",
        len(names) - 1,
    ) % {"name": names[0], "n": len(names) - 1}


def _qualification(advised: Advised) -> str:
    held: Any = advised.fact
    text = {
        "qualification_level": _("Reach level %(n)d in %(field)s"),
        "qualification_expiring": _("Renew your qualification in %(field)s"),
    }.get(advised.finding.code, _("Qualify in %(field)s, level %(n)d"))
    return text % {"field": domain_name(held.speciality), "n": held.level}


def _credential(advised: Advised) -> str:
    proof: Any = advised.fact
    what = " ".join(
        part
        for part in (
            proof.type.value.replace("_", " "),
            proof.name,
            proof.profession,
            f"({proof.field.replace('-', ' ')})" if proof.field else "",
            proof.jurisdiction.removesuffix("-*"),
        )
        if part
    )
    text = {
        "credential_unverified": _("Have your proof checked: %(what)s"),
        "credential_expiring": _("Renew your proof: %(what)s"),
        "credential_status": _("Bring your proof up to date: %(what)s"),
    }.get(advised.finding.code, _("Bring a proof: %(what)s"))
    return text % {"what": what}


def _language(advised: Advised) -> str:
    spoken: Any = advised.fact
    told = {"language": language(spoken.tag), "level": spoken.level.value}
    if advised.finding.code == "language_level":
        return _("Show %(level)s in %(language)s") % told
    return _("Add %(language)s at %(level)s, if you speak it") % told


def _agreement(advised: Advised) -> str:
    paper: Any = advised.fact
    return _("Sign %(paper)s") % {
        "paper": paper_words(paper.kind.value, paper.party.startswith("client"))
    }


def _opt_in(advised: Advised) -> str:
    given: Any = advised.fact
    words = ", ".join(each.value.replace("_", " ") for each in given)
    return _("Agree to see sensitive content: %(words)s") % {"words": words}


def _authorisation(advised: Advised) -> str:
    right: Any = advised.fact
    return _("Have your right to work in %(place)s noted and checked") % {"place": right.place}


def _experience(advised: Advised) -> str:
    years: Any = advised.fact
    told = {"n": years.years, "field": years.field.replace("-", " ")}
    return _("Have %(n)d years in %(field)s noted") % told


def _standing(advised: Advised) -> str:
    record: Any = advised.fact
    return _("Build your record in %(field)s") % {"field": domain_name(record.speciality)}


def _contract(advised: Advised) -> str:
    return {
        "contract_unsigned": _("Sign your contract"),
        "contract_not_countersigned": _("Wait for the second signature on your contract"),
        "contract_not_started": _("Wait for the start of your contract"),
    }.get(advised.finding.code, _("Agree on a contract"))


_TITLES: Mapping[str, Callable[[Advised], str]] = {
    LeafKind.QUALIFICATION: _qualification,
    LeafKind.CREDENTIAL: _credential,
    LeafKind.LANGUAGE: _language,
    LeafKind.AGREEMENT: _agreement,
    LeafKind.OPT_IN: _opt_in,
    LeafKind.WORK_AUTHORISATION: _authorisation,
    LeafKind.IDENTITY: lambda _advised: _("Have your identity checked"),
    LeafKind.EXPERIENCE: _experience,
    LeafKind.STANDING: _standing,
    Unlock.CONTRACT: _contract,
    Unlock.REVIEWER: lambda _advised: _("Become a reviewer"),
    Unlock.PRESENCE: lambda _advised: _("Take work again"),
    Unlock.CAP: lambda _advised: _("Agree on a longer week"),
    Unlock.HOURS: lambda _advised: _("Plan more hours in your week"),
}


def way_of(advised: Advised) -> Opens:
    """Where to get it."""
    proofs = "work-qualifications"
    match advised.kind:
        case LeafKind.QUALIFICATION:
            return Opens(
                _("Ask your recruiter how to show it."), proofs, _("See your qualifications")
            )
        case LeafKind.CREDENTIAL | LeafKind.EXPERIENCE | LeafKind.WORK_AUTHORISATION:
            return Opens(_("Send your recruiter what shows it."), proofs, _("See your proofs"))
        case LeafKind.LANGUAGE | LeafKind.IDENTITY:
            return Opens(_("Ask your recruiter to note it."), proofs, _("See what is noted"))
        case LeafKind.AGREEMENT | Unlock.CONTRACT:
            return Opens(
                _("Where none waits for you, ask your recruiter."),
                "work-contract",
                _("Your papers"),
            )
        case LeafKind.OPT_IN:
            return Opens(_("You decide, and may take it back."), proofs, _("Choose"))
        case LeafKind.STANDING:
            how = _("Hand in more work of the kind; reviews do the rest.")
            return Opens(how, "work-feedback", _("See your feedback"))
        case Unlock.REVIEWER:
            return Opens(_("Ask a manager; the role is theirs to give."))
        case Unlock.PRESENCE:
            return Opens(_("Switch on “Taking work” at the top of the page."))
        case Unlock.CAP:
            how = _("Ask your recruiter for a higher weekly cap.")
            return Opens(how, "work-contract", _("See your contract"))
        case _:
            return Opens(_("Add hours to your plan."), "work-availability", _("See your week"))
