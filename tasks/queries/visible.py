"""Who sees what of clients' things: one gate to each kind, used by every list and detail.

Staff see everything, a client's member what is the client's, anybody else nothing. Pictures are
the exception: a tutor sees those of the tasks in her hands.
"""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from tasks.models import (
    Batch,
    Claim,
    Client,
    ClientMember,
    Media,
    Project,
    Task,
    WebhookDelivery,
    WebhookEndpoint,
)
from tasks.rules.states import OPEN_CLAIMS
from tasks.types import task_type
from workforce.models import Account
from workforce.rules.problems import NotFound
from workforce.rules.roles import STAFF, Role

M = TypeVar("M", bound=Model)


def sees_everything(account: Account) -> bool:
    return bool(account.roles & STAFF)


def _gate(rows: QuerySet[M], account: Account, client: str) -> QuerySet[M]:
    """`client` is the lookup from the row to its client's key."""
    if sees_everything(account):
        return rows
    if Role.CLIENT not in account.roles:
        return rows.none()
    own = ClientMember.objects.filter(account=account).values("client_id")
    return rows.filter(**{f"{client}__in": own})


def clients(*, account: Account) -> QuerySet[Client]:
    return _gate(Client.objects.all(), account, "pk")


def projects(*, account: Account) -> QuerySet[Project]:
    rows = Project.objects.select_related("client", "domain", "budget", "requirement_set")
    return _gate(rows, account, "client_id")


def batches(*, account: Account) -> QuerySet[Batch]:
    return _gate(Batch.objects.select_related("project"), account, "project__client_id")


def tasks(*, account: Account) -> QuerySet[Task]:
    rows = Task.objects.select_related("project")
    if sees_everything(account):
        return rows
    return rows.filter(project__in=_gate(Project.objects.all(), account, "client_id").values("pk"))


def endpoints(*, account: Account) -> QuerySet[WebhookEndpoint]:
    rows = WebhookEndpoint.objects.select_related("client")
    return _gate(rows, account, "client_id")


def deliveries(*, account: Account) -> QuerySet[WebhookDelivery]:
    rows = WebhookDelivery.objects.select_related("endpoint")
    return _gate(rows, account, "endpoint__client_id")


def media(*, account: Account) -> QuerySet[Media]:
    """Staff: all. A client's member: the client's and the samples. A tutor: what she works on."""
    rows = Media.objects.all()
    if sees_everything(account):
        return rows
    shown = Q(pk__in=_gate(Media.objects.all(), account, "client_id").values("pk"))
    if Role.CLIENT in account.roles:
        shown |= Q(client__isnull=True)
    for client_id, sha256s in _in_hand(account):
        shown |= Q(sha256__in=sha256s) & (Q(client_id=client_id) | Q(client__isnull=True))
    return rows.filter(shown)


def _in_hand(account: Account) -> list[tuple[int, list[str]]]:
    """Client and pictures of each task that the account's tutor holds a claim of."""
    held = Claim.objects.filter(
        tutor__account=account, state__in=[s.value for s in OPEN_CLAIMS]
    ).values_list("project__client_id", "project__task_type", "task__content__input")
    return [
        (client_id, [ref.sha256 for ref in task_type(slug).media_of(shown)])
        for client_id, slug, shown in held
    ]


def one(rows: QuerySet[M], key: int) -> M:
    """The row with this key; `NotFound` for one that is missing or not the caller's."""
    row = rows.filter(pk=key).first()
    if row is None:
        raise NotFound
    return row
