"""What a match is about: a pool and its project, a tutor's hands, and her past with a task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tasks.rules import ranking
from tasks.rules.policies import NOTHING_SET, InForce, Policy
from tasks.rules.states import Dispatch, ProjectState, WorkRole
from workforce.rules.ids import public_id


class Way(StrEnum):
    """How a piece of work would come to the tutor."""

    PULL = "pull"  # she asks for the next one
    PUSH = "push"  # the router thinks of offering it
    OFFER = "offer"  # she accepts what was offered
    REVISION = "revision"  # her own work came back

    @classmethod
    def open_to_her(cls, dispatch: Dispatch) -> "Way":
        """How somebody may come to such work by herself at all: what is only offered, by offer."""
        return cls.OFFER if dispatch is Dispatch.PUSH else cls.PULL


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAhead:
    """A pool with what its project says about claims there. `room_minor` None: no limit.

    Seconds are those of the role; `step` of the requirement set is already applied. `attempts`:
    what the policy counts shares in, known where it limits them.
    """

    pool_id: int
    project_id: int
    client_id: int
    role: WorkRole
    step: int
    signature: str
    queue: str
    domain: str
    task_type: str
    state: ProjectState
    dispatch: Dispatch
    lease_seconds: int
    hold_seconds: int
    offer_ttl_seconds: int
    expected_seconds: int
    paid_cap_seconds: int
    sla_minutes: int | None
    rate_rule: Mapping[str, Any] = field(default_factory=dict)
    budget_currency: str = ""
    room_minor: int | None = None
    in_force: InForce = NOTHING_SET
    attempts: int | None = None

    @property
    def policy(self) -> Policy:
        return self.in_force.policy

    @property
    def weight(self) -> int:
        """How many of somebody's hands one piece of this work fills."""
        return self.policy.weight(self.role)

    @property
    def weighs_standing(self) -> bool:
        """Whether how good somebody's answers were counts here; judging others is another thing."""
        return self.role is WorkRole.ATTEMPT and self.policy.standing_minutes > 0

    @property
    def timely_minutes(self) -> int:
        """The longest wait after which a slot can still be in time; 0 without an SLA."""
        return ranking.timely_minutes(
            sla_minutes=self.sla_minutes, expected_seconds=self.expected_seconds
        )

    @property
    def project(self) -> str:
        return public_id("P", self.project_id)

    @property
    def client(self) -> str:
        return public_id("C", self.client_id)


@dataclass(frozen=True, slots=True)
class Hands:
    """What a tutor has in hand, this pay week and today. Seconds and counts.

    `used_seconds` is worked time of the week; `promised_seconds` what open claims still expect.
    `open_weight`, `offered_weight`: the hands that open claims, and live offers, fill.
    `attempts`: her attempts of the last days by project, known where a policy limits shares.
    """

    tutor_id: int
    open_weight: int = 0
    promised_seconds: int = 0
    used_seconds: int = 0
    recent_claims: int = 0
    live_offers: int = 0
    offered_weight: int = 0
    attempts: Mapping[int, int] = field(default_factory=dict)

    @property
    def promised_weight(self) -> int:
        """The hands that are full when she accepts all that is offered to her."""
        return self.open_weight + self.offered_weight

    @property
    def given(self) -> int:
        """What she was given today; an offer that waits for her answer counts as well."""
        return self.recent_claims + self.live_offers


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a tutor has to do with a task already, and whether she said no to it.

    `by_linked`: an account linked to hers has, so she counts as having.
    """

    on_task: bool = False
    authored: bool = False
    reviewed: bool = False
    by_linked: bool = False
    declined: bool = False


NO_HISTORY = History()
