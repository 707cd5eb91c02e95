"""The tutor's clock: one claim at a time, database time, whole seconds.

Pieces of statements, so that the clock moves in the same statement as what moves it. Lock order:
claim before time entry, everywhere.
"""

from typing import Any

from django.db import connection

NOW = "date_trunc('second', statement_timestamp())"

RUNNING = """
running AS MATERIALIZED (
    SELECT e.id, e.claim_id FROM tasks_timeentry e JOIN tasks_claim k ON k.id = e.claim_id
     WHERE e.tutor_id = %(tutor)s AND e.state = 'running' FOR UPDATE OF k)
"""
"""The entry that runs for `tutor`, with its claim locked."""

MOVED = f"""
stopped AS (
    UPDATE tasks_timeentry e
       SET state = 'submitted', ended_at = {NOW}, seconds = extract(epoch FROM {NOW} - e.started_at)
      FROM running r
     WHERE e.id = r.id AND e.state = 'running' AND e.started_at < {NOW}
       AND EXISTS (SELECT 1 FROM made)
    RETURNING e.claim_id, e.seconds),
emptied AS (
    DELETE FROM tasks_timeentry e USING running r
     WHERE e.id = r.id AND e.state = 'running' AND e.started_at >= {NOW}
       AND EXISTS (SELECT 1 FROM made)
    RETURNING e.id),
counted AS (
    UPDATE tasks_claim c SET seconds_worked = c.seconds_worked + st.seconds
      FROM stopped st WHERE c.id = st.claim_id),
started AS (
    INSERT INTO tasks_timeentry (
        tutor_id, account_id, contract_version_id, claim_id, project_id, kind, state, started_at,
        seconds, rate_minor_hourly, currency, rate_rule, reason, decision_reason)
    SELECT made.tutor_id, %(account)s, made.contract_version_id, made.id, made.project_id,
           CASE WHEN made.role <> 'attempt' THEN 'review'
                WHEN made.revises_id IS NOT NULL THEN 'rework' ELSE 'task' END,
           'running', {NOW}, 0, made.rate_minor_hourly, made.currency, made.rate_rule, '', ''
      FROM made CROSS JOIN (SELECT count(*) FROM stopped) s
           CROSS JOIN (SELECT count(*) FROM emptied) m)
"""  # noqa: S608
"""Stops what is `running` and starts the clock on `made`. The counts make the start wait for the
stop: without them both would see two running entries for a moment."""

ENDING = """
stopping AS MATERIALIZED (
    SELECT e.id, e.claim_id, e.started_at,
           greatest(e.started_at, date_trunc('second', CASE WHEN h.idle
               THEN least(h.lease_until, statement_timestamp(),
                          h.seen_at + make_interval(secs => h.idle_seconds))
               ELSE statement_timestamp() END)) AS ends_at
      FROM held h JOIN tasks_timeentry e ON e.claim_id = h.id AND e.state = 'running'),
stopped AS (
    UPDATE tasks_timeentry e
       SET state = 'submitted', ended_at = s.ends_at,
           seconds = extract(epoch FROM s.ends_at - s.started_at)
      FROM stopping s
     WHERE e.id = s.id AND e.state = 'running' AND s.ends_at > s.started_at
    RETURNING e.claim_id, e.seconds),
emptied AS (
    DELETE FROM tasks_timeentry e USING stopping s
     WHERE e.id = s.id AND e.state = 'running' AND s.ends_at <= s.started_at)
"""
"""Stops the clock of the claims in `held` (id, lease_until, seen_at, idle, idle_seconds). Where
`idle`, only what had a sign of work shortly before is counted."""

_LOCK_TUTOR = "SELECT 1 FROM tutors_tutor WHERE id = %(tutor)s FOR NO KEY UPDATE"
_MOVE = f"""
WITH {RUNNING},
made AS MATERIALIZED (
    SELECT c.* FROM tasks_claim c
     WHERE c.id = %(claim)s AND c.state IN ('claimed', 'in_progress')
       AND NOT EXISTS (SELECT 1 FROM running r WHERE r.claim_id = c.id)
       AND (SELECT count(*) FROM running) >= 0),
{MOVED}
SELECT count(*) FROM made
"""  # noqa: S608


def move_clock(*, claim_id: int, tutor_id: int, account_id: int) -> None:
    """Stop what runs for the tutor and run on this claim; nothing when it runs there already.

    Holds the tutor's row, so that two browsers cannot start two clocks.
    """
    parameters: dict[str, Any] = {"claim": claim_id, "tutor": tutor_id, "account": account_id}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_TUTOR, parameters)
        cursor.execute(_MOVE, parameters)
