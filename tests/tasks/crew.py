"""A project at work for tests, built through operations: Carl's client, tutors, reviewers.

Tutors are what the operations make, written down in fewer statements: see `likeness.py`.
Alice and Bob attempt, Rita reviews (and is a tutor too), Max manages, Ruth recruits.
"""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tasks.models import Client, Project, Task
from tasks.operations.commissioning import commission
from tasks.operations.intake import receive_items
from tasks.operations.loading import load_chunk
from tasks.operations.welcoming import add_client
from tasks.rules.projects import Plan
from tasks.rules.states import Dispatch
from tasks.types import task_type
from tests.people import person
from tests.tasks.likeness import Entry, Kind, tutor_like
from tutors.models import Tutor
from workforce.models import Account
from workforce.rules.roles import Role

ASKED = {
    "schema": 1,
    "name": "Maths",
    "rules": [
        {
            "id": "field",
            "mode": "hard",
            "test": {"kind": "qualification", "speciality": "stem.mathematics", "level_min": 1},
        }
    ],
}
ANSWER: dict[str, Any] = task_type("critique").sample_answer
INPUT: dict[str, Any] = task_type("critique").sample_input

_numbers = itertools.count(1)


def moment() -> datetime:
    return datetime.now(UTC)


@dataclass
class Crew:
    """Who is there. `at` is the moment of the set-up."""

    at: datetime = field(default_factory=moment)
    ruth: Account = field(init=False)
    max: Account = field(init=False)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.ruth = person("Ruth", Role.RECRUITER)
        self.max = person("Max", Role.MANAGER)
        self.client = add_client(name=f"Harbour {next(_numbers)}", actor=self.max, at=self.at)

    def tutor(
        self,
        name: str,
        *,
        level: int = 1,
        speciality: str = "stem.mathematics",
        reviewer: bool = False,
        contract: bool = True,
        capacity: int = 3,
    ) -> Tutor:
        """Somebody qualified, contracted and taking work."""
        roles = (Role.TUTOR, Role.REVIEWER) if reviewer else (Role.TUTOR,)
        entry = Entry(
            name=name,
            email=f"{name.lower()}-{next(_numbers)}@crew.example.org",
            recruiter=self.ruth,
            client=self.client,
            at=self.at,
        )
        return tutor_like(Kind(level, speciality, roles, contract, capacity), entry)

    def project(self, **changes: Any) -> Project:
        """A project of critiques, pulled from, each answer reviewed, budget unlimited."""
        wanted: dict[str, Any] = {
            "name": "Proofs",
            "domain": "stem.mathematics",
            "task_type": "critique",
            "guide": "# Find the first wrong step",
            "requirements": ASKED,
            "dispatch": Dispatch.PULL,
            "expected_seconds": 600,
            "lease_seconds": 600,
            **changes,
        }
        return commission(
            client=self.client, plan=Plan(**wanted), actor=self.max, at=self.at
        ).project

    def tasks(self, project: Project, count: int = 1, **more: Any) -> list[Task]:
        """That many new tasks of the project, oldest first."""
        start = project.tasks.count()
        items = [{"external_id": f"row-{start + n}", "input": INPUT, **more} for n in range(count)]
        batch = receive_items(project=project, items=items, actor=self.max, at=self.at)
        while load_chunk(batch_id=batch.pk, at=self.at):
            pass
        return list(project.tasks.order_by("id"))[start:]
