"""A batch under its checkers' eyes: what is in it, what stands out, what changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Sum
from django.db.models.functions import Left

from payments.models import PayoutBatch
from payments.rules.states import BatchState, PayoutState

FLAGS_MAX = 500
"""Lines worth a look that are named; the count says how many there are."""

CHANGED_WITHIN = timedelta(days=30)
PAST_PAYOUTS = 8
FAR = 2.5
"""An amount this many times the mean of the payee's last payouts stands out."""

ROUTES_MAX = 8

_CONTENT = """
SELECT e.currency, coalesce(split_part(d.slug, '.', 1), ''), count(*), sum(e.seconds),
       sum(e.amount_minor), count(t.id),
       count(t.id) FILTER (WHERE t.state NOT IN ('approved', 'locked') OR t.decided_at IS NULL),
       count(*) FILTER (WHERE t.rate_minor_hourly <> b.rate_minor_hourly),
       count(*) FILTER (WHERE b.id IS NOT NULL AND e.amount_minor <>
           (2 * (e.seconds_before + e.seconds) * b.rate_minor_hourly + 3600) / 7200
         - (2 * e.seconds_before * b.rate_minor_hourly + 3600) / 7200),
       count(t.id) - count(DISTINCT t.id)
  FROM payments_payout p
  JOIN payments_payoutpart x ON x.payout_id = p.id
  JOIN payments_statementline l ON l.statement_id = x.statement_id
  JOIN payments_earning e ON e.id = l.earning_id
  LEFT JOIN payments_bucket b ON b.id = e.bucket_id
  LEFT JOIN tasks_timeentry t ON t.id = e.time_entry_id
  LEFT JOIN tasks_project r ON r.id = e.project_id
  LEFT JOIN workforce_domain d ON d.id = r.domain_id
 WHERE p.batch_id = %(batch)s AND p.state <> 'void' GROUP BY 1, 2 ORDER BY 1, 5 DESC
"""

_FLAGS = """
WITH mine AS (
    SELECT p.* FROM payments_payout p WHERE p.batch_id = %(batch)s AND p.state <> 'void'),
judged AS (
    SELECT m.id, coalesce(past.times, 0) AS times, past.mean, m.amount_minor,
           d.replaced_at IS NOT NULL AS replaced,
           (d.entered_at > %(since)s AND EXISTS (
               SELECT 1 FROM payments_payoutdetails o
                WHERE o.tutor_id = m.tutor_id AND o.id < d.id)) AS changed,
           lower(btrim(d.holder_name)) <> lower(btrim(a.name)) AS named,
           EXISTS (SELECT 1 FROM payments_payoutdetails o
                    WHERE o.iban_fingerprint = d.iban_fingerprint
                      AND o.tutor_id <> m.tutor_id AND o.replaced_at IS NULL) AS shared,
           EXISTS (SELECT 1 FROM payments_payouthold h
                    WHERE h.tutor_id = m.tutor_id AND h.released_at IS NULL
                      AND h.release_at > %(at)s) AS held
      FROM mine m
      JOIN payments_payoutdetails d ON d.id = m.details_id
      JOIN workforce_account a ON a.id = m.account_id
      LEFT JOIN LATERAL (
          SELECT count(*) AS times, avg(q.amount_minor) AS mean FROM (
              SELECT amount_minor FROM payments_payout
               WHERE tutor_id = m.tutor_id AND currency = m.currency AND state = 'settled'
                 AND id < m.id ORDER BY id DESC LIMIT %(past)s) q) past ON true)
SELECT id, times, amount_minor / nullif(mean, 0), replaced, changed, named, shared, held
  FROM judged
 WHERE times = 0 OR replaced OR changed OR named OR shared OR held
    OR (times > 0 AND (amount_minor > %(far)s * mean OR amount_minor * %(far)s < mean))
 ORDER BY replaced DESC, held DESC, shared DESC, changed DESC, named DESC, amount_minor DESC
"""

_CHANGE = """
SELECT coalesce(n.currency, o.currency), coalesce(sum(n.minor), 0), coalesce(sum(o.minor), 0),
       count(*) FILTER (WHERE o.minor IS NULL),
       coalesce(sum(n.minor) FILTER (WHERE o.minor IS NULL), 0),
       count(*) FILTER (WHERE n.minor IS NULL),
       coalesce(sum(o.minor) FILTER (WHERE n.minor IS NULL), 0)
  FROM (SELECT tutor_id, currency, amount_minor AS minor FROM payments_payout
         WHERE batch_id = %(batch)s AND state <> 'void') n
  FULL JOIN (SELECT tutor_id, currency, amount_minor AS minor FROM payments_payout
              WHERE batch_id = %(before)s AND state <> 'void') o USING (tutor_id, currency)
 GROUP BY 1 ORDER BY 1
"""

_FACTS = """
SELECT x.payout_id, sum(e.seconds), min(b.rate_minor_hourly), max(b.rate_minor_hourly),
       coalesce(mode() WITHIN GROUP (ORDER BY d.slug), '')
  FROM payments_payoutpart x
  JOIN payments_statementline l ON l.statement_id = x.statement_id
  JOIN payments_earning e ON e.id = l.earning_id
  LEFT JOIN payments_bucket b ON b.id = e.bucket_id
  LEFT JOIN tasks_project r ON r.id = e.project_id
  LEFT JOIN workforce_domain d ON d.id = r.domain_id
 WHERE x.payout_id = ANY(%(ids)s) GROUP BY 1
"""


