"""The small demonstration, put into an instance by operations: people to sign in as, work to do.

Used by `./lectern up`. What `demo_run` plays in minutes through the API stands here ready to be
played by hand.
"""

import io
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from config.demonstration import background, waiting
from config.demonstration.answers import AnswerBook
from config.demonstration.material import own_pieces
from config.demonstration.pieces import Json, Piece
from config.demonstration.road.hiring import PROOFS, QUALIFIED_FOR
from config.demonstration.story import notes
from config.demonstration.story.clients import (
    CURRENCY,
    ORGANISATIONS,
    PROJECTS,
    SETS,
    ProjectPlan,
)
from config.demonstration.story.people import MANAGERS, RECRUITER, STAFF, Expert, cast
from config.seeding.hiring import Newcomer, bring_in, take_on
from tasks.models import Client
from tasks.operations.commissioning import commission
from tasks.operations.intake import receive_items
from tasks.operations.loading import load_chunk
from tasks.operations.storing import store
from tasks.operations.welcoming import add_client, join
from tasks.rules.projects import Plan
from tasks.types import task_type
from tutors.models import NamedSet, Tutor
from tutors.operations.naming import name_set
from tutors.operations.vetting import Proof, add_credential, verify_credential
from tutors.rules.states import CredentialStatus, CredentialType, Verified
from workforce.access import needs_second_factor
from workforce.models import Account
from workforce.operations.admitting import admit
from workforce.operations.securing import give_demonstration_factor
from workforce.queries.accounts import by_email
from workforce.rules.roles import Role

