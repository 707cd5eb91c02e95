"""How the Work portal says what the rooms below know by code: work, states, verdicts, reasons."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tasks.rules.states import (
    ClaimState,
    OfferKind,
    OfferState,
    ReviewDecision,
    TimeKind,
    TimeState,
    WorkRole,
)
from tasks.types import NoSuchTaskType, task_type
from workforce.rules.shown import duration
from workforce.types.domains import DOMAINS

WHY_LINES_MAX = 4
CHECKED = frozenset({"document", "two_people", "primary_source"})
TRACK_RECORD_MIN = 5
"""Fewer judged answers than this say nothing about somebody."""


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a pill: tone, word, icon, and what it means."""

    tone: str
    word: Any
    icon: str
    meaning: Any = ""


CLAIMS: Mapping[ClaimState, Status] = {
    ClaimState.CLAIMED: Status("info", lazy("Taken"), "player-play"),
    ClaimState.IN_PROGRESS: Status("info", lazy("In progress"), "player-play"),
    ClaimState.PAUSED: Status("", lazy("Paused"), "player-pause"),
    ClaimState.SUBMITTED: Status(
        "info", lazy("Waiting for review"), "eye", lazy("Handed in; a reviewer looks at it.")
    ),
    ClaimState.ACCEPTED: Status("ok", lazy("Accepted"), "circle-check"),
    ClaimState.REVISION_REQUESTED: Status(
        "warn",
        lazy("Came back"),
        "arrow-back-up",
        lazy("A reviewer asked for a change. The time is paid."),
    ),
    ClaimState.REJECTED: Status(
        "bad", lazy("Not accepted"), "x", lazy("Somebody else answers. Your time is paid.")
    ),
    ClaimState.RETURNED: Status(
        "", lazy("Given back"), "arrow-back-up", lazy("Given back after the start. Time is paid.")
    ),
    ClaimState.SKIPPED: Status(
        "", lazy("Skipped"), "arrow-right", lazy("Given back before the start. Not scored.")
    ),
    ClaimState.RELEASED: Status(
        "",
        lazy("Taken back by a manager"),
        "user-x",
        lazy("The task was cancelled or moved on. Your time is paid."),
    ),
    ClaimState.EXPIRED: Status(
        "",
        lazy("Time ran out"),
        "hourglass",
        lazy("The hold ended. Your draft and your time are kept."),
    ),
}

DECISIONS: Mapping[ReviewDecision, Status] = {
    ReviewDecision.ACCEPT: Status("ok", lazy("Accepted"), "circle-check"),
    ReviewDecision.REQUEST_REVISION: Status("warn", lazy("Returned with a note"), "arrow-back-up"),
    ReviewDecision.REJECT: Status("bad", lazy("Not accepted"), "x"),
}

TIMES: Mapping[TimeState, Status] = {
    TimeState.RUNNING: Status("info", lazy("Running"), "player-play", lazy("The clock runs.")),
    TimeState.DRAFT: Status(
        "", lazy("Draft"), "pencil", lazy("Written down by you, not handed in yet.")
    ),
    TimeState.SUBMITTED: Status(
        "info", lazy("Waiting"), "hourglass", lazy("Waits for a manager's approval.")
    ),
    TimeState.APPROVED: Status(
        "ok", lazy("Approved"), "circle-check", lazy("Will be paid with this week's statement.")
    ),
    TimeState.DECLINED: Status(
        "bad", lazy("Declined"), "x", lazy("Not paid, for the reason given. You may dispute it.")
    ),
    TimeState.DISPUTED: Status(
        "warn", lazy("Disputed"), "message-2", lazy("Somebody else decides about it again.")
    ),
    TimeState.HELD: Status(
        "warn",
        lazy("Held"),
        "alert-triangle",
        lazy("Kept apart until a manager decides, for the reason given."),
    ),
    TimeState.LOCKED: Status("ok", lazy("In a statement"), "lock", lazy("Part of a statement.")),
}

KINDS: Mapping[TimeKind, Any] = {
    TimeKind.TASK: lazy("Task"),
    TimeKind.REVIEW: lazy("Review"),
    TimeKind.REWORK: lazy("Fix"),
    TimeKind.ONBOARDING: lazy("Onboarding"),
    TimeKind.ASSESSMENT: lazy("Assessment"),
    TimeKind.MEETING: lazy("Meeting"),
    TimeKind.WAIT: lazy("Waiting for work"),
}

_VERBS: Mapping[str, Any] = {
    "preference": lazy("Rank answers"),
    "critique": lazy("Critique an answer"),
    "rubric": lazy("Grade with a rubric"),
    "hallucination": lazy("Correct hallucinations"),
    "image": lazy("Check claims about an image"),
    "video": lazy("Mark segments in a clip"),
    "scenario": lazy("Write a scenario"),
}
_KINDS_OF_WORK: Mapping[str, Any] = {
    "preference": lazy("Preference ranking"),
    "critique": lazy("Critique and rewrite"),
    "rubric": lazy("Rubric grading"),
    "hallucination": lazy("Hallucination correction"),
    "image": lazy("Image claims and boxes"),
    "video": lazy("Video segments"),
    "scenario": lazy("Scenario"),
}


def domain_name(slug: str) -> str:
    """`medicine.psychiatry` → Psychiatry; added domains by the last part of their path."""
    return DOMAINS.get(slug) or slug.rpartition(".")[2].replace("-", " ").capitalize()


def kind_of_work(slug: str) -> str:
    """What a task type is called for people."""
    if slug in _KINDS_OF_WORK:
        return str(_KINDS_OF_WORK[slug])
    try:
        return task_type(slug).title
    except NoSuchTaskType:
        return slug


