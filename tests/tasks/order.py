"""A small model beside the real operations: who may take what, and what may become of things.

Facts about people are kept here by what was done to them; work is read off the database after
each step and compared with what was there before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection

from tasks.queries.invariants import RULES
from tasks.rules.states import (
    CLAIM_WAYS,
    COUNTING_CLAIMS,
    OPEN_CLAIMS,
    SLOT_WAYS,
    WITNESS_CLAIMS,
    ClaimState,
    OfferKind,
    OfferState,
    ProjectState,
    SlotState,
    WorkRole,
)
from tests.tasks.ageing import later
from tutors.models import Tutor
from workforce.queries.plans import prepared

YEAR = timedelta(days=365).total_seconds()


@dataclass
class Somebody:
    """A tutor as the model knows her; seconds count down as time passes."""

    tutor: Tutor
    reviewer: bool
    capacity: int
    active: bool = True
    contract: bool = True
    qualified: float = YEAR
    taking: float = YEAR
    paused: bool = False
    linked: set[int] = field(default_factory=set)

    @property
    def id(self) -> int:
        return self.tutor.pk

    @property
    def person(self) -> set[int]:
        return {self.id, *self.linked}

    def ages(self, seconds: float) -> None:
        self.qualified -= seconds
        self.taking -= seconds

    def refusal(self, in_hand: int) -> str | None:
        """What stands in her way whatever the work, in the order in which it is told."""
        if not self.active:
            return "account_closed"
        if not self.contract:
            return "contract_ended"
        if self.paused:
            return "paused"
        if self.taking <= 0:
            return "presence_lapsed"
        return None if in_hand < self.capacity else "capacity_full"


@dataclass(frozen=True)
class Slot:
    id: int
    task: int
    project: int
    role: WorkRole
    state: SlotState
    fence: int
    opened_at: float
    put_forward: bool


@dataclass(frozen=True)
class Claim:
    id: int
    slot: int
    task: int
    tutor: int
    role: WorkRole
    state: ClaimState
    fence: int

    @property
    def open(self) -> bool:
        return self.state in OPEN_CLAIMS


@dataclass(frozen=True)
class Offer:
    id: int
    slot: int
    task: int
    tutor: int
    role: WorkRole
    kind: OfferKind
    state: OfferState
    live: bool


_SEEN = """
SELECT (SELECT json_agg(json_build_array(s.id, s.task_id, p.project_id, s.role, s.state, s.fence,
                                         extract(epoch FROM s.opened_at),
                                         EXISTS (SELECT 1 FROM tasks_goldwaiting w
                                                  WHERE w.slot_id = s.id)) ORDER BY s.id)
          FROM tasks_slot s JOIN tasks_pool p ON p.id = s.pool_id),
       (SELECT json_agg(json_build_array(id, slot_id, task_id, tutor_id, role, state, fence)
                        ORDER BY id) FROM tasks_claim),
       (SELECT json_agg(json_build_array(id, slot_id, task_id, tutor_id, role, kind, state,
                                         state = 'offered' AND expires_at > statement_timestamp())
                        ORDER BY kind = 'revision' DESC, id) FROM tasks_offer),
       (SELECT json_object_agg(id, state) FROM tasks_project),
       (SELECT json_object_agg(id, state) FROM tasks_task)