def _ask(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the batch's statements hold: sums by currency and domain, and what does not fit."""

    by_domain: dict[str, list[tuple[str, int]]]
    lines: int
    seconds: int
    entries: int
    unapproved: int
    other_rate: int
    other_amount: int
    twice: int


def content_of(*, batch: PayoutBatch) -> Content:
    """Read from every line of every statement; the same as long as the batch is."""
    by_domain: dict[str, list[tuple[str, int]]] = defaultdict(list)
    sums = [0] * 7
    for currency, domain, lines, seconds, minor, *rest in _ask(_CONTENT, batch=batch.pk):
        by_domain[currency].append((domain, int(minor)))
        sums = [a + int(b) for a, b in zip(sums, (lines, seconds, *rest), strict=True)]
    names = ("lines", "seconds", "entries", "unapproved", "other_rate", "other_amount", "twice")
    return Content(by_domain=dict(by_domain), **dict(zip(names, sums, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Why a line is worth a look. `factor` compares it with the payee's last payouts."""

    payout: int
    first: bool
    factor: float | None
    replaced: bool
    changed: bool
    other_name: bool
    shared: bool
    held: bool

    @property
    def far(self) -> bool:
        return self.factor is not None and (self.factor > FAR or self.factor * FAR < 1)


def flags_of(*, batch: PayoutBatch, at: datetime) -> dict[int, Flag]:
    """Lines that stand out, the gravest first."""
    rows = _ask(
        _FLAGS, batch=batch.pk, at=at, since=batch.built_at - CHANGED_WITHIN, past=PAST_PAYOUTS,
        far=FAR,
    )  # fmt: skip
    return {
        pk: Flag(
            payout=pk, first=times == 0, factor=None if factor is None else float(factor),
            replaced=replaced, changed=changed, other_name=named, shared=shared, held=held,
        )
        for pk, times, factor, replaced, changed, named, shared, held in rows
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One currency beside the batch before: who is new, who is gone, the rest by difference."""

    currency: str
    now_minor: int
    before_minor: int
    new: int
    new_minor: int
    gone: int
    gone_minor: int

    @property
    def difference_minor(self) -> int:
        return self.now_minor - self.before_minor

    @property
    def size_minor(self) -> int:
        return abs(self.difference_minor)

    @property
    def same_minor(self) -> int:
        """What payees of both batches get more, or less."""
        return self.difference_minor - self.new_minor + self.gone_minor

    @property
    def percent(self) -> float | None:
        return 100 * self.difference_minor / self.before_minor if self.before_minor else None


def batch_before(*, batch: PayoutBatch) -> PayoutBatch | None:
    done = (BatchState.APPROVED, BatchState.SENT, BatchState.SETTLED)
    return PayoutBatch.objects.filter(pk__lt=batch.pk, state__in=done).order_by("-pk").first()


def change_of(*, batch: PayoutBatch, before: PayoutBatch) -> list[Change]:
    return [
        Change(
            currency=currency, now_minor=int(now), before_minor=int(then), new=new,
            new_minor=int(new_minor), gone=gone, gone_minor=int(gone_minor),
        )
        for currency, now, then, new, new_minor, gone, gone_minor in _ask(
            _CHANGE, batch=batch.pk, before=before.pk
        )
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    currency: str
    country: str
    payouts: int
    amount_minor: int

    @property
    def name(self) -> str:
        return "SEPA" if self.currency == "EUR" else "IBAN"


def routes_of(*, batch: PayoutBatch) -> list[Route]:
    """Where the money goes, by currency and the account's country, the largest first."""
    rows = (
        batch.payouts.exclude(state=PayoutState.VOID)
        .order_by()
        .annotate(country=Left("details__iban_masked", 2))
        .values_list("currency", "country")
        .annotate(n=Count("pk"), minor=Sum("amount_minor"))
        .order_by("-minor")
    )
    return [
        Route(currency=currency, country=country, payouts=n, amount_minor=int(minor))
        for currency, country, n, minor in rows[:ROUTES_MAX]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands behind a line: seconds, the span of rates, the domain of most of it."""

    seconds: int
    rate_from: int | None
    rate_to: int | None
    domain: str


def facts_of(*, payouts: Sequence[int]) -> dict[int, Facts]:
    return {
        pk: Facts(seconds=int(seconds), rate_from=low, rate_to=high, domain=domain)
        for pk, seconds, low, high, domain in _ask(_FACTS, ids=list(payouts))
    }


def outcomes_of(*, batch: PayoutBatch) -> dict[tuple[str, str], tuple[int, int]]:
    """How many payouts, and how much, stand in each (state, currency)."""
    rows = batch.payouts.order_by().values_list("state", "currency")
    return {
        (state, currency): (n, int(minor))
        for state, currency, n, minor in rows.annotate(n=Count("pk"), minor=Sum("amount_minor"))
    }
