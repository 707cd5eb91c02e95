"""What an event means to clients: whom it concerns, and what they are told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tasks.models import Client, Submission, Task, WebhookEndpoint
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
            yield from _about_answer(event, "cannot", "task_done")
        case "tasks.reviewed":
            yield from _about_answer(event, "decision", "category", "task_done")
        case "tasks.task_cancelled":
            found = _task(event.subject)
            yield found.project.client_id, _told(found) | _some(event.body, "reason")
        case "tasks.reviews_overdue":
            yield from _overdue(event)
        case "tasks.webhook_endpoint_disabled":
            key = internal_id(WebhookEndpoint.prefix, event.subject)
            endpoint = WebhookEndpoint.objects.get(pk=key)
            yield endpoint.client_id, {"endpoint": event.subject, **_some(event.body, "reason")}


def _some(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: body[name] for name in names}


def _about_answer(event: Event, *names: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Answers to tasks with known ones are no results, so their clients hear nothing of them."""
    found = _task(event.body["task"])
    if not found.is_gold:
        told = _told(found) | {"submission": event.subject} | _some(event.body, *names)
        yield found.project.client_id, told


def _task(task: str) -> Task:
    return Task.objects.select_related("project").get(pk=internal_id(Task.prefix, task))


def _told(task: Task) -> dict[str, Any]:
    return {
        "task": task.public_id,
        "external_id": task.external_id,
        "project": task.project.public_id,
    }


def _overdue(event: Event) -> Iterator[tuple[int, dict[str, Any]]]:
    """One event of the sweeper concerns many clients; each hears of its own."""
    keys = [internal_id(Submission.prefix, s) for s in event.body["submissions"]]
    done = set(event.body["tasks_done"])
    by_client: dict[int, list[dict[str, Any]]] = {}
    rows = Submission.objects.filter(pk__in=keys, task__is_gold=False).order_by("pk")
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
