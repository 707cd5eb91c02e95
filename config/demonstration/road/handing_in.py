"""The clients' part: organisations, projects, pictures, batches; and their ends."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from config.demonstration.answers import AnswerBook
from config.demonstration.pieces import Json, Piece
from config.demonstration.road.calling import Caller
from config.demonstration.road.company import Company
from config.demonstration.road.listening import Listener
from config.demonstration.road.pace import Pace
from config.demonstration.story.clients import (
    CURRENCY,
    HOLD_SECONDS,
    LEASE_SECONDS,
    OFFER_TTL_SECONDS,
    ORGANISATIONS,
    PAID_CAP_SECONDS,
    PROJECTS,
    TARGET_SECONDS,
    Organisation,
    ProjectPlan,
)
from config.demonstration.story.people import MANAGERS

ITEMS_A_BATCH = 100
BATCH_WAIT_SECONDS = 60.0
ERRORS_SHOWN_MAX = 3
NEWS_WAIT_SECONDS = 30.0
NEWS_WANTED = {"tasks.batch_done", "tasks.submitted", "tasks.reviewed"}
BROKEN = {"external_id": "broken", "input": {"conversation": "this is not a conversation"}}


class IntakeWentWrong(Exception):
    """A batch did not become what was handed in."""


@dataclass(kw_only=True)
class Handed:
    """What was handed in: project ids by slug, and how many tasks came of it."""

    clients: dict[str, str] = field(default_factory=dict)  # domain → client id
    projects: dict[str, str] = field(default_factory=dict)  # slug → project id
    tasks: dict[str, int] = field(default_factory=dict)  # slug → new tasks

    @property
    def total(self) -> int:
        return sum(self.tasks.values())


def welcome(*, company: Company, handed: Handed) -> dict[str, str]:
    """A manager adds the organisations and who speaks for them; domain → the contact's address."""
    manager = company.caller(MANAGERS[0].email)
    for organisation in ORGANISATIONS:
        client = manager.post("clients/", {"name": organisation.name})
        manager.post(
            f"clients/{client['id']}/members/",
            {"email": organisation.email, "name": organisation.contact},
        )
        handed.clients[organisation.domain] = client["id"]
    return {organisation.domain: organisation.email for organisation in ORGANISATIONS}


def open_projects(*, company: Company, handed: Handed, pace: Pace) -> None:
    """Each client makes its own projects."""
    for plan in PROJECTS:
        contact = company.caller(_organisation(plan).email)
        project = contact.post("projects/", project_body(plan, pace=pace))
        handed.projects[plan.slug] = project["id"]


def _organisation(plan: ProjectPlan) -> Organisation:
    return next(each for each in ORGANISATIONS if each.slug == plan.client)


def project_body(plan: ProjectPlan, *, pace: Pace) -> Json:
    everything = pace.review_percent == 100
    return {
        "name": plan.name,
        "domain": plan.domain,
        "task_type": plan.task_type,
        "guide": plan.guide,
        "requirements": plan.requirements(),
        "overlap": plan.overlap,
        "review_policy": "all" if everything else "sample",
        "review_percent": pace.review_percent,
        "priority": plan.priority,
        "lease_seconds": LEASE_SECONDS,
        "hold_seconds": HOLD_SECONDS,
        "offer_ttl_seconds": OFFER_TTL_SECONDS,
        "expected_seconds": TARGET_SECONDS,
        "paid_cap_seconds": PAID_CAP_SECONDS,
        "dispatch": "both",
        "budget": {"amount_minor": plan.budget_minor, "currency": CURRENCY},
    }


def hand_in(*, company: Company, handed: Handed, pieces: Iterable[Piece], book: AnswerBook) -> None:
    """Upload the pictures, then the items, project by project; wait until they are tasks."""
    by_type: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_type.setdefault(piece.task_type, []).append(piece)
    for plan in PROJECTS:
        contact = company.caller(_organisation(plan).email)
        items = list(_items(contact, pieces=by_type.get(plan.task_type, []), book=book))
        project = handed.projects[plan.slug]
        handed.tasks[plan.slug] = _hand_in_all(contact, project=project, items=items)
    _show_bad_rows(company, handed=handed)


def _items(contact: Caller, *, pieces: list[Piece], book: AnswerBook) -> Iterator[Json]:
    """The items with the hashes that the service gave their pictures; the book learns them too."""
    stored: dict[str, Json] = {}
    for piece in pieces:
        task_input = dict(piece.input)
        for picture in piece.pictures:
            if picture.sha256 not in stored:
                stored[picture.sha256] = contact.upload(
                    "media/",
                    name=f"{picture.name}.png",
                    content=picture.png,
                    content_type="image/png",
                )
        if piece.pictures:
            task_input["media"] = [_renamed(each, stored) for each in task_input["media"]]
        book.add(task_type=piece.task_type, task_input=task_input, hints=piece.hints)
        yield {**piece.item(), "input": task_input}


