"""Known answers among other work: the share that was wanted, and nobody can tell them apart."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tasks.models import Claim, GoldMix, Offer, Slot, Task
from tasks.operations.cancelling import cancel
from tasks.operations.comparing import withdraw_known_answer
from tasks.operations.mixing import mix_known_answers
from tasks.operations.pooling import fold_figures
from tasks.operations.routing import route_queue
from tasks.rules.gold import GOLD_OPEN_MAX, WHOLE, credit_after, slots_due
from tasks.rules.states import Dispatch
from tests.tasks.crew import moment
from tests.tasks.known_answers import KNOWN, answer
from tests.tasks.soundness import sound
from workforce.models import Event

SELDOM = {"review_policy": "none", "review_percent": 0}


def settle() -> None:
    """Claims are old enough to be counted, and the next look is due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tasks_claim SET claimed_at = claimed_at - interval '1 minute'")
        cursor.execute("UPDATE tasks_goldmix SET looked_at = looked_at - interval '1 hour'")


def mix() -> int:
    settle()
    return mix_known_answers(at=moment())


def given_out(project) -> list[bool]:
    """Of each answer, in order, whether its task has a known one."""
    rows = Claim.objects.filter(project=project, role="attempt").order_by("pk")
    return list(rows.values_list("task__is_gold", flat=True))


def handed_in(project, tutors, count) -> None:
    """The tutors answer in turn, so many in all, and the mixer looks after each."""
    for n in range(count):
        answer(tutors[n % len(tutors)], project)
        mix()


def folded() -> None:
    """Every figure adds up, and every rule holds."""
    while fold_figures(at=moment()):
        pass
    sound()


@pytest.fixture
def people(crew):
    return [crew.tutor(name, capacity=9) for name in ("Alice", "Bob", "Carol", "Dave")]


@pytest.mark.django_db
class TestTheShare:
    def test_every_fifth_task_is_a_known_one_taken_by_whoever_comes(self, crew, people):
        project = crew.project(gold_percent=20, **SELDOM)
        crew.tasks(project, 40)
        known = crew.tasks(project, 3, gold=KNOWN)
        mix()
        handed_in(project, people, 40)
        given = given_out(project)
        assert [n for n, gold in enumerate(given, 1) if gold] == [6, 11, 16, 21, 26, 31, 36]
        for task in known:
            told = list(task.claims.values_list("tutor_id", flat=True))
            assert len(told) == len(set(told))
        folded()

    def test_one_that_waits_is_put_forward_and_one_that_is_done_is_asked_for_again(
        self, crew, people
    ):
        project = crew.project(gold_percent=50, **SELDOM)
        crew.tasks(project, 9)
        (known,) = crew.tasks(project, 1, gold=KNOWN)
        mix()
        alice, bob, *_ = people
        handed_in(project, [alice], 3)
        assert given_out(project) == [False, False, True]
        known.refresh_from_db()
        assert known.state == "done"
        handed_in(project, [alice], 1)
        known.refresh_from_db()
        assert (known.state, known.done_at) == ("open", None)
        assert [s.ordinal for s in known.slots.order_by("pk")] == [1, 2]
        answer(alice, project)
        answer(bob, project)
        assert given_out(project)[3:] == [False, False, True]
        known.refresh_from_db()
        assert known.state == "done"
        folded()

    def test_it_waits_as_the_best_of_the_others_does(self, crew, people):
        project = crew.project(gold_percent=100, **SELDOM)
        crew.tasks(project, 3, priority=70)
        (known,) = crew.tasks(project, 1, gold=KNOWN, priority=10)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tasks_slot SET opened_at = opened_at - interval '3 hours'")
        mix()
        answer(people[0], project)
        assert mix() == 1
        first = Slot.objects.filter(task__is_gold=False, state="open").earliest("opened_at")
        slot = Slot.objects.get(task=known)
        assert (slot.priority, slot.opened_at) == (71, first.opened_at)
        answer(people[0], project)
        assert given_out(project) == [False, True]

    def test_one_that_waited_longer_than_the_others_gets_their_age(self, crew, people):
        project = crew.project(gold_percent=100, **SELDOM)
        crew.tasks(project, 3)
        (known,) = crew.tasks(project, 1, gold=KNOWN, priority=0)
        slots = Slot.objects.filter(task=known)
        slots.update(opened_at=moment() - timedelta(hours=5))
        mix()
        answer(people[0], project)
        assert mix() == 1
        others = Slot.objects.filter(task__is_gold=False, state="open")
        assert slots.get().opened_at == others.earliest("opened_at").opened_at

    def test_it_is_offered_like_any_other(self, crew, people):
        project = crew.project(gold_percent=100, dispatch=Dispatch.BOTH, **SELDOM)
        crew.tasks(project, 2)
        crew.tasks(project, 1, gold=KNOWN, priority=0)
        mix()
        answer(people[0], project)
        assert mix() == 1
        told = Event.objects.get(kind="tasks.known_answers_mixed_in")
        pool = project.pools.get(role="attempt", step=0)
        assert (told.subject, told.body["count"]) == (pool.public_id, 1)
        route_queue(queue=pool.queue, at=moment())
        assert Offer.objects.filter(task__is_gold=True, state="offered").count() == 1
        assert mix() == 0, "it is offered: that is one that waits"