"""


@dataclass(frozen=True)
class Seen:
    """All work at one moment, by key."""

    slots: dict[int, Slot]
    claims: dict[int, Claim]
    offers: dict[int, Offer]
    projects: dict[int, ProjectState]
    tasks: dict[int, str]

    @classmethod
    def now(cls) -> "Seen":
        with prepared() as cursor:
            cursor.execute(_SEEN)
            slots, claims, offers, projects, tasks = (each or [] for each in cursor.fetchone())
        return cls(
            slots={r[0]: Slot(*r[:3], WorkRole(r[3]), SlotState(r[4]), *r[5:]) for r in slots},
            claims={r[0]: Claim(*r[:4], WorkRole(r[4]), ClaimState(r[5]), r[6]) for r in claims},
            offers={
                r[0]: Offer(*r[:4], WorkRole(r[4]), OfferKind(r[5]), OfferState(r[6]), r[7])
                for r in offers
            },
            projects={int(k): ProjectState(v) for k, v in dict(projects).items()},
            tasks={int(k): v for k, v in dict(tasks).items()},
        )

    def in_hand(self, who: Somebody) -> list[Claim]:
        return [c for c in self.claims.values() if c.tutor == who.id and c.open]

    def offered(self, who: Somebody) -> list[Offer]:
        return [o for o in self.offers.values() if o.tutor == who.id and o.live]

    def known_to(self, who: Somebody, slot: Slot) -> bool:
        """Whether she, or an account linked to hers, has had to do with the slot's task."""
        for claim in self.claims.values():
            if claim.task != slot.task or claim.tutor not in who.person:
                continue
            if claim.role is not slot.role:
                if claim.state in WITNESS_CLAIMS:
                    return True
            elif slot.role is WorkRole.ATTEMPT and (
                claim.state in COUNTING_CLAIMS
                or (claim.state is ClaimState.REVISION_REQUESTED and claim.slot != slot.id)
            ):
                return True
        return False

    def may_accept(self, who: Somebody, offer: Offer) -> bool:
        slot = self.slots[offer.slot]
        given = offer.kind is OfferKind.REVISION
        given = given or self.projects[slot.project] is ProjectState.OPEN
        return offer.live and given and who.qualified > 0 and not self.known_to(who, slot)

    def takes(self, who: Somebody, *, role: WorkRole, project: int | None, short: int) -> set[int]:
        """The slots one of which she gets when she asks; her offers come before the rest.

        The money of the project `short` may be gone: then what comes next is hers.
        """
        kept = set()
        for offer in self.offered(who):
            where = self.slots[offer.slot].project
            if offer.role is role and project in (None, where) and self.may_accept(who, offer):
                kept.add(offer.slot)
                if where != short:
                    return kept
        return kept | {
            slot.id
            for slot in self.slots.values()
            if slot.role is role
            and slot.state is SlotState.OPEN
            and project in (None, slot.project)
            and self.projects[slot.project] is ProjectState.OPEN
            and who.qualified > 0
            and not self.known_to(who, slot)
        }

    def changes(self, before: "Seen", *, aged: int) -> Iterator[str]:
        """What has happened since that no rule of the states allows."""
        for claim in before.claims.values():
            now = self.claims[claim.id]
            if now.state is not claim.state and now.state not in _reach(CLAIM_WAYS, claim.state):
                yield f"claim {claim.id} went from {claim.state} to {now.state}"
        for slot in before.slots.values():
            now = self.slots[slot.id]
            if now.state is not slot.state and now.state not in _reach(SLOT_WAYS, slot.state):
                yield f"slot {slot.id} went from {slot.state} to {now.state}"
            moved = now.put_forward and not slot.put_forward
            if not moved and abs(now.opened_at + aged - slot.opened_at) > 0.001:
                yield f"slot {slot.id} has another age"
            if now.fence < slot.fence:
                yield f"slot {slot.id} has a lower fence"
        for offer in before.offers.values():
            now = self.offers[offer.id]
            if now.state is not offer.state and offer.state is not OfferState.OFFERED:
                yield f"offer {offer.id} was {offer.state} and is {now.state}"
        for task, state in before.tasks.items():
            if state == "cancelled" and self.tasks[task] != "cancelled":
                yield f"task {task} is wanted again"


def _reach(ways: Any, state: Any) -> set[Any]:
    """The states that one or two moves lead to: a step may do two things to one row."""
    first = set(ways[state])
    return first.union(*(ways[each] for each in first))


SWEPT_AWAY = {"no_orphan_leases", "no_orphan_offers"}
"""These speak against nobody until the sweeper has passed."""

_ALL = " UNION ALL ".join(
    f"SELECT '{name}', found.* FROM ({statement}) found(problem)"
    for name, statement in RULES.items()
)


def broken(*, swept: bool) -> list[tuple[str, str]]:
    """What `check_invariants` would say about this floor, asked in one statement."""
    with prepared() as cursor:
        cursor.execute(_ALL)
        found = cursor.fetchall()
    return [row for row in found if swept or row[0] not in SWEPT_AWAY]


_FACTS_AGE = (
    "UPDATE tutors_qualification SET granted_at = granted_at - make_interval(secs => %(s)s),"
    " expires_at = expires_at - make_interval(secs => %(s)s)",
    "UPDATE tutors_tutor SET presence_until = presence_until - make_interval(secs => %(s)s)",
)


def pass_time(*, seconds: int) -> None:
    """Age work and those facts about people that run out."""
    later(seconds=seconds)
    with connection.cursor() as cursor:
        for statement in _FACTS_AGE:
            cursor.execute(statement, {"s": seconds})
