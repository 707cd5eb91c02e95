"""Clients and their projects for tests: Carl speaks for Harbour, Charlie must see nothing of it."""

from typing import Any

from rest_framework.test import APIClient

from config.reactions import REACTIONS
from tasks import jobs  # noqa: F401 - registers the kinds
from tasks.models import Client
from tasks.operations.welcoming import add_client, join
from tasks.types import task_type
from tests.people import AT, knock, person
from workforce.jobs import KINDS, perform
from workforce.models import Account, Domain, Job
from workforce.models.fields import database_now
from workforce.operations.founding import found
from workforce.operations.relaying import relay
from workforce.rules.jobs import JobState
from workforce.rules.roles import Role

OPEN_TO_ALL: dict[str, Any] = {"schema": 1, "name": "Anybody", "rules": []}
MATHS: dict[str, Any] = {
    "schema": 1,
    "name": "Maths",
    "rules": [
        {
            "id": "field",
            "mode": "hard",
            "test": {"kind": "qualification", "speciality": "stem.mathematics", "level_min": 1},
        },
        {
            "id": "papers",
            "mode": "hard",
            "test": {"kind": "agreement", "type": "nda", "party": "client", "version_min": 1},
        },
        {
            "id": "published",
            "mode": "soft",
            "relax_after_minutes": 120,
            "test": {
                "kind": "credential",
                "type": "publication",
                "field": "mathematics",
                "count_min": 3,
                "verified": "document",
            },
        },
    ],
}


def grounds() -> None:
    """Domains and rate cards, as every instance has them."""
    if not Domain.objects.exists():
        found(at=AT)


def client_with(name: str, member: str) -> tuple[Client, Account]:
    """A client organisation and the person who speaks for it."""
    boss = person("Max", Role.MANAGER)
    speaker = person(member, Role.CLIENT)
    client = add_client(name=name, actor=boss, at=AT)
    join(client=client, account=speaker, actor=boss, at=AT)
    return client, speaker


def wish(**changes: Any) -> dict[str, Any]:
    """The body of a new project."""
    return {
        "name": "Proofs",
        "domain": "stem.mathematics",
        "task_type": "critique",
        "guide": "# Find the first wrong step",
        "requirements": OPEN_TO_ALL,
        "budget": {"amount_minor": 500_000, "currency": "USD"},
        **changes,
    }


def commissioned(knocking: APIClient, **changes: Any) -> str:
    """The id of a new project."""
    answer = knocking.post("/api/v1/projects/", wish(**changes), format="json")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def item(n: int, **changes: Any) -> dict[str, Any]:
    """A sound critique item."""
    return {"external_id": f"row-{n}", "input": task_type("critique").sample_input, **changes}


def work_off(*, kinds: tuple[str, ...] = ("tasks.load_batch",), rounds: int = 50) -> list[Job]:
    """Relay events and do the due jobs of these kinds, as relay and workers would."""
    done: list[Job] = []
    for _ in range(rounds):
        while relay(reactions=REACTIONS):
            pass
        ready = Job.objects.filter(state=JobState.DUE, run_at__lte=database_now())
        due = list(ready.filter(kind__in=kinds).order_by("id"))
        if not due:
            return done
        for each in due:
            handler, outside = KINDS[each.kind], each.kind in OUTSIDE
            perform(job_id=each.pk, kind=each.kind, handler=handler, outside=outside)
            each.refresh_from_db()
            done.append(each)
    raise AssertionError("The jobs never end.")


OUTSIDE = frozenset({"tasks.deliver_webhook"})

__all__ = ["client_with", "commissioned", "grounds", "item", "knock", "wish", "work_off"]
