"""Offers: made, declined, ended. A slot that comes back keeps its age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tasks.events import OfferDeclined, OffersEnded
from tasks.models import Offer, OfferGrounds, Round
from tasks.operations.excluding import cool_down, leave_alone
from tasks.queries.offers import HOLDS
from tasks.queries.plans import array_of
from tasks.rules.limits import SWEEP_ROWS_MAX
from tasks.rules.states import ExclusionReason, OfferState
from workforce.models import Account
from workforce.operations import record
from workforce.rules.ids import public_id
from workforce.rules.problems import Conflict, NotFound


class OfferOver(Conflict):
    code = "offer_gone"
    title = "This offer is over"


class Proposal(NamedTuple):
    """An offer about to be made. `facts_version` is what the verdicts were read at; `per_tutor` the
    most that she may have waiting with this one; `weight` the hands it fills; `grounds` a digest,
    `why` JSON in one line.
    """

    slot_id: int
    tutor_id: int
    facts_version: int
    rate_minor_hourly: int
    currency: str
    ttl_seconds: int
    per_tutor: int
    weight: int
    grounds: str
    why: str


MAKE_AT_ONCE = 2_000
"""Offers that one statement makes; people are held while it looks at the next ones."""

_MAKE = """
WITH proposed AS MATERIALIZED (
    SELECT * FROM unnest(
        %(slots)s::bigint[], %(tutors)s::bigint[], %(versions)s::bigint[], %(rates)s::bigint[],
        %(currencies)s::text[], %(ttls)s::integer[], %(per_tutor)s::integer[],
        %(weights)s::integer[], %(grounds)s::bigint[], string_to_array(%(whys)s, E'\\n')
    ) AS p(slot_id, tutor_id, facts_version, rate, currency, ttl, per_tutor, weight,
           grounds_id, why)),
people AS MATERIALIZED (
    SELECT t.id FROM tutors_tutor t JOIN workforce_account a ON a.id = t.account_id
     WHERE (t.id, t.facts_version) IN (SELECT tutor_id, facts_version FROM proposed) AND a.is_active
     ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED FOR SHARE OF a SKIP LOCKED),
free AS MATERIALIZED (
    SELECT s.id, s.task_id, s.pool_id, s.role FROM tasks_slot s JOIN proposed p ON p.slot_id = s.id
     WHERE s.state = 'open' AND p.tutor_id IN (SELECT id FROM people)
     ORDER BY s.id FOR UPDATE OF s SKIP LOCKED),
held AS MATERIALIZED (
    SELECT o.tutor_id, count(*) AS offers FROM tasks_offer o
     WHERE o.tutor_id IN (SELECT id FROM people) AND o.state = 'offered' AND o.kind = 'work'
     GROUP BY o.tutor_id),
counted AS (
    SELECT p.*, f.task_id, f.pool_id, f.role,
           row_number() OVER (PARTITION BY p.tutor_id ORDER BY p.slot_id)
           + coalesce(held.offers, 0) AS nth
      FROM proposed p JOIN free f ON f.id = p.slot_id
      LEFT JOIN held ON held.tutor_id = p.tutor_id),
chosen AS MATERIALIZED (SELECT * FROM counted WHERE nth <= per_tutor),
kept AS (
    UPDATE tasks_slot s SET state = 'offered' FROM chosen c WHERE s.id = c.slot_id),
made AS (
    INSERT INTO tasks_offer (slot_id, task_id, pool_id, tutor_id, role, kind, state, why,
           grounds_id, rate_minor_hourly, currency, weight, expires_at, reason, round_id)
    SELECT c.slot_id, c.task_id, c.pool_id, c.tutor_id, c.role, 'work', 'offered', c.why::jsonb,
           c.grounds_id, c.rate, c.currency, c.weight,
           statement_timestamp() + make_interval(secs => c.ttl), '', %(round)s
      FROM chosen c
    RETURNING id, tutor_id, pool_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, offered)
    SELECT pool_id, -count(*), count(*) FROM made GROUP BY pool_id)
SELECT id, tutor_id, pool_id FROM made ORDER BY id
"""


_KEEP_GROUNDS = """
INSERT INTO tasks_offergrounds (digest, document)
SELECT * FROM unnest(%(digests)s::text[], string_to_array(%(documents)s, E'\\n')::jsonb[])
    ON CONFLICT (digest) DO NOTHING
