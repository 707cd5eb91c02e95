"""`python -m bench.peopling [N]`: the people and projects of a world, through the operations.

Four domains; in each two specialities and three levels make six projects, so 24 pools of
attempts. A tutor has one or two specialities of her domain at some level, and signed papers
with all four clients: she is eligible for one to six pools.
"""

import sys
from datetime import timedelta
from typing import Any

from bench.house import enter

TUTORS = 200
CLIENTS = 4
LEVELS = (1, 2, 3)
TUTOR_LEVELS = (1, 2, 2, 3, 4)
BUDGET_MINOR = 10**13
EXPECTED_SECONDS = 600
FIELDS = {
    "stem": ("critique", ("stem.mathematics", "stem.physics")),
    "medicine": ("hallucination", ("medicine.psychiatry", "medicine.cardiology")),
    "finance": ("rubric", ("finance.accounting", "finance.credit")),
    "visual": ("preference", ("visual.design", "visual.image-understanding")),
}


def main() -> None:
    enter()
    from workforce.doors import now
    from workforce.operations.admitting import admit
    from workforce.rules.roles import Role

    at = now()
    recruiter = admit(
        email="ruth@example.org", name="Ruth", roles=[Role.RECRUITER], actor=None, at=at
    )
    manager = admit(email="max@example.org", name="Max", roles=[Role.MANAGER], actor=None, at=at)
    clients = _projects(manager, at=at)
    tutors = int(sys.argv[1]) if len(sys.argv) > 1 else TUTORS
    for number in range(tutors):
        _tutor(number, recruiter=recruiter, clients=clients, at=at)
    print(f"{tutors} tutors, {len(FIELDS) * 6} projects")


def _projects(manager: Any, *, at: Any) -> list[str]:
    from tasks.operations.commissioning import commission
    from tasks.operations.welcoming import add_client

    clients = [add_client(name=f"Client {n}", actor=manager, at=at) for n in range(1, CLIENTS + 1)]
    number = 0
    for kind, specialities in FIELDS.values():
        for speciality in specialities:
            for level in LEVELS:
                plan = _plan(number, kind=kind, speciality=speciality, level=level)
                client = clients[number % CLIENTS]
                commission(client=client, plan=plan, actor=manager, at=at)
                number += 1
    return [client.public_id for client in clients]


def _plan(number: int, *, kind: str, speciality: str, level: int) -> Any:
    from tasks.rules.projects import Plan

    qualified = {"kind": "qualification", "speciality": speciality, "level_min": level}
    nda = {"kind": "agreement", "type": "nda", "party": "client", "version_min": 1}
    return Plan(
        name=f"Bench {speciality} from level {level}",
        domain=speciality,
        task_type=kind,
        guide="# How to work\n\n" + "Read everything before the first mark. " * 40,
        requirements={
            "schema": 1,
            "name": f"{speciality} {level}",
            "rules": [
                {"id": "field", "mode": "hard", "test": qualified},
                {"id": "papers", "mode": "hard", "test": nda},
            ],
        },
        expected_seconds=EXPECTED_SECONDS,
        sla_minutes=2 * 24 * 60 if number % 2 else None,
        budget_minor=BUDGET_MINOR,
    )


def _tutor(number: int, *, recruiter: Any, clients: list[str], at: Any) -> None:
    from config.seeding.hiring import Newcomer, bring_in, take_on

    domain, (_kind, specialities) = list(FIELDS.items())[number % len(FIELDS)]
    turn = number // len(FIELDS)
    held = specialities if turn % 3 == 0 else (specialities[turn % 2],)
    newcomer = Newcomer(
        name=f"Tutor {number + 1}",
        email=f"tutor-{number + 1}@example.org",
        country="GB",
        time_zone="Europe/London",
        domains=[domain],
        qualified={speciality: TUTOR_LEVELS[turn % len(TUTOR_LEVELS)] for speciality in held},
    )
    tutor = bring_in(newcomer=newcomer, recruiter=recruiter, at=at - timedelta(minutes=1))
    take_on(tutor=tutor, recruiter=recruiter, at=at, clients=clients)


if __name__ == "__main__":
    main()
