"""What a routing policy would change: waiting tasks and people of now, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from tasks.models import Pool, Project, Slot
from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.histories import histories
from tasks.queries.policies import attempts_of, names_of
from tasks.queries.pools import pools_by_id, requirements_of, with_shares
from tasks.queries.records import with_records
from tasks.queries.rounds import (
    WaitingSlot,
    at_work_lately,
    present_tutors,
    waiting_slots,
)
from tasks.rules import ranking
from tasks.rules.ahead import NO_HISTORY, Hands, History, PoolAhead, Way
from tasks.rules.limits import PREVIEW_PEOPLE_MAX, PREVIEW_POOLS_MAX, PREVIEW_SLOTS_MAX
from tasks.rules.matching import Fit, fit
from tasks.rules.policies import Policy
from tasks.rules.ranking import Score
from tasks.rules.states import ProjectState, SlotState, WorkRole
from tutors.queries.facts import facts_for
from tutors.rules.eligibility import Facts
from workforce.models import Domain
from workforce.rules.ids import public_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Where a task stands under one policy and who would come first for it.

    `held` people wait for the end of the specialists' head start, `over` for others to catch up.
    """

    place: int
    tutor: str = ""
    name: str = ""
    score: Score | None = None
    people: int = 0
    held: int = 0
    over: int = 0

    @property
    def others(self) -> int:
        return self.people - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    task_id: int
    role: WorkRole
    priority: int
    waited_minutes: int
    before: Side
    after: Side

    @property
    def public_id(self) -> str:
        return public_id("T", self.task_id)

    @property
    def moved(self) -> bool:
        return (self.before.place, self.before.tutor) != (self.after.place, self.after.tutor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """In the order of afterwards. `people`: those taking work who were considered."""

    lines: tuple[PreviewLine, ...]
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What both policies are tried on."""

    slots: Sequence[WaitingSlot]
    facts: Sequence[Facts]
    hands: Mapping[int, Hands]
    known: Mapping[tuple[int, int], History]
    at: datetime


def preview(*, owner: Project | Domain, policy: Policy, at: datetime) -> Preview:
    """Up to `PREVIEW_SLOTS_MAX` waiting tasks under this owner's policy, the most urgent and the
    oldest, and who of those taking work would come first: as it is, and under `policy`.
    """
    now = {pool.pool_id: pool for pool in _pools(owner)}
    if not now:
        return Preview(lines=(), people=0)
    counted = attempts_of(project_ids=[pool.project_id for pool in now.values()])
    then = {
        key: replace(
            pool,
            in_force=replace(pool.in_force, policy=policy),
            attempts=counted.get(pool.project_id, 0) if policy.limits_shares else None,
        )
        for key, pool in now.items()
    }
    scene = _scene(now, then, at=at)
    before, after = _sides(scene, now), _sides(scene, then)
    lines = [
        PreviewLine(
            task_id=slot.task_id,
            role=now[slot.pool_id].role,
            priority=slot.priority,
            waited_minutes=slot.waited_minutes,
            before=before[slot.slot_id],
            after=after[slot.slot_id],
        )
        for slot in scene.slots
    ]
    lines.sort(key=lambda line: line.after.place)
    return Preview(lines=tuple(lines), people=len(scene.facts))


def _pools(owner: Project | Domain) -> list[PoolAhead]:
    """Pools with something open: the project's, or those of projects that follow the domain."""
    if isinstance(owner, Project):
        mine = Q(project=owner)
    else:
        below = Q(project__domain__slug=owner.slug) | Q(
            project__domain__slug__startswith=f"{owner.slug}."
        )
        mine = below & (
            Q(project__routing_policy__isnull=True)
            | Q(project__routing_policy__domain__isnull=False)
        )
    waiting = Pool.objects.filter(mine, project__state=ProjectState.OPEN).filter(
        Exists(Slot.objects.filter(pool=OuterRef("pk"), state=SlotState.OPEN))
    )
    ids = waiting.order_by("pk").values_list("pk", flat=True)[:PREVIEW_POOLS_MAX]
    return list(pools_by_id(ids).values())


def _scene(now: Mapping[int, PoolAhead], then: Mapping[int, PoolAhead], *, at: datetime) -> _Scene:
    slots = waiting_slots(most=dict.fromkeys(now, 2 * PREVIEW_SLOTS_MAX), pools=now)
    slots.sort(key=lambda slot: (-_urgency(slot, now[slot.pool_id]), slot.slot_id))
    slots = slots[:PREVIEW_SLOTS_MAX]
    present = present_tutors(
        requirements=requirements_of(now.values()).values(), turn=0, limit=PREVIEW_PEOPLE_MAX
    )
    facts = with_records(
        facts_for(tutor_ids=[person.tutor_id for person in present], at=at),
        requirements=requirements_of(now.values()).values(),
        pools=[*now.values(), *then.values()],
    )
    everybody = sorted(facts.values(), key=lambda each: each.tutor_id)
    hands = with_shares(hands_of(everybody=everybody, at=at), pools=[*now.values(), *then.values()])
    known = histories(
        slots=[(s.slot_id, s.task_id, now[s.pool_id].role) for s in slots], tutor_ids=list(facts)
    )
    return _Scene(slots=slots, facts=everybody, hands=hands, known=known, at=at)


def _urgency(slot: WaitingSlot, pool: PoolAhead) -> int:
    return ranking.urgency(
        priority=slot.priority,
        waited_minutes=slot.waited_minutes,
        sla_minutes=pool.sla_minutes,
        expected_seconds=pool.expected_seconds,
        policy=pool.policy,
    )


def _sides(scene: _Scene, pools: Mapping[int, PoolAhead]) -> dict[int, Side]:
    fits = _fits(scene, pools)
    lately = at_work_lately(
        pools=list(pools.values()), tutor_ids=[facts.tutor_id for facts in scene.facts]
    )
    found = {slot.slot_id: _side(scene, slot, fits[slot.pool_id], lately) for slot in scene.slots}
    totals = {
        slot.slot_id: side.score.total if side.score else _urgency(slot, pools[slot.pool_id])
        for slot in scene.slots
        for side in [found[slot.slot_id]]
    }
    names = names_of(side.tutor for side in found.values() if side.tutor)
    order = sorted(found, key=lambda slot: (-totals[slot], slot))
    return {
        slot: replace(found[slot], place=n, name=names.get(found[slot].tutor, ""))
        for n, slot in enumerate(order, start=1)
    }


def _fits(scene: _Scene, pools: Mapping[int, PoolAhead]) -> dict[int, list[Fit]]:
    """Everybody's judgement in each pool that a slot is of; the same order as the facts."""
    used = {slot.pool_id for slot in scene.slots}
    requirements = requirements_of(pools.values())
    cards = cards_for(version=version_now(), pools=pools.values(), at=scene.at)
    return {
        key: [
            fit(
                facts=facts,
                pool=pools[key],
                requirement=requirements[key],
                hands=scene.hands[facts.tutor_id],
                cards=cards,
                at=scene.at,
                way=Way.OFFER,
            )
            for facts in scene.facts
        ]
        for key in used
    }


def _side(
    scene: _Scene, slot: WaitingSlot, fits: Sequence[Fit], lately: set[tuple[int, int]]
) -> Side:
    matches: list[tuple[int, int, Score]] = []
    held = over = 0
    for facts, judged in zip(scene.facts, fits, strict=True):
        if scene.known.get((slot.slot_id, facts.tutor_id), NO_HISTORY) != NO_HISTORY:
            continue
        if not judged.eligible:
            over += judged.refusals == ("share_reached",)
        elif not judged.takes(waited_minutes=slot.waited_minutes):
            held += 1
        else:
            score = judged.score(
                priority=slot.priority,
                waited_minutes=slot.waited_minutes,
                complexity=slot.complexity,
                worked_here_lately=(slot.pool_id, facts.tutor_id) in lately,
                recent_claims=scene.hands[facts.tutor_id].given,
            )
            matches.append((-score.total, facts.tutor_id, score))
    if not matches:
        return Side(place=0, held=held, over=over)
    _, tutor, score = min(matches, key=lambda match: match[:2])
    first = next(facts for facts in scene.facts if facts.tutor_id == tutor)
    return Side(place=0, tutor=first.name, score=score, people=len(matches), held=held, over=over)