def _renamed(medium: Json, stored: dict[str, Json]) -> Json:
    kept = stored[medium["sha256"]]
    return {**medium, **{key: kept[key] for key in ("sha256", "width", "height")}}


def _hand_in_all(contact: Caller, *, project: str, items: list[Json]) -> int:
    """In batches: the first as JSON, the others as JSONL files; the number of new tasks."""
    waiting = iter(items)
    batches: list[Json] = []
    while chunk := list(islice(waiting, ITEMS_A_BATCH)):
        batches.append(_hand_in(contact, project=project, items=chunk, as_file=bool(batches)))
    told = [_wait(contact, batch["id"]) for batch in batches]
    new = sum(int(batch["counts"]["new"]) for batch in told)
    if new != len(items):
        errors = [error for batch in told for error in batch["errors"]][:ERRORS_SHOWN_MAX]
        raise IntakeWentWrong(f"{project}: {len(items)} handed in, {new} became tasks: {errors}")
    return new


def _hand_in(contact: Caller, *, project: str, items: list[Json], as_file: bool) -> Json:
    if as_file:
        lines = "\n".join(json.dumps(item) for item in items).encode()
        answer: Json = contact.upload(
            f"projects/{project}/batches/",
            name="items.jsonl",
            content=lines,
            content_type="application/jsonl",
        )
        return answer
    told: Json = contact.post(f"projects/{project}/batches/", {"items": items})
    return told


def _wait(contact: Caller, batch: str) -> Any:
    deadline = time.monotonic() + BATCH_WAIT_SECONDS
    while time.monotonic() < deadline:
        told = contact.get(f"batches/{batch}/")
        if told["state"] == "done":
            return told
        if told["state"] == "failed":
            raise IntakeWentWrong(f"{batch} failed: {told['note']}")
        time.sleep(0.3)
    raise IntakeWentWrong(f"{batch} was not loaded within {BATCH_WAIT_SECONDS:.0f} s")


def _show_bad_rows(company: Company, *, handed: Handed) -> None:
    """A batch with a broken row and one that is there already adds nothing and says why."""
    plan = PROJECTS[0]
    contact = company.caller(_organisation(plan).email)
    project = handed.projects[plan.slug]
    batch = contact.post(f"projects/{project}/batches/", {"items": [BROKEN]})
    told = _wait(contact, batch["id"])
    if told["counts"]["error"] != 1 or told["counts"]["new"] or not told["errors"]:
        raise IntakeWentWrong(f"a broken row was not reported: {told}")


def results(*, company: Company, handed: Handed) -> dict[str, list[Json]]:
    """Every project's export, by slug: each task accepted once, its meta back with it."""
    found = {}
    for plan in PROJECTS:
        contact = company.caller(_organisation(plan).email)
        reply = contact.fetch(f"projects/{handed.projects[plan.slug]}/export/", format="jsonl")
        lines = [json.loads(line) for line in reply.content.splitlines() if line.strip()]
        _check_results(plan.slug, lines=lines, tasks=handed.tasks[plan.slug])
        found[plan.slug] = lines
    return found


def _check_results(slug: str, *, lines: list[Json], tasks: int) -> None:
    accepted = [line["external_id"] for line in lines if line["status"] == "accepted"]
    if sorted(accepted) != sorted(set(accepted)) or len(accepted) != tasks:
        raise IntakeWentWrong(f"{slug}: {tasks} tasks, {len(accepted)} accepted results")
    strangers = [line for line in lines if not (line["meta"] or {}).get("made_by")]
    if strangers:
        raise IntakeWentWrong(f"{slug}: meta did not come back with {strangers[0]}")


def listen(*, company: Company, listener: Listener) -> None:
    """Each client asks for news; its secret is shown once."""
    for organisation in ORGANISATIONS:
        contact = company.caller(organisation.email)
        endpoint = contact.post("webhook-endpoints/", {"url": listener.url})
        listener.secrets.append(endpoint["secret"])


def hear(*, listener: Listener) -> None:
    """Wait until news of every batch and of tasks has come, each signature verified."""
    deadline = time.monotonic() + NEWS_WAIT_SECONDS
    while time.monotonic() < deadline:
        if set(listener.kinds) >= NEWS_WANTED:
            break
        time.sleep(0.5)
    missing = NEWS_WANTED - set(listener.kinds)
    if missing or listener.forged:
        raise IntakeWentWrong(
            f"webhooks missing: {sorted(missing)}; with a wrong signature: {listener.forged}"
        )
