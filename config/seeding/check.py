"""The world of `seed --scenario check`: everybody whom an acceptance check wants to meet.

Each run adds a world of its own, so checks do not stand in each other's way.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from config.seeding.hiring import Newcomer, bring_in, take_on
from tasks.models import Client, Project
from tasks.operations.commissioning import commission
from tasks.operations.welcoming import add_client, join
from tasks.rules.projects import Plan
from tasks.rules.states import Dispatch
from tutors.models import Tutor
from tutors.operations.qualifying import grant, revoke
from workforce.models import Account
from workforce.operations.admitting import admit
from workforce.operations.issuing import issue
from workforce.rules.roles import Role, Scope

DOMAINS = {
    "stem": ("stem.mathematics", "preference"),
    "medicine": ("medicine.psychiatry", "hallucination"),
    "finance": ("finance.accounting", "rubric"),
    "visual": ("visual.image-understanding", "image"),
}
LEVELS = (1, 3)
TOKEN_DAYS = 30


@dataclass(kw_only=True)
class World:
    """What the caller is told, as it grows."""

    mark: str
    at: datetime
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        return {
            "base_url": settings.BASE_URL,
            "accounts": self.accounts,
            "projects": self.projects,
        }

    def email(self, key: str) -> str:
        return f"{key.replace('_', '-')}.{self.mark}@example.org"

    def note(self, key: str, account: Account, **more: Any) -> None:
        """Give the account a token and remember it under the key."""
        finance = Role.FINANCE in account.roles
        scopes = [Scope.API, Scope.PAYOUTS_RELEASE] if finance else [Scope.API]
        issued = issue(
            account=account,
            name="check",
            scopes=scopes,
            days=TOKEN_DAYS,
            stepped_up=True,
            at=self.at,
        )
        self.accounts[key] = {"email": account.email, "token": issued.secret, **more}


def build(*, at: datetime) -> World:
    """Two clients, a project in each domain, staff, reviewers and tutors at work."""
    world = World(mark=secrets.token_hex(4), at=at)
    staff = _staff(world)
    clients = [_client(world, key, actor=staff["manager_1"]) for key in ("client_a", "client_b")]
    for number, slug in enumerate(DOMAINS):
        owner = clients[number % len(clients)]
        project = _project(world, slug, client=owner, actor=staff["manager_1"])
        world.projects[slug] = project.public_id
    parties = [client.public_id for client in clients]
    _reviewers(world, recruiter=staff["recruiter"], clients=parties)
    _tutors(world, recruiter=staff["recruiter"], clients=parties)
    _outsiders(world, recruiter=staff["recruiter"], clients=parties)
    return world


def _staff(world: World) -> dict[str, Account]:
    wanted = {
        "recruiter": Role.RECRUITER,
        "manager_1": Role.MANAGER,
        "manager_2": Role.MANAGER,
        "finance_1": Role.FINANCE,
        "finance_2": Role.FINANCE,
        "admin": Role.ADMIN,
    }
    found = {}
    for key, role in wanted.items():
        name = key.replace("_", " ").title()
        found[key] = admit(
            email=world.email(key), name=name, roles=[role], actor=None, at=world.at, is_demo=True
        )
        world.note(key, found[key])
    return found


def _client(world: World, key: str, *, actor: Account) -> Client:
    name = key.replace("_", " ").title()
    client = add_client(name=f"{name} {world.mark}", actor=actor, at=world.at)
    account = admit(
        email=world.email(key),
        name=name,
        roles=[Role.CLIENT],
        actor=actor,
        at=world.at,
        is_demo=True,
    )
    join(client=client, account=account, actor=actor, at=world.at)
    world.note(key, account, client_id=client.public_id)
    return client


def _project(world: World, slug: str, *, client: Client, actor: Account) -> Project:
    _speciality, kind = DOMAINS[slug]
    test = {"kind": "qualification", "speciality": slug, "level_min": 1}
    plan = Plan(
        name=f"Check {slug} {world.mark}",
        domain=slug,
        task_type=kind,
        guide=f"# Check project\n\nAnswer with care. This is a project for checks in {slug}.",
        requirements={
            "schema": 1,
            "name": f"Check {slug}",
            "rules": [{"id": "field", "mode": "hard", "test": test}],
        },
        dispatch=Dispatch.PULL,
        overlap=1,
        gold_percent=0,
    )
    return commission(client=client, plan=plan, actor=actor, at=world.at).project


def _reviewers(world: World, *, recruiter: Account, clients: list[str]) -> None:
    for number in (1, 2):
        key = f"reviewer_{number}"
        newcomer = _newcomer(
            world,
            key,
            qualified={speciality: 3 for speciality, _kind in DOMAINS.values()},
            roles=[Role.TUTOR, Role.REVIEWER],
        )
        tutor = bring_in(newcomer=newcomer, recruiter=recruiter, at=world.at)
        take_on(tutor=tutor, recruiter=recruiter, at=world.at, clients=clients)
        world.note(key, tutor.account, tutor_id=tutor.public_id)


def _tutors(world: World, *, recruiter: Account, clients: list[str]) -> None:
    number = 0
    for slug, (speciality, _kind) in DOMAINS.items():
        for level in LEVELS:
            number += 1
            newcomer = _newcomer(world, f"tutor_{number}", qualified={speciality: level})
            tutor = bring_in(newcomer=newcomer, recruiter=recruiter, at=world.at)
            take_on(tutor=tutor, recruiter=recruiter, at=world.at, clients=clients)
            _note_tutor(world, f"tutor_{number}", tutor, domain=slug, level=level)


def _outsiders(world: World, *, recruiter: Account, clients: list[str]) -> None:
    """Two who may not take work: no contract, and a qualification that is over."""
    plain = bring_in(
        newcomer=_newcomer(world, "tutor_without_contract", qualified={"stem.mathematics": 2}),
        recruiter=recruiter,
        at=world.at,
    )
    _note_tutor(world, "tutor_without_contract", plain, domain="stem", level=2)
    lapsed = bring_in(
        newcomer=_newcomer(world, "tutor_lapsed", qualified={"medicine.psychiatry": 2}),
        recruiter=recruiter,
        at=world.at,
    )
    take_on(tutor=lapsed, recruiter=recruiter, at=world.at, clients=clients)
    _let_lapse(lapsed, recruiter=recruiter, at=world.at)
    _note_tutor(world, "tutor_lapsed", lapsed, domain="medicine", level=2)


def _let_lapse(tutor: Tutor, *, recruiter: Account, at: datetime) -> None:
    """Replace the grant by one that ran out yesterday."""
    before = at - timedelta(days=90)
    held = tutor.qualifications.get()
    revoke(qualification=held, reason="check", actor=recruiter, at=before)
    grant(
        tutor=tutor,
        speciality="medicine.psychiatry",
        level=2,
        expires_at=at - timedelta(days=1),
        actor=recruiter,
        at=before,
    )


def _newcomer(
    world: World, key: str, *, qualified: dict[str, int], roles: tuple[Role, ...] | list[Role] = ()
) -> Newcomer:
    return Newcomer(
        name=key.replace("_", " ").title(),
        email=world.email(key),
        country="GB",
        time_zone="Europe/London",
        domains=sorted({slug.partition(".")[0] for slug in qualified}),
        qualified=qualified,
        roles=roles or (Role.TUTOR,),
        is_demo=True,
    )


def _note_tutor(world: World, key: str, tutor: Tutor, *, domain: str, level: int) -> None:
    world.note(key, tutor.account, tutor_id=tutor.public_id, domain=domain, level=level)
