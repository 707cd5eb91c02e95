"""The one statement of a claim: it picks and locks a slot, or takes an offer, and writes the claim.

It checks again what others may have changed since the verdicts: the slot's state, the tutor's
history with the task, the specialists' head start, the budget.
"""

from tasks.operations.clocking import MOVED, RUNNING
from tasks.queries.claims import SHEET
from tasks.queries.histories import unknown
from tasks.queries.pools import BY_AGE, BY_PRIORITY, in_time, old_enough, score_of
from tasks.rules import clocks

HEADS = {"p": BY_PRIORITY, "a": BY_AGE, "t": BY_AGE}
"""Where the best of a pool may stand: most urgent, eldest, eldest that can be in time."""


def _probe(mode: str, *, held: bool) -> str:
    order, only = HEADS[mode], in_time("w.timely") if mode == "t" else ""
    old = old_enough(order, pool="w.pool_id", held="w.held") if held else ""
    return f"""
    (SELECT s.id, s.priority, s.opened_at, '{mode}' AS mode FROM tasks_slot s
      WHERE s.pool_id = w.pool_id AND s.state = 'open' AND {unknown("s", "s.id")} {old} {only}
      ORDER BY {order} LIMIT 1)"""  # noqa: S608


def _lock(mode: str, *, held: bool) -> str:
    order, only = HEADS[mode], in_time("(SELECT timely FROM best)") if mode == "t" else ""
    best = f"(SELECT pool_id FROM best WHERE mode = '{mode}')"  # noqa: S608
    old = old_enough(order, pool=best, held="(SELECT held FROM best)") if held else ""
    return f"""
    SELECT s.id, s.pool_id FROM tasks_slot s
     WHERE s.pool_id = {best} AND s.state = 'open' AND {unknown("s", "s.id")} {old} {only}
     ORDER BY {order} LIMIT 1 FOR UPDATE SKIP LOCKED"""  # noqa: S608


def _pull(*, held: bool) -> str:
    """Probe the heads of each pool, take the best, lock within that pool only."""
    probes = " UNION ALL ".join(_probe(mode, held=held) for mode in HEADS)
    locks = "".join(
        f"locked_{mode} AS MATERIALIZED ({_lock(mode, held=held)}),\n" for mode in HEADS
    )
    locked = " UNION ALL ".join(f"TABLE locked_{mode}" for mode in HEADS)
    score = score_of(
        "h", sla="w.sla", timely="w.timely", step="w.step", pressure="w.pressure", late="w.late"
    )
    return f"""
best AS MATERIALIZED (
    SELECT w.pool_id, w.held, w.timely, h.mode
      FROM wanted w CROSS JOIN LATERAL ({probes}) h
     ORDER BY w.base + {score} DESC, h.id, h.mode DESC LIMIT 1),
{locks}
pick AS MATERIALIZED (
    SELECT l.*, NULL::bigint AS offer_id, NULL::bigint AS revises_id FROM ({locked}) l),
"""  # noqa: S608


_ACCEPT = f"""
pick AS MATERIALIZED (
    UPDATE tasks_offer o SET state = 'accepted', ended_at = statement_timestamp()
     WHERE o.id = %(offer)s AND o.tutor_id = %(tutor)s AND o.state = 'offered'
       AND o.expires_at > statement_timestamp() AND {unknown("o", "o.slot_id")}
    RETURNING o.slot_id AS id, o.pool_id, o.id AS offer_id, o.revises_id),
"""  # noqa: S608

_TAKE = f"""
WITH wanted AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(wanted)s) AS w(
        pool_id bigint, project_id bigint, base int, sla int, timely int, step int, pressure int,
        late int, held int, lease int, hold int, expected int, cap int, weight int, limited boolean,
        rates bigint[], rules text[], verdicts jsonb)),
{{pick}}
{{running}},
chosen AS MATERIALIZED (
    SELECT s.id AS slot_id, s.task_id, s.role, s.complexity, p.offer_id, p.revises_id, w.*,
           w.rates[s.complexity] AS rate, w.rules[s.complexity] AS rule,
           CASE WHEN w.limited
                THEN (w.cap * w.rates[s.complexity] + {clocks.SECONDS_AN_HOUR - 1})
                     / {clocks.SECONDS_AN_HOUR} ELSE 0
           END AS reserve,
           (SELECT count(*) FROM running) AS waited_for
      FROM pick p JOIN tasks_slot s ON s.id = p.id JOIN wanted w ON w.pool_id = p.pool_id),
budget AS (
    UPDATE tasks_projectbudget b SET reserved_minor = b.reserved_minor + c.reserve
      FROM chosen c
     WHERE c.limited AND c.waited_for >= 0 AND b.project_id = c.project_id
       AND (b.total_minor IS NULL
            OR b.reserved_minor + b.used_minor + c.reserve <= b.total_minor)
    RETURNING b.project_id),
slot AS (
    UPDATE tasks_slot s SET state = 'claimed', fence = s.fence + 1
      FROM chosen c
     WHERE s.id = c.slot_id AND s.state = %(slot_state)s
       AND (NOT c.limited OR EXISTS (SELECT 1 FROM budget))
    RETURNING s.id, s.fence),
made AS (
    INSERT INTO tasks_claim (
        slot_id, task_id, pool_id, project_id, tutor_id, offer_id, revises_id,
        contract_version_id, fence, role, state, rate_minor_hourly, currency, rate_rule, weight,
        lease_seconds, expected_seconds, paid_cap_seconds, seconds_worked, reserved_minor,
        extended, lease_until, hold_until, reason)
    SELECT c.slot_id, c.task_id, c.pool_id, c.project_id, %(tutor)s, c.offer_id, c.revises_id,
           %(version)s, slot.fence, c.role, 'claimed', c.rate, %(currency)s, c.rule, c.weight,
           c.lease, c.expected, c.cap, 0, c.reserve, false,
           statement_timestamp() + make_interval(secs => least(c.lease, c.hold)),
           statement_timestamp() + make_interval(secs => c.hold), ''
      FROM slot JOIN chosen c ON c.slot_id = slot.id
    RETURNING *),
grounds AS (
    INSERT INTO tasks_claimverdicts (claim_id, facts_version, verdicts)
    SELECT made.id, %(facts_version)s, c.verdicts
      FROM made JOIN chosen c ON c.slot_id = made.slot_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, offered, in_hand, claimed)
    SELECT made.pool_id, -(made.offer_id IS NULL)::int, -(made.offer_id IS NOT NULL)::int, 1, 1
      FROM made),
{{clock}}
{{sheet}}
"""  # noqa: S608


def _statement(pick: str) -> str:
    return _TAKE.format(
        pick=pick,
        running=RUNNING,
        clock=MOVED,
        sheet=SHEET.format(source="made"),
    )


TAKE_OPEN = _statement(_pull(held=False))
TAKE_PAST_HEAD_START = _statement(_pull(held=True))
TAKE_OFFERED = _statement(_ACCEPT)