"""


def keep_grounds(*, documents: Mapping[str, str]) -> dict[str, int]:
    """Keep the grounds of offers by digest, each once; their keys."""
    digests = sorted(documents)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_GROUNDS,
            {"digests": digests, "documents": "\n".join(documents[each] for each in digests)},
        )
    # A statement of its own: it sees what another round kept while this one waited for it.
    kept = OfferGrounds.objects.filter(digest__in=digests)
    return dict(kept.values_list("digest", "pk"))


def make_offers(
    *, proposals: Sequence[Proposal], grounds: Mapping[str, int], round: Round
) -> list[tuple[int, int, int]]:
    """Keep slots for people: (offer, tutor, pool) for each that came about.

    Left out: slots gone meanwhile, people whose facts changed or who are claiming right now, and
    what would pass a `per_tutor`. So a round run twice makes no double offer.
    """
    made: list[tuple[int, int, int]] = []
    for start in range(0, len(proposals), MAKE_AT_ONCE):
        some = proposals[start : start + MAKE_AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(_MAKE, {**_columns(some, grounds), "round": round.pk})
            made += [(row[0], row[1], row[2]) for row in cursor.fetchall()]
    return made


def _columns(some: Sequence[Proposal], grounds: Mapping[str, int]) -> dict[str, Any]:
    return {
        "slots": array_of(p.slot_id for p in some),
        "tutors": array_of(p.tutor_id for p in some),
        "versions": array_of(p.facts_version for p in some),
        "rates": array_of(p.rate_minor_hourly for p in some),
        "currencies": array_of(p.currency for p in some),
        "ttls": array_of(p.ttl_seconds for p in some),
        "per_tutor": array_of(p.per_tutor for p in some),
        "weights": array_of(p.weight for p in some),
        "grounds": array_of(grounds[p.grounds] for p in some),
        "whys": "\n".join(p.why for p in some),
    }


_END = """
WITH ending AS MATERIALIZED (
    SELECT o.id FROM tasks_offer o WHERE o.state = 'offered' AND {which}
     ORDER BY o.id LIMIT %(limit)s FOR UPDATE OF o {patience}),
ended AS (
    UPDATE tasks_offer o
       SET state = %(state)s, ended_at = statement_timestamp(), reason = %(reason)s
      FROM ending e WHERE o.id = e.id
    RETURNING o.id, o.slot_id, o.task_id, o.pool_id, o.tutor_id, o.kind),
slots AS (
    UPDATE tasks_slot s SET state = 'open' FROM ended e
     WHERE s.id = e.slot_id AND s.state = 'offered' RETURNING s.pool_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, offered)
    SELECT pool_id, count(*), -count(*) FROM slots GROUP BY pool_id)
SELECT e.id, e.task_id, e.pool_id, e.tutor_id, e.kind, p.queue
  FROM ended e JOIN tasks_pool p ON p.id = e.pool_id ORDER BY e.pool_id, e.id
