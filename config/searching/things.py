"""Client work, statements and payouts. Tasks are found by id and by the client's id, by index."""

from collections.abc import Callable, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.searching.asking import ASKED_MAX, Asked, Group, Hit, url
from payments.models import PayoutBatch, Statement
from payments.queries import payouts, statements
from tasks.models import Batch, Claim, Project, Task
from tasks.queries import visible
from tasks.queries.finding import by_external_id
from tasks.rules.states import OPEN_CLAIMS
from workforce.models import Account
from workforce.rules.roles import Role
from workforce.rules.shown import money

OPERATING = frozenset({Role.MANAGER, Role.FINANCE, Role.ADMIN})


def _projects(asked: Asked) -> Sequence[Hit]:
    rows = visible.projects(account=asked.account)
    key = asked.key_of(Project.prefix)
    named = Q(name__icontains=asked.text) | Q(client__name__icontains=asked.text)
    found = rows.filter(pk=key) if key else rows.filter(named)
    return [
        Hit(
            title=project.name,
            detail=project.client.name,
            id=project.public_id,
            url=url("ops-project", project.public_id),
            icon="folder",
        )
        for project in found.order_by("name", "pk")[:ASKED_MAX]
    ]


def _batches(asked: Asked) -> Sequence[Hit]:
    rows = visible.batches(account=asked.account)
    key = asked.key_of(Batch.prefix)
    found = rows.filter(pk=key) if key else rows.filter(file_name__istartswith=asked.text)
    return [
        Hit(
            title=batch.file_name or batch.public_id,
            detail=batch.project.name,
            id=batch.public_id,
            url=url("ops-batch", batch.public_id),
            icon="database-import",
        )
        for batch in found.order_by("-pk")[:ASKED_MAX]
    ]


def _tasks(asked: Asked) -> Sequence[Hit]:
    rows = visible.tasks(account=asked.account)
    key = asked.key_of(Task.prefix) or asked.number
    found = list(rows.filter(pk=key)) if key is not None else []
    if not asked.prefix or not found:
        found += by_external_id(account=asked.account, text=asked.text, limit=ASKED_MAX)
    return [_task(task) for task in found[:ASKED_MAX]]


def _task(task: Task) -> Hit:
    return Hit(
        title=task.external_id,
        detail=task.project.name,
        id=task.public_id,
        url=url("ops-task", task.public_id),
        icon="list-check",
    )


def _own_work(asked: Asked) -> Sequence[Hit]:
    """A tutor's own claims, by the task's id or the claim's."""
    task, claim = asked.key_of(Task.prefix), asked.key_of(Claim.prefix)
    if not task and not claim:
        return []
    rows = Claim.objects.filter(tutor__account=asked.account).select_related("project")
    rows = rows.filter(task_id=task) if task else rows.filter(pk=claim or 0)
    return [_claim(row) for row in rows.order_by("-pk")[:ASKED_MAX]]


def _claim(claim: Claim) -> Hit:
    if claim.state in OPEN_CLAIMS:
        address = url("work-task", claim.public_id)
    else:
        address = url("work-history-item", claim.public_id)
    return Hit(
        title=claim.project.name,
        detail=str(claim.state).replace("_", " ").capitalize(),
        id=f"T-{claim.task_id}",
        url=address or url("work-history"),
        icon="briefcase",
    )


def _statements(asked: Asked) -> Sequence[Hit]:
    key = asked.key_of(Statement.prefix)
    rows = statements.visible_to(asked.account).filter(account=asked.account)
    found = rows.filter(pk=key) if key else rows.filter(period__label__icontains=asked.text)
    return [
        Hit(
            title=statement.period.label,
            detail=money(statement.total_minor, statement.currency),
            id=statement.public_id,
            url=url("work-statement", statement.public_id),
            icon="receipt",
        )
        for statement in found.select_related("period").order_by("-pk")[:ASKED_MAX]
    ]


def _payout_batches(asked: Asked) -> Sequence[Hit]:
    key = asked.key_of(PayoutBatch.prefix)
    rows = payouts.batches().prefetch_related(None)
    found = rows.filter(pk=key) if key else rows.filter(message_id__istartswith=asked.text)
    return [_payout_batch(batch) for batch in found.order_by("-pk")[:ASKED_MAX]]


def _payout_batch(batch: PayoutBatch) -> Hit:
    return Hit(
        title=batch.message_id or batch.public_id,
        detail=str(batch.state).capitalize(),
        id=batch.public_id,
        url=url("ops-payout", batch.public_id),
        icon="cash-banknote",
    )


PROJECTS = Group(label=_("Projects"), icon="folder", roles=OPERATING, find=_projects)
BATCHES = Group(label=_("Batches"), icon="database-import", roles=OPERATING, find=_batches)
TASKS = Group(label=_("Tasks"), icon="list-check", roles=OPERATING, find=_tasks)
OWN_WORK = Group(
    label=_("Your work"),
    icon="briefcase",
    roles=frozenset({Role.TUTOR, Role.REVIEWER}),
    find=_own_work,
)
STATEMENTS = Group(
    label=_("Statements"), icon="receipt", roles=frozenset({Role.TUTOR}), find=_statements
)
PAYOUT_BATCHES = Group(
    label=_("Payout batches"), icon="cash-banknote", roles=OPERATING, find=_payout_batches
)


def _for_staff(find: Callable[[Asked], Sequence[Hit]]) -> Callable[[Asked], Hit | None]:
    def first(asked: Asked) -> Hit | None:
        return next(iter(find(asked)), None) if _operates(asked.account) else None

    return first


def _operates(account: Account) -> bool:
    return bool(account.roles & OPERATING)


def _task_by_id(asked: Asked) -> Hit | None:
    rows = _tasks(asked) if _operates(asked.account) else _own_work(asked)
    return next(iter(rows), None)


def _claim_by_id(asked: Asked) -> Hit | None:
    if not _operates(asked.account):
        return next(iter(_own_work(asked)), None)
    claim = Claim.objects.filter(pk=asked.key).select_related("task__project").first()
    return _task(claim.task) if claim else None


def _job(asked: Asked) -> Hit | None:
    address = url("ops-jobs")
    return Hit(title=str(_("Background jobs")), id=f"J-{asked.key}", url=address, icon="stack-2")


BY_ID: dict[str, Callable[[Asked], Hit | None]] = {
    "P": _for_staff(_projects),
    "B": _for_staff(_batches),
    "T": _task_by_id,
    "CL": _claim_by_id,
    "ST": lambda asked: next(iter(_statements(asked)), None),
    "PB": _for_staff(_payout_batches),
    "J": _job,
}
