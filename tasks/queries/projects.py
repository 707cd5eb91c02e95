"""Questions about projects, batches and tasks."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Prefetch, QuerySet

from tasks.models import Batch, BatchRowError, Client, GuideVersion, Project, Slot, Task
from tasks.queries import visible
from tasks.rules.intake import ROW_ERRORS_SHOWN
from tasks.rules.limits import ROW_ERRORS_KEPT_MAX
from workforce.models import Account
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import NotFound

ERRORS_READ = 500


def guide_of(*, project: Project) -> GuideVersion | None:
    """The guide in force."""
    return project.guides.order_by("-n").first()


def project_by_id(*, project_id: int) -> Project:
    """For the shell; `NotFound` when there is none."""
    project = Project.objects.select_related("client", "domain").filter(pk=project_id).first()
    if project is None:
        raise NotFound
    return project


def batch_by_id(*, batch_id: int) -> Batch:
    return Batch.objects.get(pk=batch_id)


def first_errors(*, batch: Batch) -> list[BatchRowError]:
    """The first row errors, as an answer shows them."""
    return list(batch.row_errors.order_by("row")[:ROW_ERRORS_SHOWN])


def all_errors(*, batch: Batch) -> Iterator[BatchRowError]:
    """Every kept row error, in order, a few hundred at a time."""
    after = 0
    for _ in range(ROW_ERRORS_KEPT_MAX // ERRORS_READ + 1):
        rows = list(batch.row_errors.filter(row__gt=after).order_by("row")[:ERRORS_READ])
        yield from rows
        if len(rows) < ERRORS_READ:
            return
        after = rows[-1].row


def tasks_for(
    *,
    account: Account,
    project: str | None = None,
    batch: str | None = None,
    state: str | None = None,
    external_id: str | None = None,
) -> QuerySet[Task]:
    """Tasks the account may see, narrowed. An id that is none of ours matches nothing."""
    rows = visible.tasks(account=account)
    for prefix, text, column in (("P", project, "project_id"), ("B", batch, "batch_id")):
        if text is not None:
            try:
                rows = rows.filter(**{column: internal_id(prefix, text)})
            except NotAnId:
                return rows.none()
    if state is not None:
        rows = rows.filter(state=state)
    return rows.filter(external_id=external_id) if external_id is not None else rows


def with_content(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with what they say and their slots; a constant number of statements."""
    slots = Slot.objects.order_by("role", "ordinal")
    return rows.select_related("project", "content").prefetch_related(Prefetch("slots", slots))


def own_clients(*, account: Account, limit: int = 2) -> list[Client]:
    """The first clients that the account may act for."""
    return list(islice(visible.clients(account=account).order_by("pk").iterator(), limit))