@pytest.mark.django_db
class TestItsLimits:
    def test_no_more_wait_than_may_when_everybody_had_them(self, crew):
        alice, bob = (crew.tutor(name, capacity=9) for name in ("Alice", "Bob"))
        project = crew.project(gold_percent=50, **SELDOM)
        known = len(crew.tasks(project, GOLD_OPEN_MAX + 2, gold=KNOWN))
        crew.tasks(project, 45)
        mix()
        for _ in range(known):
            answer(alice, project)
        mix()
        assert GoldMix.objects.get().credit == -50 * known
        for _ in range(40):
            answer(alice, project)
        assert mix() == GOLD_OPEN_MAX
        assert mix() == 0
        assert GoldMix.objects.get().credit == WHOLE * GOLD_OPEN_MAX
        answer(alice, project)
        for _ in range(GOLD_OPEN_MAX):
            answer(bob, project)
        assert given_out(project)[-GOLD_OPEN_MAX - 1 :] == [False] + [True] * GOLD_OPEN_MAX
        folded()

    def test_what_was_asked_for_again_goes_when_nothing_else_waits(self, crew, people):
        project = crew.project(gold_percent=100, **SELDOM)
        (known,) = crew.tasks(project, 1, gold=KNOWN)
        crew.tasks(project, 3)
        mix()
        handed_in(project, people[:1], 2)
        assert given_out(project) == [True, False]
        assert Slot.objects.filter(task=known, state="open").exists()
        for rest in Task.objects.filter(state="open", is_gold=False):
            cancel(task=rest, reason="Not wanted.", actor=crew.max, at=moment())
        assert mix() == 1
        known.refresh_from_db()
        assert known.state == "done"
        assert list(known.slots.order_by("pk").values_list("state", flat=True)) == [
            "done", "cancelled",
        ]  # fmt: skip
        folded()

    def test_its_own_slots_stay_when_nothing_else_waits(self, crew, people):
        project = crew.project(gold_percent=100, **SELDOM)
        crew.tasks(project, 2)
        (known,) = crew.tasks(project, 1, gold=KNOWN, priority=0)
        mix()
        handed_in(project, people[:1], 1)
        (rest,) = Task.objects.filter(state="open", is_gold=False)
        cancel(task=rest, reason="Not wanted.", actor=crew.max, at=moment())
        assert mix() == 0
        assert known.slots.get().state == "open"

    @pytest.mark.parametrize("why", ["cancelled", "withdrawn", "paused", "no share"])
    def test_these_are_never_mixed_in(self, crew, people, why):
        project = crew.project(gold_percent=0 if why == "no share" else 100, **SELDOM)
        crew.tasks(project, 3)
        (known,) = crew.tasks(project, 1, gold=KNOWN, priority=0)
        mix()
        if why == "cancelled":
            cancel(task=known, reason="Not wanted.", actor=crew.max, at=moment())
        elif why == "withdrawn":
            withdraw_known_answer(task=known, reason="Wrong.", actor=crew.max, at=moment())
        answer(people[0], project)
        if why == "paused":
            project.state = "paused"
            project.save()
        assert mix() == 0

    def test_a_project_is_not_looked_at_again_at_once(self, crew, people):
        project = crew.project(gold_percent=100, **SELDOM)
        crew.tasks(project, 3)
        crew.tasks(project, 1, gold=KNOWN, priority=0)
        mix()
        looked = GoldMix.objects.get().looked_at
        assert mix_known_answers(at=moment()) == 0
        assert GoldMix.objects.get().looked_at == looked


TAKEN = st.lists(st.tuples(st.integers(0, 200), st.floats(0, 1)), max_size=30)


@given(percent=st.integers(0, 100), looks=TAKEN)
def test_the_credit_stays_in_its_bounds_and_opens_no_more_than_it_holds(percent, looks):
    credit = 0
    for taken, part in looks:
        credit = credit_after(credit=credit, percent=percent, taken=taken, gold=round(taken * part))
        assert abs(credit) <= WHOLE * GOLD_OPEN_MAX
        for waiting in (0, 1, GOLD_OPEN_MAX):
            due = slots_due(credit=credit, waiting=waiting)
            assert 0 <= due <= max(0, GOLD_OPEN_MAX - waiting)


@given(percent=st.integers(1, 50), n=st.integers(1, 2_000))
def test_in_the_long_run_the_share_is_the_wanted_one(percent, n):
    """Somebody takes a known answer as soon as one waits, which is the case that drifts least."""
    credit = gold = waiting = 0
    for _ in range(n):
        taken_gold = int(waiting > 0)
        gold += taken_gold
        waiting -= taken_gold
        credit = credit_after(credit=credit, percent=percent, taken=1, gold=taken_gold)
        waiting += slots_due(credit=credit, waiting=waiting)
    assert abs(100 * gold - percent * n) <= 2 * WHOLE