PASSWORD = "lectern-demonstration"  # noqa: S105 - printed by `up`; refused by production settings
ATTEMPTERS, REVIEWERS = 3, 1
EXPECTED_SECONDS = 10 * 60


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Somebody to be."""

    role: str
    name: str
    email: str


def sign_ins() -> list[SignIn]:
    """Everybody of the small demonstration, in the order of the road."""
    staff = [SignIn(role=each.role, name=each.name, email=each.email) for each in STAFF]
    contacts = [
        SignIn(role=f"client, {each.name}", name=each.contact, email=each.email)
        for each in ORGANISATIONS
    ]
    people = [
        SignIn(
            role=f"{'reviewer' if each.part == 'review' else 'tutor'}, {each.domain}",
            name=each.name,
            email=each.email,
        )
        for each in experts()
    ]
    return [*staff, *contacts, *people]


def experts() -> list[Expert]:
    return cast(attempters=ATTEMPTERS, reviewers=REVIEWERS)


def load(*, at: datetime) -> AnswerBook | None:
    """Load it all in one transaction; None when it is there already.

    The book knows what is true of the tasks.
    """
    if by_email(email=RECRUITER.email) is not None:
        return None
    with transaction.atomic():
        staff = {
            person.email: admit(
                email=person.email,
                name=person.name,
                roles=[Role(person.role)],
                actor=None,
                at=at,
                password=PASSWORD,
                is_demo=True,
            )
            for person in STAFF
        }
        for account in staff.values():
            if needs_second_factor(account=account):
                give_demonstration_factor(account=account)
        clients = _welcome(manager=staff[MANAGERS[0].email], at=at)
        hired = [
            _hire(
                expert,
                recruiter=staff[RECRUITER.email],
                client=clients[expert.domain].public_id,
                at=at,
            )
            for expert in experts()
        ]
        background.note(tutor=hired[0], recruiter=staff[RECRUITER.email], at=at)
        waiting.bring_in(recruiter=staff[RECRUITER.email], password=PASSWORD, at=at)
        return _open(clients=clients, manager=staff[MANAGERS[0].email], at=at)


def _welcome(*, manager: Account, at: datetime) -> dict[str, Client]:
    """The organisations, each with its contact; by domain."""
    clients = {}
    for organisation in ORGANISATIONS:
        client = add_client(name=organisation.name, actor=manager, at=at)
        contact = admit(
            email=organisation.email,
            name=organisation.contact,
            roles=[Role.CLIENT],
            actor=manager,
            at=at,
            password=PASSWORD,
            is_demo=True,
        )
        join(client=client, account=contact, actor=manager, at=at)
        clients[organisation.domain] = client
    return clients


def _hire(expert: Expert, *, recruiter: Account, client: str, at: datetime) -> Tutor:
    roles = (Role.TUTOR, Role.REVIEWER) if expert.part == "review" else (Role.TUTOR,)
    newcomer = Newcomer(
        name=expert.name,
        email=expert.email,
        country=expert.country,
        time_zone=expert.zone,
        domains=[expert.domain],
        qualified={expert.speciality: expert.level},
        roles=roles,
        password=PASSWORD,
        is_demo=True,
    )
    tutor = bring_in(newcomer=newcomer, recruiter=recruiter, at=at)
    proof = _proof(expert, at=at)
    credential = add_credential(tutor=tutor, proof=proof, actor=recruiter, at=at)
    verify_credential(
        credential=credential,
        level=Verified.DOCUMENT,
        source="The paper was looked at (demonstration).",
        actor=recruiter,
        at=at,
    )
    take_on(tutor=tutor, recruiter=recruiter, at=at, clients=[client])
    return tutor


def _proof(expert: Expert, *, at: datetime) -> Proof:
    said = PROOFS[expert.domain]
    kind = CredentialType(said["type"])
    licence = kind is CredentialType.LICENCE
    return Proof(
        type=kind,
        status=CredentialStatus(said["status"]),
        field=said.get("field", ""),
        name=said.get("name", ""),
        profession=said.get("profession", ""),
        count=said.get("count", 1),
        issuer="Invented Institute",
        jurisdiction=expert.country if licence else "",
        expires_on=(at + QUALIFIED_FOR).date() if licence else None,
    )


def _open(*, clients: dict[str, Client], manager: Account, at: datetime) -> AnswerBook:
    """The projects and their tasks, loaded at once: a new instance has nothing to wait for."""
    book = AnswerBook()
    clip = task_type("video").sample_input["media"][0]
    named: dict[str, NamedSet] = {}
    by_type: dict[str, list[Piece]] = {}
    for piece in own_pieces(clip=clip):
        by_type.setdefault(piece.task_type, []).append(piece)
    for plan in PROJECTS:
        client = clients[plan.domain]
        if plan.speciality not in named:
            document = {**plan.requirements(), "name": SETS[plan.speciality]}
            named[plan.speciality] = name_set(document=document, actor=manager, at=at)
        wanted = replace(_plan(plan), named_set=named[plan.speciality].pk)
        commissioned = commission(client=client, plan=wanted, actor=manager, at=at)
        items = []
        pieces = by_type[plan.task_type]
        for piece in notes.mixed(pieces) if plan.slug == notes.SLUG else pieces:
            item = _item(piece, client=client, actor=manager, at=at)
            book.add(task_type=piece.task_type, task_input=item["input"], hints=piece.hints)
            items.append(item)
        batch = receive_items(project=commissioned.project, items=items, actor=manager, at=at)
        while load_chunk(batch_id=batch.pk, at=at):
            pass
    return book


def _item(piece: Piece, *, client: Client, actor: Account, at: datetime) -> Json:
    """The item with its pictures stored, under the hashes that they have there."""
    item = piece.item()
    stored = {
        picture.sha256: store(client=client, file=io.BytesIO(picture.png), actor=actor, at=at)
        for picture in piece.pictures
    }
    if stored:
        media = [
            {**medium, "sha256": stored[medium["sha256"]].sha256} for medium in piece.input["media"]
        ]
        item["input"] = {**piece.input, "media": media}
    return item


def _plan(plan: ProjectPlan) -> Plan:
    asked = Plan(
        name=plan.name,
        domain=plan.domain,
        task_type=plan.task_type,
        guide=plan.guide,
        requirements=plan.requirements(),
        overlap=plan.overlap,
        priority=plan.priority,
        expected_seconds=EXPECTED_SECONDS,
        budget_minor=plan.budget_minor,
        currency=CURRENCY,
    )
    return replace(asked, **notes.TERMS) if plan.slug == notes.SLUG else asked
