"""What lies before a tutor who asks for work, and who she is: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tasks.queries.cards import CARDS_VERSION
from tasks.queries.hands import HANDS, UTC_ZONE, as_hands, week_arrays, zone_of
from tasks.queries.plans import decoded, rows_of
from tasks.queries.policies import own_attempts
from tasks.queries.pools import (
    BY_AGE,
    BY_PRIORITY,
    COLUMNS,
    TABLES,
    TIMELY,
    as_pools,
    first_open,
    in_time,
    score_of,
)
from tasks.queries.records import RECORD, as_record
from tasks.rules.ahead import Hands, PoolAhead
from tasks.rules.limits import CANDIDATE_POOLS_MAX, OWN_OFFERS_TRIED_MAX
from tasks.rules.states import OfferKind, WorkRole
from tutors.queries.facts import FACTS_OF_ONE, Held, as_facts, check_held
from tutors.rules.eligibility import Facts


def _score(slot: str) -> str:
    return score_of(slot, sla="project.sla_minutes", timely=TIMELY)


_AHEAD = f"""
WITH me AS MATERIALIZED ({FACTS_OF_ONE}),
hands AS ({HANDS}),
held AS MATERIALIZED (
    SELECT array_agg(array_to_string(held.parts[1:n], '.')) AS fields
      FROM (SELECT string_to_array(d.slug, '.') AS parts
              FROM tutors_qualification q JOIN workforce_domain d ON d.id = q.domain_id
             WHERE q.tutor_id = %(tutor)s AND q.state = 'granted') held
           CROSS JOIN LATERAL generate_series(1, cardinality(held.parts)) n),
mine AS MATERIALIZED ({own_attempts(tutor="%(tutor)s")})
SELECT hands.*, {CARDS_VERSION}, offers.ids, offers.pools, offers.kinds,
       CASE row_number() OVER () WHEN 1 THEN ({RECORD.format(tutor="hands.tutor_id")}) END,
       CASE row_number() OVER () WHEN 1 THEN (SELECT to_json(me) FROM me) END,
       ahead.*,
       CASE WHEN ahead.attempts IS NOT NULL
            THEN (SELECT mine.attempts FROM mine WHERE mine.project_id = ahead.project_id) END
  FROM hands
  CROSS JOIN LATERAL (
       SELECT array_agg(o.id) AS ids, array_agg(o.pool_id) AS pools, array_agg(o.kind) AS kinds
         FROM (SELECT o.id, o.pool_id, o.kind
                 FROM tasks_offer o JOIN tasks_pool p ON p.id = o.pool_id
                WHERE o.tutor_id = hands.tutor_id AND o.state = 'offered' AND o.role = %(role)s
                  AND o.expires_at > statement_timestamp()
                  AND (%(project)s::bigint IS NULL OR p.project_id = %(project)s)
                ORDER BY (o.kind = 'revision') DESC, o.id LIMIT {OWN_OFFERS_TRIED_MAX}) o) offers
  LEFT JOIN LATERAL (
       SELECT {COLUMNS}
         FROM {TABLES}
         CROSS JOIN LATERAL {first_open(BY_PRIORITY)} head
         CROSS JOIN LATERAL {first_open(BY_AGE)} eldest
         LEFT JOIN LATERAL {first_open(BY_AGE, in_time(TIMELY))} pressed ON true
        WHERE pool.role = %(role)s AND project.state = 'open' AND project.dispatch <> 'push'
          AND (pool.speciality = '' OR pool.speciality = ANY((SELECT fields FROM held)::text[]))
          AND (%(project)s::bigint IS NULL OR pool.project_id = %(project)s)
        ORDER BY greatest({_score("head")}, {_score("eldest")}, {_score("pressed")}) DESC, pool.id
        LIMIT {CANDIDATE_POOLS_MAX}) ahead ON true
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """A live offer of the tutor who asks."""

    offer_id: int
    pool_id: int
    kind: OfferKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Who asks, with what became of her answers so far; her hands; her own live offers in the
    order in which they are tried; pools with work.
    """

    facts: Facts
    hands: Hands
    cards_version: str
    offers: tuple[OwnOffer, ...]
    pools: tuple[PoolAhead, ...]


def ahead_of(*, held: Held, role: WorkRole, project_id: int | None, at: datetime) -> Ahead:
    """Pools of the role with something open, best waiting slot first, but for those that ask
    everybody for a qualification in a field in which she has none. One statement; a second one when
    the zone of her week has changed while somebody else held her.

    `JustLinked` as `check_held` says.
    """
    zone = held.zone or UTC_ZONE
    parameters = {
        **week_arrays(zones={held.tutor_id: zone}, at=at),
        "tutor": held.tutor_id,
        "role": role.value,
        "project": project_id,
        "at": at,
    }
    rows = rows_of(_AHEAD, parameters)
    first = rows[0]
    record, who = next((decoded(row[11]), decoded(row[12])) for row in rows if row[12])
    facts = replace(as_facts(who), record=as_record(record))
    check_held(held, facts)
    if zone_of(facts) != zone:
        held = replace(held, zone=zone_of(facts))
        return ahead_of(held=held, role=role, project_id=project_id, at=at)
    own = {row[14]: row[-1] for row in rows if row[-1]}
    return Ahead(
        facts=facts,
        hands=replace(as_hands(first[:7]), attempts=own),
        cards_version=first[7],
        offers=_own_offers(*first[8:11]),
        pools=tuple(as_pools([row[13:-1] for row in rows if row[13] is not None])),
    )


def _own_offers(
    ids: Sequence[int] | None, pools: Sequence[int] | None, kinds: Sequence[str] | None
) -> tuple[OwnOffer, ...]:
    each = zip(ids or (), pools or (), kinds or (), strict=True)
    return tuple(OwnOffer(offer, pool, OfferKind(kind)) for offer, pool, kind in each)
