"""What a tutor finds when she comes in: her offers, her work in hand, what came back.

Every question here is one statement with a named limit, because her page asks every two seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.queries.plans import decoded, row_of, rows_of
from tasks.rules import clocks
from tasks.rules.grounds import reasons
from tasks.rules.states import ClaimState, OfferKind, ReviewDecision, WorkRole
from workforce.rules.ids import public_id

OFFERS_SHOWN_MAX = 40
HANDS_SHOWN_MAX = 10
ENDED_SHOWN_MAX = 3
ENDED_SHOWN_SECONDS = 180
"""So long the page says what became of an offer that ended without her word."""

JUDGED_COUNTED_MAX = 300
"""Her newest first answers; the share accepted at once is taken from these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """A live offer with all that helps to answer it. Seconds are those of the role.

    `pulled`: what waits like it may be taken without an offer. `weight`: the hands it fills.
    """

    offer_id: int
    kind: OfferKind
    role: WorkRole
    task_id: int
    batch_id: int
    pool_id: int
    project_id: int
    project_name: str
    task_type: str
    domain: str
    rate_minor_hourly: int
    currency: str
    expected_seconds: int
    paid_cap_seconds: int
    due_at: datetime | None
    expires_at: datetime
    left_seconds: int
    held_seconds: int
    notes: tuple[str, ...]
    waiting: int
    why: Mapping[str, Any]
    pulled: bool
    weight: int

    @property
    def public_id(self) -> str:
        return public_id("O", self.offer_id)

    @property
    def expected_minor(self) -> int:
        return clocks.cost_minor(
            seconds=self.expected_seconds, rate_minor_hourly=self.rate_minor_hourly
        )

    @property
    def left_percent(self) -> int:
        return min(100, 100 * self.left_seconds // max(1, self.held_seconds))


_OFFERS = f"""
SELECT o.id, o.kind, o.role, o.task_id, task.batch_id, o.pool_id, pool.project_id, project.name,
       project.task_type, domain.slug, o.rate_minor_hourly, o.currency, project.expected_seconds,
       project.paid_cap_seconds,
       slot.opened_at + make_interval(mins => project.sla_minutes), o.expires_at,
       greatest(0, floor(extract(epoch FROM o.expires_at - statement_timestamp())))::int,
       extract(epoch FROM o.expires_at - o.made_at)::int,
       content.content, greatest(0, coalesce(kept.waiting, 0)), o.why,
       grounds.document, project.dispatch <> 'push', o.weight
  FROM tutors_tutor t
  JOIN tasks_offer o ON o.tutor_id = t.id
  JOIN tasks_pool pool ON pool.id = o.pool_id
  JOIN tasks_project project ON project.id = pool.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
  JOIN tasks_task task ON task.id = o.task_id
  JOIN tasks_taskcontent content ON content.task_id = o.task_id
  JOIN tasks_slot slot ON slot.id = o.slot_id
  LEFT JOIN tasks_offergrounds grounds ON grounds.id = o.grounds_id
  LEFT JOIN tasks_poolcounter kept ON kept.pool_id = o.pool_id
 WHERE t.account_id = %(account)s AND o.state = 'offered'
   AND o.expires_at > statement_timestamp()
 ORDER BY (o.kind = 'revision'), o.id LIMIT {OFFERS_SHOWN_MAX}
"""  # noqa: S608


def offer_cards(*, account_id: int) -> list[OfferCard]:
    """What waits for her answer, longest waiting first, her own work that came back last."""
    return [_offer(row) for row in rows_of(_OFFERS, {"account": account_id})]


def _offer(row: Sequence[Any]) -> OfferCard:
    role = WorkRole(row[2])
    review = role is not WorkRole.ATTEMPT
    return OfferCard(
        offer_id=row[0],
        kind=OfferKind(row[1]),
        role=role,
        task_id=row[3],
        batch_id=row[4],
        pool_id=row[5],
        project_id=row[6],
        project_name=row[7],
        task_type=row[8],
        domain=row[9],
        rate_minor_hourly=row[10],
        currency=row[11],
        expected_seconds=clocks.for_role(seconds=row[12], review=review),
        paid_cap_seconds=clocks.for_role(seconds=row[13], review=review),
        due_at=row[14],
        expires_at=row[15],
        left_seconds=row[16],
        held_seconds=row[17],
        notes=tuple(row[18] or ()),
        waiting=row[19],
        why=reasons(why=decoded(row[20]) or {}, grounds=decoded(row[21])),
        pulled=row[22],
        weight=row[23],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedOffer:
    """An offer that ended without her word; `taken_at` when somebody else has the task by now."""

    offer_id: int
    state: str
    project_name: str
    task_type: str
    ended_at: datetime
    taken_at: datetime | None


_ENDED = """
SELECT o.id, o.state, project.name, project.task_type, ended.at,
       (SELECT min(c.claimed_at) FROM tasks_claim c
         WHERE c.slot_id = o.slot_id AND c.tutor_id <> o.tutor_id AND c.claimed_at >= ended.at)
  FROM (SELECT * FROM tasks_offer WHERE {which} ORDER BY id DESC LIMIT 20) o
  JOIN tasks_pool pool ON pool.id = o.pool_id
  JOIN tasks_project project ON project.id = pool.project_id
  CROSS JOIN LATERAL (SELECT coalesce(o.ended_at, o.expires_at) AS at) ended
"""
_OF_TUTOR = "tutor_id = (SELECT id FROM tutors_tutor WHERE account_id = %(account)s)"
_LATELY = (
    _ENDED.format(which=_OF_TUTOR)
    + f"""
 WHERE (o.state IN ('expired', 'withdrawn')
        OR (o.state = 'offered' AND o.expires_at <= statement_timestamp()))
   AND ended.at > statement_timestamp() - make_interval(secs => {ENDED_SHOWN_SECONDS})
 ORDER BY o.id DESC LIMIT {ENDED_SHOWN_MAX}
"""
)
_ONE_ENDED = _ENDED.format(which=f"id = %(offer)s AND {_OF_TUTOR}")


def offers_ended_lately(*, account_id: int) -> list[EndedOffer]:
    """Offers that ran out or were withdrawn in the last minutes, so that none just vanishes."""
    return [EndedOffer(**_ended(row)) for row in rows_of(_LATELY, {"account": account_id})]


def ended_offer(*, account_id: int, offer_id: int) -> EndedOffer | None:
    """What became of one of her offers, whatever its state."""
    row = row_of(_ONE_ENDED, {"account": account_id, "offer": offer_id})
    return EndedOffer(**_ended(row)) if row else None


def _ended(row: Sequence[Any]) -> dict[str, Any]:
    names = ("offer_id", "state", "project_name", "task_type", "ended_at", "taken_at")
    return dict(zip(names, row, strict=True))


_GLANCE = f"""
SELECT md5(array_to_string(ARRAY[
       t.presence,
       CASE WHEN t.presence_until > statement_timestamp() THEN t.presence_until::text END,
       (SELECT string_agg(o.id::text, ',' ORDER BY o.id) FROM tasks_offer o
         WHERE o.tutor_id = t.id AND o.state = 'offered'
           AND o.expires_at > statement_timestamp()),
       (SELECT string_agg(o.id::text, ',' ORDER BY o.id) FROM (
               SELECT id, state, ended_at, expires_at FROM tasks_offer
                WHERE tutor_id = t.id ORDER BY id DESC LIMIT 20) o
         WHERE (o.state IN ('expired', 'withdrawn')
                OR (o.state = 'offered' AND o.expires_at <= statement_timestamp()))
           AND coalesce(o.ended_at, o.expires_at)
               > statement_timestamp() - make_interval(secs => {ENDED_SHOWN_SECONDS})),
       (SELECT string_agg(c.id || c.state, ',' ORDER BY c.id) FROM tasks_claim c
         WHERE c.tutor_id = t.id AND c.state IN ('claimed', 'in_progress', 'paused'))], '|', '-'))
  FROM tutors_tutor t WHERE t.account_id = %(account)s
"""  # noqa: S608


def glance(*, account_id: int) -> str:
    """Changes when her offers, her hands or her presence do; empty without a tutor profile."""
    row = row_of(_GLANCE, {"account": account_id})
    return row[0] if row else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandCard:
    """Work in hand. `stopped_at` is when its clock stopped, None while it runs or never ran."""

    claim_id: int
    role: WorkRole
    state: ClaimState
    task_id: int
    project_name: str
    task_type: str
    domain: str
    seconds_worked: int
    running: bool
    saved_at: datetime | None
    stopped_at: datetime | None
    lease_until: datetime
    is_revision: bool

    @property
    def public_id(self) -> str:
        return public_id("CL", self.claim_id)


_HANDS = f"""
SELECT c.id, c.role, c.state, c.task_id, project.name, project.task_type, domain.slug,
       c.seconds_worked + CASE WHEN run.id IS NULL THEN 0 ELSE greatest(0, floor(
           extract(epoch FROM statement_timestamp() - run.started_at)))::int END,
       run.id IS NOT NULL, draft.saved_at,
       CASE WHEN run.id IS NULL THEN (SELECT max(e.ended_at) FROM tasks_timeentry e
                                       WHERE e.claim_id = c.id) END,
       c.lease_until, c.revises_id IS NOT NULL
  FROM tutors_tutor t
  JOIN tasks_claim c ON c.tutor_id = t.id AND c.state IN ('claimed', 'in_progress', 'paused')
  JOIN tasks_project project ON project.id = c.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
  LEFT JOIN tasks_timeentry run ON run.tutor_id = c.tutor_id AND run.state = 'running'
                               AND run.claim_id = c.id
  LEFT JOIN tasks_draft draft ON draft.slot_id = c.slot_id AND draft.tutor_id = c.tutor_id
 WHERE t.account_id = %(account)s
 ORDER BY c.seen_at DESC, c.id DESC LIMIT {HANDS_SHOWN_MAX}
"""  # noqa: S608


def hand_cards(*, account_id: int) -> list[HandCard]:
    """What she holds, last touched first."""
    names = tuple(HandCard.__dataclass_fields__)
    found = []
    for row in rows_of(_HANDS, {"account": account_id}):
        values = dict(zip(names, row, strict=True))
        values["role"], values["state"] = WorkRole(row[1]), ClaimState(row[2])
        found.append(HandCard(**values))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTime:
    """Of her first answers that were judged: how many were accepted as they were."""

    judged: int
    accepted: int

    @property
    def percent(self) -> int:
        return round(100 * self.accepted / self.judged) if self.judged else 0


_FIRST_TIME = f"""
SELECT project.task_type, count(*), count(*) FILTER (WHERE review.decision = %(accept)s)
  FROM (SELECT s.id, c.project_id
          FROM tutors_tutor t
          JOIN tasks_submission s ON s.tutor_id = t.id AND s.withdrawn_at IS NULL
          JOIN tasks_claim c ON c.id = s.claim_id AND c.revises_id IS NULL
         WHERE t.account_id = %(account)s ORDER BY s.id DESC LIMIT {JUDGED_COUNTED_MAX}) mine
  JOIN tasks_review review ON review.submission_id = mine.id
  JOIN tasks_project project ON project.id = mine.project_id
 GROUP BY 1 ORDER BY 1
"""  # noqa: S608


def first_time_by_type(*, account_id: int) -> dict[str, FirstTime]:
    """Accepted at once, by task type, of her newest answers."""
    parameters = {"account": account_id, "accept": ReviewDecision.ACCEPT.value}
    return {
        row[0]: FirstTime(judged=row[1], accepted=row[2])
        for row in rows_of(_FIRST_TIME, parameters)
    }


def together(figures: Mapping[str, FirstTime]) -> FirstTime:
    return FirstTime(
        judged=sum(f.judged for f in figures.values()),
        accepted=sum(f.accepted for f in figures.values()),
    )
