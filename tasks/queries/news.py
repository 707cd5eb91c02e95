"""What an event means to clients: whom it concerns, and what they are told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tasks.models import Client, Project, Submission, Task, WebhookEndpoint
from tasks.rules.webhooks import KINDS
from workforce.models import Event
from workforce.rules.ids import internal_id, public_id

COUNTS = ("received", "new", "duplicate", "error")


@dataclass(frozen=True, kw_only=True)
class News:
    """One client's view of an event. No tutor is ever named."""

    client_id: int
    kind: str
    body: dict[str, Any]


def news_of(*, event_id: int) -> list[News]:
    """The news that an event makes, by client; none for an event that stays inside."""
    event = Event.objects.get(pk=event_id)
    if event.kind not in KINDS:
        return []
    return [
        News(
            client_id=client_id,
            kind=event.kind,
            body={
                "id": event.public_id,
                "kind": event.kind,
                "at": event.at.isoformat(),
                "data": data,
            },
        )
        for client_id, data in _parts(event)
    ]


def _parts(event: Event) -> Iterator[tuple[int, dict[str, Any]]]:
    match event.kind:
        case "tasks.batch_done":
            body = event.body
            told = {"batch": event.subject, **_some(body, "project", "state", *COUNTS)}
            yield internal_id(Client.prefix, body["client"]), told
        case "tasks.submitted":
            yield _about_task(event, event.body["task"], "cannot", "task_done", submission=True)
        case "tasks.reviewed":
            said = ("decision", "category", "task_done")
            yield _about_task(event, event.body["task"], *said, submission=True)
        case "tasks.task_cancelled":
            yield _about_task(event, event.subject, "reason")
        case "tasks.reviews_overdue":
            yield from _overdue(event)
        case "tasks.webhook_endpoint_disabled":
            key = internal_id(WebhookEndpoint.prefix, event.subject)
            endpoint = WebhookEndpoint.objects.get(pk=key)
            yield endpoint.client_id, {"endpoint": event.subject, **_some(event.body, "reason")}


def _some(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: body[name] for name in names}


def _about_task(
    event: Event, task: str, *names: str, submission: bool = False
) -> tuple[int, dict[str, Any]]:
    project = Project.objects.only("client_id").get(
        pk=internal_id(Project.prefix, event.body["project"])
    )
    external_id = Task.objects.values_list("external_id", flat=True).get(
        pk=internal_id(Task.prefix, task)
    )
    told = {"task": task, "external_id": external_id, "project": project.public_id}
    if submission:
        told["submission"] = event.subject
    return project.client_id, told | _some(event.body, *names)


def _overdue(event: Event) -> Iterator[tuple[int, dict[str, Any]]]:
    """One event of the sweeper concerns many clients; each hears of its own."""
    keys = [internal_id(Submission.prefix, s) for s in event.body["submissions"]]
    done = set(event.body["tasks_done"])
    by_client: dict[int, list[dict[str, Any]]] = {}
    rows = Submission.objects.filter(pk__in=keys).order_by("pk")
    for pk, task, external_id, client in rows.values_list(
        "pk", "task_id", "task__external_id", "task__project__client_id"
    ):
        name = public_id(Task.prefix, task)
        by_client.setdefault(client, []).append(
            {
                "submission": public_id(Submission.prefix, pk),
                "task": name,
                "external_id": external_id,
                "task_done": name in done,
            }
        )
    for client, accepted in by_client.items():
        yield client, {"accepted": accepted}
