"""Run inside the instance by `manage shell`: thirty people, their tokens and work for all of them.

Prints one line of JSON.
"""

import json

from tests.tasks.crew import Crew, moment
from workforce.operations.issuing import issue

PEOPLE, TASKS = 30, 2_000


def make() -> None:
    crew = Crew()
    people = [crew.tutor(f"Person{n}") for n in range(PEOPLE)]
    project = crew.project(lease_seconds=3_600)
    crew.tasks(project, TASKS)
    tokens = [issue(account=t.account, name="faults", at=moment()).secret for t in people]
    print(json.dumps({"project": project.public_id, "id": project.pk, "tokens": tokens}))