def title_of(*, task_type: str, domain: str, role: WorkRole, revision: bool = False) -> str:
    """What is to be done, in a few words: `Correct hallucinations, Psychiatry`."""
    field = domain_name(domain)
    if role is not WorkRole.ATTEMPT:
        kind = kind_of_work(task_type)
        words = _("Review: %(kind)s, %(field)s")
        if role is WorkRole.ADJUDICATE:
            words = _("Decide between reviews: %(kind)s, %(field)s")
        return words % {"kind": kind.lower(), "field": field}
    doing = str(_VERBS.get(task_type) or kind_of_work(task_type))
    words = _("Fix: %(doing)s, %(field)s") if revision else _("%(doing)s, %(field)s")
    return words % {"doing": doing[0].lower() + doing[1:] if revision else doing, "field": field}


def days_words(first: date, last: date) -> str:
    """`23–29 Nov`, `30 Nov – 6 Dec`, with the years where they differ."""
    if first.year != last.year:
        return f"{first.day} {first:%b} {first.year} – {last.day} {last:%b} {last.year}"
    if first.month != last.month:
        return f"{first.day} {first:%b} – {last.day} {last:%b}"
    return f"{first.day}–{last.day} {last:%b}"


def note_words(flag: str) -> str:
    """A content flag as a warning: `self_harm` → Mentions self-harm."""
    return _("Mentions %(what)s") % {"what": flag.replace("_", "-")}


# --- Why you --------------------------------------------------------------------------------


def why_lines(why: Mapping[str, Any], *, record: str = "") -> list[str]:
    """Why somebody was asked, from the verdicts kept with her offer; the strongest first.

    `record` is her track record in words, told after what she brings.
    """
    verdicts: Sequence[Mapping[str, Any]] = why.get("verdicts") or ()
    passed = [(str(v.get("code")), str(v.get("fact"))) for v in verdicts if v.get("passed")]
    told = {code: [fact for c, fact in passed if c == code] for code in dict(passed)}
    lines = [_credential(fact) for fact in told.get("credential_held", [])]
    lines += [_qualified(fact) for fact in told.get("qualification_held", [])]
    lines += [record] if record else []
    lines += [_speaks(fact) for fact in told.get("language_held", [])]
    lines += [_week_left(fact) for fact in told.get("within_cap", [])]
    return [line for line in dict.fromkeys(lines) if line][:WHY_LINES_MAX]


def record_words(*, judged: int, accepted: int, task_type: str) -> str:
    """`96% accepted at once of your last 40: hallucination correction`; too few say nothing."""
    if judged < TRACK_RECORD_MIN:
        return ""
    return _("%(percent)d%% of your last %(n)d accepted at once") % {
        "percent": round(100 * accepted / judged),
        "n": judged,
    }


def _credential(fact: str) -> str:
    """Facts say: type, name, place, status, who checked, until when."""
    parts = fact.partition("; ")[0].split(", ")
    named = parts[1] if len(parts) > 1 and not _is_code(parts[1]) else parts[0].replace("_", " ")
    name = named[0].upper() + named[1:] if named else ""
    return _("%(name)s, verified") % {"name": name} if CHECKED & set(parts) else name


def _is_code(text: str) -> bool:
    """A status, a level of checking or a place stands where a name would."""
    return bool(re.fullmatch(r"[a-z_]+|[A-Z]{2}(-[A-Z0-9]+)?", text))


def _qualified(fact: str) -> str:
    found = re.match(r"([a-z0-9.-]+), level (\d)", fact)
    if found is None:
        return ""
    return _("Qualified in %(field)s, level %(n)s") % {
        "field": domain_name(found[1]),
        "n": found[2],
    }


def _speaks(fact: str) -> str:
    tag, _comma, level = fact.partition(", ")
    return _("You speak %(language)s, %(level)s") % {"language": language(tag), "level": level}


def _week_left(fact: str) -> str:
    found = re.match(r"(\d+) s used of (\d+) s", fact)
    if found is None:
        return ""
    left = max(0, int(found[2]) - int(found[1]))
    return _("Fits your week: %(left)s left") % {"left": duration(left)}


def language(tag: str) -> str:
    """The English name of a language; its tag where there is none."""
    try:
        return str(get_language_info(tag.lower())["name_translated"])
    except KeyError:
        return tag


def offer_lines(
    why: Mapping[str, Any], *, kind: OfferKind, record: str = ""
) -> tuple[list[str], str]:
    """(why you, the reviewer's note): a revision has the note, an invitation the reasons."""
    if kind is OfferKind.REVISION:
        return [], str((why.get("revision") or {}).get("note") or "")
    return why_lines(why, record=record), ""


# --- What became of an offer ---------------------------------------------------------------


def ended_words(*, taken_at: datetime | None, ended_at: datetime, state: str) -> str:
    """The design system's sentence for an offer that is gone."""
    if taken_at is not None:
        text = _("This offer went to another tutor at %(time)s. It does not count against you.")
        return text % {"time": clock_words(taken_at)}
    if state == OfferState.WITHDRAWN:
        text = _("This offer was withdrawn at %(time)s. It does not count against you.")
        return text % {"time": clock_words(ended_at)}
    text = _("The time for this offer ran out at %(time)s. It does not count against you.")
    return text % {"time": clock_words(ended_at)}


def clock_words(moment: datetime) -> str:
    """The time of day in the viewer's zone."""
    return f"{moment.astimezone(timezone.get_current_timezone()):%H:%M}"
