"""What tutors have in hand: claims, promised time, the week's time, offers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from tasks.queries.plans import array_of, rows_of
from tasks.rules.ahead import Hands
from tasks.rules.clocks import week_of
from tasks.rules.ranking import FAIRNESS_CLAIMS_MAX
from tutors.rules.eligibility import Facts

_HANDS = """
SELECT w.tutor_id,
       coalesce(held.weight, 0)::int AS open_weight,
       coalesce(held.promised, 0)::int AS promised_seconds,
       coalesce(used.seconds, 0)::int AS used_seconds,
       recent.claims::int AS recent_claims,
       coalesce(live.offers, 0)::int AS live_offers,
       coalesce(live.weight, 0)::int AS offered_weight
  FROM unnest(%(tutors)s::bigint[], %(weeks_from)s::timestamptz[], %(weeks_until)s::timestamptz[])
       AS w(tutor_id, starts_at, ends_at)
  CROSS JOIN LATERAL (
       SELECT sum(c.weight) AS weight,
              sum(greatest(0, c.expected_seconds - c.seconds_worked - coalesce(extract(epoch FROM
                  statement_timestamp() - run.started_at), 0))) AS promised
         FROM tasks_claim c
         LEFT JOIN tasks_timeentry run ON run.tutor_id = c.tutor_id AND run.state = 'running'
                                      AND run.claim_id = c.id
        WHERE c.tutor_id = w.tutor_id AND c.state IN ('claimed', 'in_progress', 'paused')) held
  CROSS JOIN LATERAL (
       SELECT sum(extract(epoch FROM least(coalesce(e.ended_at, statement_timestamp()), w.ends_at)
                                   - greatest(e.started_at, w.starts_at))) AS seconds
         FROM tasks_timeentry e
        WHERE e.tutor_id = w.tutor_id AND e.state <> 'declined'
          AND e.started_at > w.starts_at - interval '7 days' AND e.started_at < w.ends_at
          AND coalesce(e.ended_at, statement_timestamp()) > w.starts_at) used
  CROSS JOIN LATERAL (
       SELECT count(*) AS claims FROM (
              SELECT 1 FROM tasks_claim c
               WHERE c.tutor_id = w.tutor_id
                 AND c.claimed_at > statement_timestamp() - interval '1 day'
               ORDER BY c.id DESC LIMIT {claims}) few) recent
  LEFT JOIN {live} live ON live.tutor_id = w.tutor_id
"""
HANDS = _HANDS.format(
    claims=FAIRNESS_CLAIMS_MAX,
    live="""LATERAL (
       SELECT w.tutor_id, count(*) AS offers, sum(o.weight) AS weight FROM tasks_offer o
        WHERE o.tutor_id = w.tutor_id AND o.state = 'offered' AND o.kind = 'work')""",
)
"""`tutors`, `weeks_from`, `weeks_until`: arrays of one length."""

_HANDS_OF_MANY = _HANDS.format(
    claims=FAIRNESS_CLAIMS_MAX,
    live="""(
       SELECT o.tutor_id, count(*) AS offers, sum(o.weight) AS weight FROM tasks_offer o
        WHERE o.state = 'offered' AND o.kind = 'work' GROUP BY o.tutor_id)""",
)
"""The same, reading all live offers at once. Asked person by person after a round has made
thousands, the database, which has not counted them yet, may read all of them for each."""

MANY = 500

UTC_ZONE = "UTC"


def week_arrays(*, zones: Mapping[int, str], at: datetime) -> dict[str, str]:
    """The parameters of `HANDS`: each tutor with the pay week in her contract's zone."""
    weeks = {zone: week_of(at=at, zone=zone) for zone in set(zones.values())}
    starts = {zone: week[0].isoformat() for zone, week in weeks.items()}
    ends = {zone: week[1].isoformat() for zone, week in weeks.items()}
    return {
        "tutors": array_of(zones),
        "weeks_from": array_of(starts[zone] for zone in zones.values()),
        "weeks_until": array_of(ends[zone] for zone in zones.values()),
    }


def zone_of(facts: Facts) -> str:
    """The zone in which the tutor's pay week begins."""
    return facts.contract.zone if facts.contract else UTC_ZONE


def hands_of(*, everybody: Iterable[Facts], at: datetime) -> dict[int, Hands]:
    """Hands by tutor id; one statement for any number of tutors."""
    return hands_in(zones={facts.tutor_id: zone_of(facts) for facts in everybody}, at=at)


def hands_in(*, zones: Mapping[int, str], at: datetime) -> dict[int, Hands]:
    """Hands by tutor id, for tutors of whom the zone of the pay week is known."""
    if not zones:
        return {}
    statement = _HANDS_OF_MANY if len(zones) > MANY else HANDS
    rows = rows_of(statement, week_arrays(zones=zones, at=at))
    return {row[0]: as_hands(row) for row in rows}


_TOO_FULL = """
SELECT t.capacity < (SELECT coalesce(sum(c.weight), 0) FROM tasks_claim c
                      WHERE c.tutor_id = t.id AND c.state IN ('claimed', 'in_progress', 'paused'))
  FROM tutors_tutor t WHERE t.id = %s
"""


def too_full(*, tutor_id: int) -> bool:
    """Whether she holds more than her capacity at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_TOO_FULL, [tutor_id])
        return bool(cursor.fetchone()[0])


def as_hands(row: Sequence[int]) -> Hands:
    """The seven columns of `HANDS` as an object."""
    tutor, weight, promised, used, recent, live, offered = row
    return Hands(tutor, weight, promised, used, recent, live, offered)
