"""The routing policy: what a match is worth, and the windows and limits of routing, as data.

A policy is whole: what its document leaves out is the default, never another scope's value.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

from tasks.rules.states import WorkRole
from workforce.rules.problems import Refusal

PREFERRED_MAX = 100
"""People that one policy may name as preferred."""

WEIGHT_MAX = 10
"""Hands that one piece of work may fill."""

ERRORS_MAX = 100
SHOWN_CHARS_MAX = 80

CONCENTRATION_DAYS = 7
"""Days (UTC, today among them) whose attempts are counted for one person's share."""

PREFERRED = "preferred_tutors"
_TUTOR = re.compile(r"E-[1-9][0-9]{0,14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number of a policy may be. `optional`: it may be null, which `Policy` explains."""

    least: int
    most: int
    optional: bool = False


def _number(default: int | None, *, least: int, most: int) -> Any:
    bounds = Bounds(least=least, most=most, optional=default is None)
    return field(default=default, metadata={"bounds": bounds})


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How waiting work and people are brought together. Minutes are those of the score.

    `minutes_per_priority_step`: a step of priority weighs as much as this long a wait, so nothing
    waits behind newcomers for more than a hundred times as long.
    `sla_pressure_minutes`: what the last of the SLA's time is worth; grows from arrival.
    `late_minutes`: how far work that can hardly be in time stands behind what still can.
    `standing_minutes`: what a record of good answers is worth at most, and one of bad ones costs.
    `cost_percent`: λ, minutes lost per hundred minor units of expected pay.
    `attempt_weight`, `review_weight`: how many of somebody's hands (her capacity) one attempt, or
    one review or decision, fills.
    `wrap_up_seconds`: so long after somebody handed in work under this policy the router offers her
    nothing, of whatever project; taking it herself stays open to her. 0 is off.
    `offer_ttl_seconds`: None leaves it to the project; a number goes over the project's.
    `specialist_first_minutes`: so long after a slot opened only people of `specialist_level` and
    above get it, offered or pulled; 0 is off.
    `concentration_percent`: the most of a project's attempts of the last seven days that one
    person may have, once there are `concentration_attempts_min`; 0 and 100 are off.
    """

    minutes_per_priority_step: int = _number(30, least=0, most=240)
    sla_pressure_minutes: int = _number(2_880, least=0, most=10_080)
    late_minutes: int = _number(20_160, least=0, most=43_200)
    fit_minutes_per_level: int = _number(5, least=0, most=1_440)
    standing_minutes: int = _number(20, least=0, most=1_440)
    affinity_minutes: int = _number(20, least=0, most=1_440)
    affinity_window_days: int = _number(7, least=1, most=90)
    preferred_minutes: int = _number(60, least=0, most=10_080)
    fairness_minutes_per_claim: int = _number(10, least=0, most=240)
    cost_percent: int = _number(300, least=0, most=1_000)
    attempt_weight: int = _number(1, least=1, most=WEIGHT_MAX)
    review_weight: int = _number(1, least=1, most=WEIGHT_MAX)
    wrap_up_seconds: int = _number(0, least=0, most=1_800)
    offer_ttl_seconds: int | None = _number(None, least=10, most=86_400)
    offers_per_tutor: int = _number(3, least=1, most=20)
    decline_days: int = _number(7, least=1, most=90)
    cool_down_minutes: int = _number(30, least=1, most=1_440)
    specialist_first_minutes: int = _number(0, least=0, most=10_080)
    specialist_level: int = _number(3, least=2, most=4)
    concentration_percent: int = _number(0, least=0, most=100)
    concentration_attempts_min: int = _number(20, least=1, most=10_000)
    preferred_tutors: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), PREFERRED: list(self.preferred_tutors)}

    @property
    def canonical(self) -> str:
        """One text for one meaning: every field, keys and people sorted."""
        plain = {**self.as_json(), PREFERRED: sorted(self.preferred_tutors)}
        return json.dumps(plain, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical text."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def affinity_window(self) -> timedelta:
        return timedelta(days=self.affinity_window_days)

    @property
    def limits_shares(self) -> bool:
        return 0 < self.concentration_percent < 100

    def weight(self, role: WorkRole) -> int:
        """The hands that one piece of work of this role fills."""
        return self.attempt_weight if role is WorkRole.ATTEMPT else self.review_weight

    def held_minutes(self, *, level: int) -> int:
        """How old a slot must be before somebody of this level gets it."""
        return 0 if level >= self.specialist_level else self.specialist_first_minutes

    def prefers(self, tutor: str) -> bool:
        return tutor in self._preferred

    @cached_property
    def _preferred(self) -> frozenset[str]:
        return frozenset(self.preferred_tutors)


DEFAULT = Policy()
"""What holds where nobody set anything."""

BOUNDS: Mapping[str, Bounds] = {
    each.name: cast("Bounds", each.metadata["bounds"])
    for each in fields(Policy)
    if "bounds" in each.metadata
}
"""The numbers of a policy by name, in the order of the document."""


class Scope(StrEnum):
    DEFAULT = "default"  # nobody set anything
    DOMAIN = "domain"  # set for a domain and what lies below it
    PROJECT = "project"  # set for this project


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The policy that holds for a project, and where it comes from.

    `of` is the project's id or the domain's path; `version` counts within that scope.
    """

    policy: Policy = DEFAULT
    scope: Scope = Scope.DEFAULT
    of: str = ""
    version: int = 0

    def as_json(self) -> dict[str, str | int]:
        """How offers and claims name it."""
        return {"scope": self.scope.value, "of": self.of, "version": self.version}


NOTHING_SET = InForce()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that differs between two policies."""

    name: str
    before: Any
    after: Any


def changes(*, before: Policy, after: Policy) -> tuple[Change, ...]:
    """What differs, in the order of the document."""
    old, new = before.as_json(), after.as_json()
    return tuple(
        Change(name=name, before=old[name], after=new[name])
        for name in new
        if old[name] != new[name]
    )


def others_needed(*, policy: Policy, own: int, everybody: int) -> int:
    """How many more attempts others must do before one more is within this person's share.

    The share is rounded up to a whole attempt, or two people at a half each would both stop.
    0 while fewer attempts than the policy's minimum were made.
    """
    if not policy.limits_shares or everybody < policy.concentration_attempts_min:
        return 0
    return max(0, 100 * own // policy.concentration_percent - everybody)


def share_room(*, policy: Policy, own: int, everybody: int, most: int) -> int:
    """How many attempts, at most `most`, the person may be given one after the other."""
    room = 0
    while room < most and not others_needed(
        policy=policy, own=own + room, everybody=everybody + room
    ):
        room += 1
    return room


class CannotReadPolicy(Refusal):
    """The policy is malformed; `errors` names each place, as `preferred_tutors.3`."""

    code = "invalid_policy"
    status = 400
    title = "This routing policy cannot be used"


def read_policy(document: object) -> Policy:
    """The policy that a JSON object says; fields left out are the defaults.

    `CannotReadPolicy` names every fault by its path. A policy stored by an older release reads
    as it was meant: fields it did not know are the defaults.
    """
    reader = _Reader()
    policy = reader.document(document)
    if policy is None or reader.errors:
        places = len(reader.errors)
        raise CannotReadPolicy(
            f"{places} {'place' if places == 1 else 'places'} in the policy cannot be used; "
            "nothing was saved.",
            errors=reader.errors,
        )
    return policy


class _Reader:
    """Walks a document once and collects every fault by path."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def fault(self, path: str, message: str) -> None:
        if len(self.errors) < ERRORS_MAX:
            self.errors.setdefault(path, []).append(message)

    def document(self, document: object) -> Policy | None:
        if not isinstance(document, dict):
            self.fault("", "A routing policy is a JSON object.")
            return None
        for key in document:
            if key not in BOUNDS and key != PREFERRED:
                self.fault(str(key)[:SHOWN_CHARS_MAX], "This key is not known here.")
        given: dict[str, Any] = {
            name: document[name]
            for name, bounds in BOUNDS.items()
            if name in document and self.number(document[name], bounds=bounds, path=name)
        }
        if PREFERRED in document:
            given[PREFERRED] = self.people(document[PREFERRED])
        return Policy(**given)

    def number(self, value: object, *, bounds: Bounds, path: str) -> bool:
        if value is None and bounds.optional:
            return True
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and bounds.least <= cast("int", value) <= bounds.most:
            return True
        nothing = ", or null" if bounds.optional else ""
        self.fault(
            path, f"This must be a whole number from {bounds.least} to {bounds.most}{nothing}."
        )
        return False

    def people(self, given: object) -> tuple[str, ...]:
        if not isinstance(given, list):
            self.fault(PREFERRED, f"This must be a list of at most {PREFERRED_MAX} ids of people.")
            return ()
        if len(given) > PREFERRED_MAX:
            self.fault(PREFERRED, f"At most {PREFERRED_MAX} people, not {len(given)}.")
            return ()
        seen: set[str] = set()
        for n, tutor in enumerate(given):
            if not isinstance(tutor, str) or not _TUTOR.fullmatch(tutor):
                self.fault(f"{PREFERRED}.{n}", "This must be an id such as E-12.")
            elif tutor in seen:
                self.fault(f"{PREFERRED}.{n}", f"{tutor} is named twice.")
            else:
                seen.add(tutor)
        return tuple(sorted(seen, key=lambda tutor: int(tutor[2:])))
