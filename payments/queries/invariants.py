"""Rules of money that must hold at every moment; `manage.py check_invariants` asks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from payments.models import PayoutBatch
from payments.queries.instructions import content_hash_of
from payments.rules.states import BatchState
from workforce.queries.invariants import SHOWN_MAX, Check

PRICED_WITHIN = timedelta(minutes=5)
"""Approved time is a pay line after this long, or its job is stuck."""

BATCHES_CHECKED_MAX = 200

BALANCES = """
WITH moved AS (
    SELECT debit_id AS account, amount_minor, state, resolves_id, 'd' AS side
      FROM payments_transfer
     UNION ALL
    SELECT credit_id, amount_minor, state, resolves_id, 'c' FROM payments_transfer),
told AS (
    SELECT account,
           coalesce(sum(amount_minor) FILTER (WHERE side = 'd' AND state = 'posted'), 0) AS d,
           coalesce(sum(amount_minor) FILTER (WHERE side = 'c' AND state = 'posted'), 0) AS c,
           coalesce(sum(amount_minor) FILTER (WHERE side = 'd' AND state = 'pending'), 0)
         - coalesce(sum(amount_minor) FILTER (WHERE side = 'd' AND resolves_id IS NOT NULL), 0)
           AS pd,
           coalesce(sum(amount_minor) FILTER (WHERE side = 'c' AND state = 'pending'), 0)
         - coalesce(sum(amount_minor) FILTER (WHERE side = 'c' AND resolves_id IS NOT NULL), 0)
           AS pc
      FROM moved GROUP BY account)
SELECT a.code || ' ' || a.currency || ' is not the sum of its transfers'
  FROM payments_balance b JOIN payments_ledgeraccount a ON a.id = b.account_id
  LEFT JOIN told t ON t.account = b.account_id
 WHERE (b.debits_minor, b.credits_minor, b.pending_debits_minor, b.pending_credits_minor)
    IS DISTINCT FROM (coalesce(t.d, 0), coalesce(t.c, 0), coalesce(t.pd, 0), coalesce(t.pc, 0))
 ORDER BY a.id LIMIT %(n)s
"""

TRIAL_BALANCE = """
SELECT a.currency || ' books are off by ' || sum(b.debits_minor - b.credits_minor)
  FROM payments_balance b JOIN payments_ledgeraccount a ON a.id = b.account_id
 GROUP BY a.currency HAVING sum(b.debits_minor) <> sum(b.credits_minor) LIMIT %(n)s
"""

FLOORS = """
SELECT a.code || ' ' || a.currency || ' is below its floor'
  FROM payments_balance b JOIN payments_ledgeraccount a ON a.id = b.account_id
 WHERE b.credits_minor - b.debits_minor - b.pending_debits_minor < a.floor_minor LIMIT %(n)s
"""

BUCKETS = """
SELECT 'bucket ' || b.id || ' posted ' || b.posted_minor || ', lines say ' || coalesce(l.minor, 0)
  FROM payments_bucket b
  LEFT JOIN (SELECT bucket_id, sum(amount_minor) AS minor, sum(seconds) AS seconds
               FROM payments_earning WHERE bucket_id IS NOT NULL GROUP BY bucket_id) l
    ON l.bucket_id = b.id
 WHERE b.posted_minor <> coalesce(l.minor, 0) OR b.seconds <> coalesce(l.seconds, 0)
    OR b.posted_minor <> (2 * b.seconds * b.rate_minor_hourly + 3600) / 7200
 ORDER BY b.id LIMIT %(n)s
"""

LINES_BOOKED = """
SELECT 'EA-' || e.id || ' is ' || e.amount_minor || ', booked ' || coalesce(sum(t.amount_minor), 0)
  FROM payments_earning e LEFT JOIN payments_transfer t ON t.journal_id = e.journal_id
 GROUP BY e.id, e.amount_minor
HAVING abs(e.amount_minor) <> coalesce(sum(t.amount_minor), 0) ORDER BY e.id LIMIT %(n)s
"""

TIME_PRICED = """
SELECT 'TE-' || t.id || ' was approved and is not priced'
  FROM tasks_timeentry t
 WHERE t.state IN ('approved', 'locked') AND t.decided_at < %(late)s
   AND NOT EXISTS (SELECT 1 FROM payments_earning e WHERE e.time_entry_id = t.id)
   AND EXISTS (SELECT 1 FROM workforce_event v WHERE v.kind = 'tasks.time_approved'
                  AND v.at < %(late)s)
 ORDER BY t.id LIMIT %(n)s
"""

STATEMENTS = """
SELECT 'ST-' || s.id || ' says ' || s.total_minor || ', its lines '
       || coalesce(sum(e.amount_minor), 0)
  FROM payments_statement s
  LEFT JOIN payments_statementline l ON l.statement_id = s.id
  LEFT JOIN payments_earning e ON e.id = l.earning_id
 GROUP BY s.id
HAVING s.total_minor <> coalesce(sum(e.amount_minor), 0) OR s.lines_count <> count(e.id)
    OR bool_or(e.currency <> s.currency OR e.contract_id <> s.contract_id)
 ORDER BY s.id LIMIT %(n)s