"""
_OWN = _END.format(
    which="o.id = %(offer)s AND o.tutor_id IN "
    "(SELECT id FROM tutors_tutor WHERE account_id = %(account)s)",
    patience="",
)
_EXPIRED = _END.format(which="o.expires_at <= statement_timestamp()", patience="SKIP LOCKED")
_THESE = _END.format(which="o.id = ANY(%(offers)s)", patience="")
_STOPPED = _END.format(
    which="o.kind = 'work' AND o.pool_id IN (SELECT p.id FROM tasks_pool p "
    "JOIN tasks_project j ON j.id = p.project_id WHERE j.id = %(project)s AND j.state <> 'open')",
    patience="SKIP LOCKED",
)

_SPENT = _END.format(
    which=f"""o.kind = 'work' AND EXISTS (
       SELECT 1 FROM tasks_pool p JOIN tasks_project j ON j.id = p.project_id
         JOIN tasks_projectbudget b ON b.project_id = j.id
        WHERE p.id = o.pool_id
          AND b.total_minor - b.reserved_minor - b.used_minor < {HOLDS})""",  # noqa: S608
    patience="SKIP LOCKED",
)


_HOLD = (
    "SELECT id FROM tasks_offer WHERE task_id = %(task)s AND state = 'offered' "
    "ORDER BY id FOR UPDATE",
    "SELECT id FROM tasks_slot WHERE task_id = %(task)s AND state IN ('open', 'offered') "
    "ORDER BY id FOR UPDATE",
)
"""Offers before slots: the order in which accepting and expiring lock them."""


def hold_waiting(*, task_id: int) -> None:
    """Hold a task's waiting slots, so that the next statement sees every offer made for them.

    A statement that waited for a slot would still look for its offers as of before the wait.
    """
    with connection.cursor() as cursor:
        for statement in _HOLD:
            cursor.execute(statement, {"task": task_id})


@dataclass(frozen=True, slots=True)
class _Over:
    offer_id: int
    task_id: int
    pool_id: int
    tutor_id: int
    kind: str
    queue: str


@transaction.atomic
def decline(*, account: Account, offer_id: int, reason: str, at: datetime) -> Offer:
    """Say no to a task: it is not offered again for a week, pulling it stays possible.

    `OfferOver` when it was answered or ended before.
    """
    own = Offer.objects.filter(pk=offer_id, tutor__account_id=account.pk)
    if not own.exists():
        raise NotFound
    ended = _end(_OWN, state=OfferState.DECLINED, reason=reason, offer=offer_id, account=account.pk)
    if not ended:
        raise OfferOver(_("This offer is over: it was answered, withdrawn, or its time ran out."))
    over = ended[0]
    leave_alone(tutor_id=over.tutor_id, task_id=over.task_id, reason=ExclusionReason.DECLINED)
    event = OfferDeclined(
        subject=public_id("O", over.offer_id),
        task=public_id("T", over.task_id),
        tutor=public_id("E", over.tutor_id),
        pool=public_id("PL", over.pool_id),
        queue=over.queue,
        reason=reason,
    )
    record(event=event, actor=account, at=at)
    return own.get()


@transaction.atomic
def expire_offers(*, at: datetime) -> int:
    """Give slots of unanswered offers back; a cool-down follows, no mark. Twice changes nothing."""
    ended = _end(_EXPIRED, state=OfferState.EXPIRED, reason="")
    work = [over for over in ended if over.kind == "work"]
    if work:
        cool_down(tutor_ids=[o.tutor_id for o in work], pool_ids=[o.pool_id for o in work])
    _record_ended(ended, state=OfferState.EXPIRED, reason="not answered in time", at=at)
    return len(ended)


@transaction.atomic
def withdraw(*, offer_ids: list[int], reason: str, at: datetime) -> int:
    """Take these offers back where they still wait; how many."""
    ended = _end(_THESE, state=OfferState.WITHDRAWN, reason=reason, offers=offer_ids)
    _record_ended(ended, state=OfferState.WITHDRAWN, reason=reason, at=at)
    return len(ended)


@transaction.atomic
def withdraw_from_stopped(*, project_id: int, at: datetime) -> int:
    """Take back the offers of a project that is not open any more; how many.

    Revisions stay: they belong to work in hand.
    """
    total = 0
    while ended := _end(_STOPPED, state=OfferState.WITHDRAWN, reason="stopped", project=project_id):
        _record_ended(ended, state=OfferState.WITHDRAWN, reason="stopped", at=at)
        total += len(ended)
    return total


@transaction.atomic
def withdraw_from_spent(*, at: datetime) -> int:
    """Take back offers that the project's budget has no room for any more; how many.

    Others took work of it meanwhile: an offer holds no money until it is accepted.
    """
    ended = _end(_SPENT, state=OfferState.WITHDRAWN, reason="budget_spent")
    _record_ended(ended, state=OfferState.WITHDRAWN, reason="budget_spent", at=at)
    return len(ended)


def _end(statement: str, *, state: OfferState, reason: str, **which: Any) -> list[_Over]:
    parameters = {"state": state.value, "reason": reason, "limit": SWEEP_ROWS_MAX, **which}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_Over(*row) for row in cursor.fetchall()]


def _record_ended(ended: Sequence[_Over], *, state: OfferState, reason: str, at: datetime) -> None:
    """One event for each pool concerned, so that each is routed anew."""
    pools: dict[int, list[_Over]] = {}
    for over in ended:
        pools.setdefault(over.pool_id, []).append(over)
    for pool_id, group in pools.items():
        event = OffersEnded(
            subject=public_id("PL", pool_id),
            queue=group[0].queue,
            state=state.value,
            reason=reason,
            offers=tuple(public_id("O", over.offer_id) for over in group),
        )
        record(event=event, actor=None, at=at)
