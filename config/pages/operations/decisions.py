"""What waits for somebody's word: one line each, with the place where it is given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from payments.queries.deciding import awaiting_approval
from tasks.queries import deciding
from tasks.queries.live import BudgetUse, Queue
from tasks.rules.limits import LIVE_DECISIONS_MAX
from tasks.rules.matching import OWN_CODES
from tasks.rules.risk import BUDGET_FULL_PERCENT, Risk
from tutors.rules.eligibility import CODES
from workforce.queries.events import PARKED_SHOWN_MAX, parked_count
from workforce.rules.roles import Role
from workforce.rules.shown import duration, money

if TYPE_CHECKING:
    from workforce.models import Account

DIRECTING = frozenset({Role.MANAGER, Role.ADMIN})
PAYING = frozenset({Role.FINANCE, Role.ADMIN})


@dataclass(frozen=True, kw_only=True)
class Decision:
    tone: str
    icon: str
    title: str
    text: str
    action: str
    href: str


def decisions(
    *, account: "Account", queues: Sequence[Queue], budgets: Sequence[BudgetUse], at: datetime
) -> list[Decision]:
    """Most pressing first; only what this person may act on. A fixed number of statements."""
    found = [
        *_exhausted(),
        *_late(queues),
        *_payouts(),
        *_parked(),
        *_budgets(budgets),
        *_batches(at),
        *_doubtful(),
        *_time(),
    ]
    return [decision for roles, decision in found if account.roles & roles and decision.href]


Found = Iterator[tuple[frozenset[Role], Decision]]


def _url(name: str, *args: str) -> str:
    """The page's address, or nothing where the page is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


WORK_OF: dict[str, Any] = {
    "attempt": lazy("Nobody here can do %(name)s"),
    "review": lazy("Nobody here can review %(name)s"),
    "adjudicate": lazy("Nobody here can decide in %(name)s"),
}


def _exhausted() -> Found:
    """Said before it is late: waiting does not help where nobody could come."""
    said = {**CODES, **OWN_CODES}
    for pool in deciding.exhausted_pools():
        text = _("%(n)s waiting, seen %(since)s UTC. %(why)s") % {
            "n": f"{pool.waiting:,}",
            "since": f"{pool.since:%H:%M}",
            "why": said.get(pool.code, pool.code),
        }
        yield (
            DIRECTING,
            Decision(
                tone="bad",
                icon="user-x",
                title=str(WORK_OF[pool.role]) % {"name": pool.project_name},
                text=text,
                action=_("Open"),
                href=_url("ops-project", pool.project),
            ),
        )


def _late(queues: Sequence[Queue]) -> Found:
    late = [q for q in queues if q.line.risk is Risk.LATE]
    for queue in late[:LIVE_DECISIONS_MAX]:
        text = _("%(n)s waiting, oldest %(age)s, %(idle)s free and qualified") % {
            "n": f"{queue.line.waiting:,}",
            "age": duration(queue.line.oldest_seconds or 0),
            "idle": queue.idle,
        }
        yield (
            DIRECTING,
            Decision(
                tone="bad",
                icon="clock-exclamation",
                title=_("%(name)s is past its SLA") % {"name": queue.name},
                text=text,
                action=_("Open"),
                href=_url("ops-project", queue.project),
            ),
        )


def _payouts() -> Found:
    for batch in awaiting_approval():
        totals = ", ".join(money(n, c) for c, n in sorted(batch.totals_minor.items()))
        yield (
            PAYING,
            Decision(
                tone="warn",
                icon="cash-banknote",
                title=_("Payout batch %(id)s waits for approval") % {"id": batch.public_id},
                text=_("%(n)s payouts, %(total)s") % {"n": batch.payouts_count, "total": totals},
                action=_("Review"),
                href=_url("ops-payout", batch.public_id),
            ),
        )


def _parked() -> Found:
    count = parked_count()
    if count:
        title = ngettext("%(n)s job is parked", "%(n)s jobs are parked", count)
        yield (
            DIRECTING,
            Decision(
                tone="bad",
                icon="stack-2",
                title=title % {"n": _counted(count, PARKED_SHOWN_MAX)},
                text=_("They failed too often and wait for somebody to look"),
                action=_("Look"),
                href=_url("ops-jobs"),
            ),
        )


def _budgets(budgets: Sequence[BudgetUse]) -> Found:
    for use in [b for b in budgets if b.hot][:LIVE_DECISIONS_MAX]:
        done = _(", %(n)s%% of the work done") % {"n": use.done_percent}
        text = _("%(n)s%% used or held") % {"n": use.taken_percent}
        yield (
            DIRECTING,
            Decision(
                tone="bad" if use.taken_percent >= BUDGET_FULL_PERCENT else "warn",
                icon="flame",
                title=_("%(name)s: the budget runs out") % {"name": use.name},
                text=text + (done if use.done_percent is not None else ""),
                action=_("Top up"),
                href=_url("ops-project", use.project),
            ),
        )


def _batches(at: datetime) -> Found:
    for batch in deciding.bad_batches(at=at):
        failed = batch.state == "failed"
        text = batch.note if failed else _("%(bad)s of %(all)s rows were not taken")
        yield (
            DIRECTING,
            Decision(
                tone="bad" if failed else "warn",
                icon="file-import",
                title=_("%(id)s of %(name)s") % {"id": batch.batch, "name": batch.project_name},
                text=text if failed else text % {"bad": batch.error, "all": batch.received},
                action=_("Open"),
                href=_url("ops-batch", batch.batch),
            ),
        )


def _doubtful() -> Found:
    for doubt in deciding.doubtful_tasks():
        yield (
            DIRECTING,
            Decision(
                tone="warn",
                icon="help-circle",
                title=_("Two people could not do %(id)s") % {"id": doubt.task},
                text=doubt.project_name,
                action=_("Open"),
                href=_url("ops-task", doubt.task),
            ),
        )


def _time() -> Found:
    waiting = deciding.time_waiting()
    if waiting.total:
        n = f"{waiting.total:,}" + ("+" if waiting.more else "")
        title = ngettext(
            "%(n)s time entry waits for approval",
            "%(n)s time entries wait for approval",
            waiting.total,
        )
        text = _("%(held)s held, %(disputed)s disputed") % {
            "held": waiting.held,
            "disputed": waiting.disputed,
        }
        yield (
            DIRECTING,
            Decision(
                tone="warn",
                icon="clock-check",
                title=title % {"n": n},
                text=text,
                action=_("Approve"),
                href=_url("ops-time"),
            ),
        )


def _counted(count: int, most: int) -> str:
    return f"{count:,}" + ("+" if count >= most else "")