"""

PAYOUTS = """
SELECT 'PO-' || p.id || ' is ' || p.amount_minor || ', its statements '
       || coalesce(sum(x.amount_minor), 0)
  FROM payments_payout p
  LEFT JOIN payments_payoutpart x ON x.payout_id = p.id
  LEFT JOIN payments_statement s ON s.id = x.statement_id
 GROUP BY p.id
HAVING p.amount_minor <> coalesce(sum(x.amount_minor), 0)
    OR p.amount_minor <> coalesce(sum(s.total_minor), 0)
    OR bool_or(s.tutor_id <> p.tutor_id OR s.currency <> p.currency)
 ORDER BY p.id LIMIT %(n)s
"""

PAYOUTS_BOOKED = """
SELECT 'PO-' || p.id || ' is ' || p.state || ', its reservation is ' || coalesce(x.state, 'open')
  FROM payments_payout p
  JOIN payments_transfer r ON r.id = p.reserved_id
  LEFT JOIN payments_transfer x ON x.resolves_id = r.id
  LEFT JOIN payments_journal v ON v.reverses_id = x.journal_id
 WHERE r.amount_minor <> p.amount_minor
    OR CASE WHEN p.state IN ('approved', 'locked', 'sent') THEN x.id IS NOT NULL
            WHEN p.state = 'settled' THEN x.state IS DISTINCT FROM 'posted' OR v.id IS NOT NULL
            WHEN p.state IN ('failed', 'returned')
            THEN NOT coalesce(x.state = 'released' OR v.id IS NOT NULL, false)
            ELSE x.state IS DISTINCT FROM 'released' END
 ORDER BY p.id LIMIT %(n)s
"""

PAID = """
WITH earned AS (SELECT tutor_id, currency, sum(amount_minor) AS minor
                  FROM payments_earning GROUP BY tutor_id, currency),
paid AS (SELECT tutor_id, currency, sum(amount_minor) AS minor
           FROM payments_payout WHERE state = 'settled' GROUP BY tutor_id, currency),
held AS (SELECT a.code, a.currency, b.credits_minor - b.debits_minor AS minor
           FROM payments_balance b JOIN payments_ledgeraccount a ON a.id = b.account_id)
SELECT 'E-' || e.tutor_id || ' ' || e.currency || ': earned ' || e.minor || ', paid '
       || coalesce(p.minor, 0) || ', owed ' || coalesce(h.minor, 0)
  FROM earned e
  LEFT JOIN paid p USING (tutor_id, currency)
  LEFT JOIN held h ON h.code = 'payable:tutor:E-' || e.tutor_id AND h.currency = e.currency
  LEFT JOIN held r ON r.code = 'receivable:tutor:E-' || e.tutor_id AND r.currency = e.currency
 WHERE e.minor - coalesce(p.minor, 0) <> coalesce(h.minor, 0) + coalesce(r.minor, 0)
 ORDER BY e.tutor_id LIMIT %(n)s
"""

APPROVALS = """
SELECT 'PB-' || b.id || ' is ' || b.state || ' without its checkers'
  FROM payments_payoutbatch b
 WHERE b.approved_at IS NOT NULL
   AND b.checkers_needed > (SELECT count(DISTINCT a.checker_id) FROM payments_batchapproval a
                             WHERE a.batch_id = b.id AND a.checker_id <> b.built_by_id
                               AND a.content_hash = b.content_hash)
 ORDER BY b.id LIMIT %(n)s
"""

TALLIES = """
SELECT t.state || ' ' || t.currency || ' tallies ' || t.payouts_count || ', there are '
       || coalesce(p.n, 0)
  FROM payments_payouttally t
  LEFT JOIN (SELECT state, currency, count(*) AS n, sum(amount_minor) AS minor
               FROM payments_payout GROUP BY state, currency) p USING (state, currency)
 WHERE t.payouts_count <> coalesce(p.n, 0) OR t.amount_minor <> coalesce(p.minor, 0) LIMIT %(n)s
"""

_RULES = {
    "books_balance": TRIAL_BALANCE,
    "balances_are_their_transfers": BALANCES,
    "floors_hold": FLOORS,
    "buckets_hold_their_worth": BUCKETS,
    "lines_are_in_the_books": LINES_BOOKED,
    "approved_time_is_priced": TIME_PRICED,
    "statements_are_their_lines": STATEMENTS,
    "payouts_are_their_statements": PAYOUTS,
    "payouts_are_in_the_books": PAYOUTS_BOOKED,
    "paid_is_what_the_ledger_says": PAID,
    "approvals_are_by_others": APPROVALS,
    "tallies_count_right": TALLIES,
}


def checks(*, at: datetime) -> Iterator[Check]:
    """Every rule with what speaks against it."""
    parameters = {"n": SHOWN_MAX, "late": at - PRICED_WITHIN}
    for name, sql in _RULES.items():
        yield Check(name, _ask(sql, parameters))
    yield Check("batches_are_what_was_agreed", _altered_batches())


def _ask(sql: str, parameters: dict[str, Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [str(row[0]) for row in cursor.fetchall()]


def _altered_batches() -> list[str]:
    """The latest batches, hashed anew."""
    batches = PayoutBatch.objects.exclude(state=BatchState.CANCELLED).order_by("-pk")
    return [
        f"{batch.public_id} is not what was agreed"
        for batch in batches[:BATCHES_CHECKED_MAX]
        if content_hash_of(batch=batch) != batch.content_hash
    ]
