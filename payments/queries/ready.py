"""What a batch built now would take along, what it would leave, and who is held."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from payments.models import BatchApproval, PayoutBatch, PayoutHold
from payments.rules.states import BatchState
from workforce.models import Account

SHOWN_MAX = 50
HOLDS_MAX = 200

_JUDGED = """
WITH waiting AS (
    SELECT s.tutor_id, s.currency, sum(s.total_minor) AS minor, count(*) AS statements
      FROM payments_statement s
     WHERE NOT EXISTS (SELECT 1 FROM payments_payoutpart p WHERE p.statement_id = s.id AND p.live)
     GROUP BY s.tutor_id, s.currency),
held AS (
    SELECT DISTINCT ON (tutor_id) tutor_id, reason, release_at FROM payments_payouthold
     WHERE released_at IS NULL AND release_at > %(at)s ORDER BY tutor_id, id DESC),
judged AS (
    SELECT w.*, h.reason, h.release_at, d.hold_until,
           CASE WHEN w.minor < 0 THEN 'balance_negative'
                WHEN h.tutor_id IS NOT NULL THEN 'held'
                WHEN d.id IS NULL THEN 'details_missing'
                WHEN d.confirmed_at IS NULL THEN 'details_unconfirmed'
                WHEN d.hold_until > %(at)s THEN 'details_changed'
                ELSE '' END AS code
      FROM waiting w
      LEFT JOIN payments_payoutdetails d ON d.tutor_id = w.tutor_id AND d.replaced_at IS NULL
      LEFT JOIN held h ON h.tutor_id = w.tutor_id
     WHERE w.minor <> 0)
"""

_SUMS = (
    _JUDGED
    + """
SELECT currency, count(*) FILTER (WHERE code = ''), sum(minor) FILTER (WHERE code = ''),
       sum(statements) FILTER (WHERE code = ''),
       count(*) FILTER (WHERE code <> ''), sum(minor) FILTER (WHERE code <> '')
  FROM judged GROUP BY currency ORDER BY currency
"""
)

_LEFT = (
    _JUDGED
    + """
SELECT j.tutor_id, a.name, j.currency, j.minor, j.code, coalesce(j.reason, ''),
       coalesce(j.release_at, j.hold_until)
  FROM judged j
  JOIN tutors_tutor t ON t.id = j.tutor_id JOIN workforce_account a ON a.id = t.account_id
 WHERE j.code <> '' ORDER BY abs(j.minor) DESC, j.tutor_id LIMIT %(n)s
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One currency: who and how much could be paid now, and how much would stay."""

    currency: str
    payees: int
    amount_minor: int
    statements: int
    left_payees: int
    left_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Money that a batch would leave out. `until` is when that ends by itself, if it does."""

    tutor: str
    name: str
    currency: str
    amount_minor: int
    code: str
    reason: str
    until: datetime | None


def ready_to_pay(*, at: datetime) -> list[Ready]:
    """By currency. Check digits of accounts are looked at when the batch is built."""
    return [
        Ready(
            currency=currency, payees=payees, amount_minor=int(minor or 0),
            statements=int(statements or 0), left_payees=left, left_minor=int(left_minor or 0),
        )
        for currency, payees, minor, statements, left, left_minor in _ask(_SUMS, at=at)
    ]  # fmt: skip


def would_be_left_out(*, at: datetime) -> list[Left]:
    """The largest `SHOWN_MAX` of them."""
    return [
        Left(
            tutor=f"E-{tutor}", name=name, currency=currency, amount_minor=int(minor), code=code,
            reason=reason, until=until,
        )
        for tutor, name, currency, minor, code, reason, until in _ask(_LEFT, at=at)
    ]  # fmt: skip


def _ask(sql: str, *, at: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"at": at, "n": SHOWN_MAX})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def holds(*, at: datetime) -> QuerySet[PayoutHold]:
    """Holds by a person that still run."""
    alive = PayoutHold.objects.filter(released_at__isnull=True, release_at__gt=at)
    return alive.select_related("tutor__account", "placed_by").order_by("-pk")


def waits_for(account: Account) -> int:
    """Batches that this account could approve or send now."""
    mine = BatchApproval.objects.filter(batch=OuterRef("pk"), checker=account)
    approvable = Q(state=BatchState.BUILT) & ~Q(built_by=account) & ~Exists(mine)
    return PayoutBatch.objects.filter(approvable | Q(state=BatchState.APPROVED)).count()
