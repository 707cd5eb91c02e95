"""Where a tutor comes in: offers, queues, her week, what she left, what came back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.pages.work.bars import bars_of
from payments.queries.outlook import next_payout
from payments.queries.weeks import week_of_work
from tasks.doors.batches import like_it
from tasks.doors.queues import ROWS_SHOWN, Queues, queues_of
from tasks.doors.words import (
    DECISIONS,
    days_words,
    ended_words,
    note_words,
    offer_lines,
    record_words,
    title_of,
)
from tasks.queries.feedback import Word, latest_word
from tasks.queries.home import (
    FirstTime,
    HandCard,
    OfferCard,
    first_time_by_type,
    glance,
    hand_cards,
    offer_cards,
    offers_ended_lately,
    together,
)
from tasks.rules.states import OfferKind
from tutors.queries.facts import facts_of
from tutors.rules.eligibility import Facts
from tutors.rules.states import Presence
from workforce.doors.pages import Visit, page
from workforce.rules.roles import Role

HANDS = frozenset({Role.TUTOR, Role.REVIEWER})
WARN_PERCENT = 20
MORNING, NOON, EVENING = 5, 12, 18


@page(roles=HANDS)
def home(visit: Visit) -> HttpResponse:
    """Everything at once; `live` and `queues` bring its parts up to date."""
    facts = facts_of(account_id=visit.account.pk, at=visit.at)
    if facts is None:
        return visit.render("config/work/no_profile.html", {"greeting": _greeting(visit)})
    queues = queues_of(facts=facts, at=visit.at)
    return visit.render(
        "config/work/home.html",
        {
            "greeting": _greeting(visit),
            "zone": visit.account.time_zone,
            **_live(visit, facts, queues),
            **_queues(visit, queues),
            **_week(visit, facts),
            **_feedback(visit),
        },
    )


@page(roles=HANDS)
def live(visit: Visit) -> HttpResponse:
    """Offers and work in hand, asked for every two seconds: 204 while nothing has changed."""
    seen = glance(account_id=visit.account.pk)
    if seen == visit.query.get("seen", ""):
        return visit.empty()
    facts = facts_of(account_id=visit.account.pk, at=visit.at)
    if facts is None:
        return visit.empty()
    queues = queues_of(facts=facts, at=visit.at)
    context = {**_live(visit, facts, queues), **_queues(visit, queues), "swapped": True}
    return visit.render("config/work/parts/live.html", context)


@page(roles=HANDS)
def queues(visit: Visit) -> HttpResponse:
    """The queues alone, asked for every half minute."""
    facts = facts_of(account_id=visit.account.pk, at=visit.at)
    if facts is None:
        return visit.empty()
    return visit.render(
        "config/work/parts/queues_alone.html", _queues(visit, queues_of(facts=facts, at=visit.at))
    )


def _greeting(visit: Visit) -> str:
    hour = visit.at.astimezone(timezone.get_current_timezone()).hour
    name = {"name": visit.account.name.partition(" ")[0] or visit.account.name}
    if MORNING <= hour < NOON:
        return _("Good morning, %(name)s") % name
    if NOON <= hour < EVENING:
        return _("Good afternoon, %(name)s") % name
    return _("Good evening, %(name)s") % name


# --- Offers and hands -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer with its words."""

    card: OfferCard
    title: str
    why: list[str]
    note: str
    warnings: list[str]
    like: int = 0

    @property
    def is_revision(self) -> bool:
        return self.card.kind is OfferKind.REVISION

    @property
    def tone(self) -> str:
        return "warn" if self.card.left_percent <= WARN_PERCENT else ""


def _live(visit: Visit, facts: Facts, queues: Queues) -> dict[str, Any]:
    records = first_time_by_type(account_id=visit.account.pk)
    cards = offer_cards(account_id=visit.account.pk)
    offers = [
        _offer(card, records, like=like_it(card, among=cards, facts=facts, hands=queues.hands))
        for card in cards
    ]
    hands = hand_cards(account_id=visit.account.pk)
    return {
        "seen": glance(account_id=visit.account.pk),
        "offers": offers,
        "ended": dict.fromkeys(  # several that ended in one minute are told once
            ended_words(taken_at=e.taken_at, ended_at=e.ended_at, state=e.state)
            for e in offers_ended_lately(account_id=visit.account.pk)
        ),
        "hands": [(card, _hand_title(card)) for card in hands],
        "taking": _taking(facts, at=visit.at),
        "sub": _sub(len(offers), queues),
        "record": together(records),
    }


def _offer(card: OfferCard, records: dict[str, FirstTime], *, like: int) -> OfferLine:
    record = records.get(card.task_type, FirstTime(judged=0, accepted=0))
    words = record_words(judged=record.judged, accepted=record.accepted, task_type=card.task_type)
    why, note = offer_lines(card.why, kind=card.kind, record=words)
    revision = card.kind is OfferKind.REVISION
    return OfferLine(
        card=card,
        title=title_of(
            task_type=card.task_type, domain=card.domain, role=card.role, revision=revision
        ),
        why=why,
        note=note,
        warnings=[note_words(flag) for flag in card.notes],
        like=like,
    )


def _hand_title(card: HandCard) -> str:
    return title_of(
        task_type=card.task_type, domain=card.domain, role=card.role, revision=card.is_revision
    )


def _taking(facts: Facts, *, at: datetime) -> bool:
    presence = facts.presence
    on = presence.state is Presence.TAKING_WORK
    return on and (presence.until is None or at < presence.until)


def _sub(offers: int, queues: Queues) -> str:
    """What there is for her, in a sentence."""
    said = _("No offers right now.")
    if offers:
        said = ngettext("%(n)d offer matches you.", "%(n)d offers match you.", offers)
        said %= {"n": offers}
    waiting = queues.waiting
    if not waiting:
        return said
    rest = ngettext(
        "%(n)s task is open to you in your queues.",
        "%(n)s tasks are open to you in your queues.",
        waiting,
    )
    return f"{said} {rest % {'n': f'{waiting:,}'}}"


# --- Queues, week, feedback -----------------------------------------------------------------


def _queues(visit: Visit, found: Queues) -> dict[str, Any]:
    everything = visit.query.get("queues") == "all"
    shown = found.rows if everything else found.rows[:ROWS_SHOWN]
    return {
        "rows": shown,
        "rows_left": len(found.rows) - len(shown),
        "everything": everything,
        "standing": found.standing,
        "advice": found.advice,
        "brings": found.brings,
        "as_of": found.as_of,
        "rests_until": found.rests_until,
        "is_open": bool(found.open),
        "can_take": any(row.can_take and not row.is_review for row in found.rows),
        "takes_below": any(row.can_take for row in found.rows),
    }


def _week(visit: Visit, facts: Facts) -> dict[str, Any]:
    held = facts.contract
    zone = held.zone if held else visit.account.time_zone
    currency = held.currency if held else "USD"
    week = week_of_work(tutor_id=facts.tutor_id, zone=zone, currency=currency, at=visit.at)
    payout = next_payout(
        account_id=visit.account.pk, week=week, version_id=held.version_id if held else None
    )
    return {
        "week": week,
        "span": days_words(week.starts_on, week.ends_on),
        "bars": bars_of(week, at=visit.at),
        "cap": held.cap_seconds_week if held else None,
        "payout": payout,
    }


def _feedback(visit: Visit) -> dict[str, Any]:
    word: Word | None = latest_word(account_id=visit.account.pk)
    return {"word": word, "decision": DECISIONS[word.decision] if word else None}
