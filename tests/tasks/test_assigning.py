"""Who gets what: the matcher on classes, the fold before it, and the pairs told from it."""

import subprocess
import sys
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.launch.places import ROOT
from tasks.providers import solving
from tasks.rules.assigning import (
    MATCHED_MINUTES,
    Folded,
    assign,
    bands_of,
    greedy,
    improve,
    total,
)
from tasks.rules.folding import (
    APART_MAX,
    CREWS_MAX,
    KINDS_MAX,
    Candidate,
    OpenSlot,
    World,
    fold,
    of_few_kinds,
    tell,
)

SOLVERS = {"best first": assign, "highs": solving.exact}


@st.composite
def worlds(draw):
    """Up to 4 works of 3 units each, before up to 4 crews of 3 hands each."""
    works, crews = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    some = st.lists(st.integers(0, 40), min_size=1, max_size=3)
    worth = {
        (w, c): draw(st.integers(-30, 60))
        for w in range(works)
        for c in range(crews)
        if draw(st.booleans())
    }
    return Folded(
        work=tuple(bands_of([10 * n for n in draw(some)]) for _ in range(works)),
        crews=tuple(bands_of([-10 * (n % 4) for n in draw(some)]) for _ in range(crews)),
        worth=worth,
    )


def best_total(folded):
    """The best total by trying everything, unit by unit."""
    slots = [(w, gain) for w, bands in enumerate(folded.work) for gain, n in bands for _ in [0] * n]
    hands = [
        (c, gain) for c, bands in enumerate(folded.crews) for gain, n in bands for _ in [0] * n
    ]

    @cache
    def best(slot, taken):
        if slot == len(slots):
            return 0
        without = best(slot + 1, taken)
        work, gain = slots[slot]
        tried = [
            gain
            + more
            + folded.worth[work, crew]
            + MATCHED_MINUTES
            + best(slot + 1, taken | 1 << hand)
            for hand, (crew, more) in enumerate(hands)
            if not taken >> hand & 1 and (work, crew) in folded.worth
        ]
        return max([without, *tried])

    return best(0, 0)


@pytest.mark.parametrize("solver", SOLVERS)
@settings(max_examples=150)
@given(folded=worlds())
def test_small_worlds_come_out_exact_and_feasible(solver, folded):
    flow = SOLVERS[solver](folded)
    assert all(units > 0 and pair in folded.worth for pair, units in flow.items())
    assert total(folded, flow) == best_total(folded)
    assert SOLVERS[solver](folded) == flow


@settings(max_examples=50)
@given(folded=worlds(), steps=st.integers(0, 200))
def test_an_interrupted_exchange_never_loses(folded, steps):
    start = greedy(folded)
    assert total(folded, improve(folded, start, steps_max=steps)) >= total(folded, start)


def test_more_units_than_there_are_is_no_flow():
    folded = Folded(work=(((5, 1),),), crews=(((0, 3),),), worth={(0, 0): 1})
    with pytest.raises(ValueError, match="1 units more"):
        total(folded, {(0, 0): 2})


def crossing(size):
    """So many works before so many crews, each suiting each a little differently."""
    works = tuple(bands_of([30, 20, 10]) for _ in range(size))
    crews = tuple(bands_of([0, -10]) for _ in range(size))
    worth = {(w, c): w * c % 17 for w in range(size) for c in range(size)}
    return Folded(work=works, crews=crews, worth=worth)


def test_the_solver_is_asked_where_it_pays():
    small, large = crossing(22), crossing(23)
    assert len(small.worth) < solving.EXACT_FROM_PAIRS <= len(large.worth)
    assert solving.solve(small) == (solving.BEST_FIRST, assign(small))
    name, flow = solving.solve(large)
    assert name == solving.EXACT
    assert total(large, flow) == total(large, assign(large))


def test_programs_of_any_size_end_at_the_greatest_total():
    """However the solver weighs its edges, which hangs on the size."""
    folded = crossing(23)
    as_small, as_large = solving.exact(folded), solving.exact(folded, devex_pairs_max=0)
    assert total(folded, as_large) == total(folded, as_small)


def test_without_the_solver_the_same_world_is_matched_best_first():
    """In a Python of its own that has no packages but ours."""
    asked = (
        "from tasks.providers.solving import solve; from tasks.rules.assigning import Folded;"
        "unit = ((9, 1),), ((0, 1),);"
        "pairs = {(w, c): 0 for w in range(23) for c in range(23)};"
        "print(*solve(Folded(work=unit[:1] * 23, crews=unit[1:] * 23, worth=pairs))[:1])"
    )
    bare = [sys.executable, "-S", "-c", asked]
    done = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [solving.BEST_FIRST]


def test_a_program_given_up_is_matched_best_first():
    folded = crossing(23)
    assert solving.exact(folded, iterations_max=0) == assign(folded)


# --- Folding and telling --------------------------------------------------------------------


def slot(number, *, task=None, pool=1, urgency=1_500, complexity=1):
    return OpenSlot(number, task or number, pool, complexity, urgency)


def somebody(tutor, **more):
    return Candidate(**{"tutor": tutor, "kind": "maths", "room": 3, "given": 0, **more})


def world(slots, people, **more):
    pools = {each.pool for each in slots}
    base = {"seconds": dict.fromkeys(pools, 600), "fairness": 10, "given_most": 12}
    return World(slots=slots, people=people, **{**base, **more})


def anything(kind, pool, complexity, level):
    return 0


def pairs(seen, suits=anything):
    folded = fold(seen, suits)
    told = tell(folded, assign(folded.folded), seen)
    return sorted((pair.slot.slot, pair.tutor) for pair in told)


def test_a_thousand_alike_are_one_class():
    seen = world([slot(n) for n in range(1, 501)], [somebody(n) for n in range(1, 1_001)])
    folded = fold(seen, anything)
    assert folded.folded.work == (((1_500, 500),),)
    assert folded.folded.crews == (((0, 1_000), (-10, 1_000), (-20, 1_000)),)
    assert len(pairs(seen)) == 500


def test_the_same_world_in_another_order_has_the_same_digest_and_pairs():
    slots = [slot(n, urgency=1_000 + n % 7, pool=n % 3) for n in range(1, 30)]
    people = [somebody(n, given=n % 4) for n in range(1, 10)]
    one, other = world(slots, people), world(slots[::-1], people[::-1])
    assert fold(one, anything).digest == fold(other, anything).digest
    assert pairs(one) == pairs(other)


@given(st.integers(1, 12), st.integers(1, 5))
def test_identical_tutors_differ_by_at_most_one(slots, tutors):
    seen = world([slot(n) for n in range(slots)], [somebody(n, room=12) for n in range(tutors)])
    told = pairs(seen)
    shares = [sum(tutor == n for _, tutor in told) for n in range(tutors)]
    assert len(told) == slots
    assert max(shares) - min(shares) <= 1


def test_slots_of_one_task_go_to_different_people():
    seen = world([slot(n, task=9) for n in (1, 2, 3)], [somebody(1), somebody(2)])
    assert sorted(tutor for _, tutor in pairs(seen)) == [1, 2]


def test_who_may_not_meet_does_not_and_the_slot_is_not_lost():
    """Anna may have either, Ben may not have the first: she leaves him the second."""
    seen = world(
        [slot(1), slot(2)],
        [somebody(1, room=1), somebody(2, room=1)],
        apart=frozenset({(1, 2)}),
    )
    assert pairs(seen) == [(1, 1), (2, 2)]


def test_many_who_may_not_meet_are_passed_over_on_telling():
    apart = frozenset((1, n) for n in range(2, APART_MAX + 3))
    people = [somebody(n) for n in range(2, APART_MAX + 3)]
    seen = world([slot(1)], [*people, somebody(APART_MAX + 9)], apart=apart)
    assert fold(seen, anything).folded.crews[0][0] == (0, APART_MAX + 2)
    assert pairs(seen) == []
    assert pairs(world([slot(1), slot(2)], people[:1], apart=apart)) == [(2, 2)]


def test_liked_pools_come_first_and_barred_ones_never():
    slots = [slot(1, pool=1), slot(2, pool=2)]
    liking = world(slots, [somebody(1, room=1, liked={2: 20}), somebody(2, room=1)])
    assert pairs(liking) == [(1, 2), (2, 1)]
    barred = world(slots, [somebody(1, barred=frozenset({1}))])
    assert pairs(barred) == [(2, 1)]


def test_work_that_passes_the_week_is_not_given():
    slots = [slot(1, pool=1), slot(2, pool=2)]
    seconds = {1: 600, 2: 1_200}
    assert pairs(world(slots, [somebody(1, reach=1_199)], seconds=seconds)) == [(1, 1)]
    assert pairs(world(slots, [somebody(1, reach=1_200)], seconds=seconds)) == [(1, 1), (2, 1)]
    assert pairs(world(slots, [somebody(1, reach=599)], seconds=seconds)) == []


def test_more_urgent_slots_are_served_when_hands_are_few():
    slots = [slot(n, urgency=1_000 + n) for n in range(1, 6)]
    assert pairs(world(slots, [somebody(1, room=2)])) == [(4, 1), (5, 1)]


def test_somebody_given_more_today_comes_later():
    people = [somebody(1, given=3), somebody(2, given=1)]
    assert pairs(world([slot(1)], people)) == [(1, 2)]


def test_a_slot_kept_for_a_level_goes_to_nobody_below_it():
    def by_level(kind, pool, complexity, level):
        return 0 if int(kind) >= level else None

    seen = World(
        slots=[
            OpenSlot(slot=1, task=1, pool=7, complexity=1, urgency=900, level=3),
            OpenSlot(slot=2, task=2, pool=7, complexity=1, urgency=10),
        ],
        people=[
            Candidate(tutor=1, kind="2", room=5, given=0),
            Candidate(tutor=2, kind="3", room=1, given=0),
        ],
        seconds={7: 60},
        fairness=10,
        given_most=12,
    )
    assert sorted(pairs(seen, by_level)) == [(1, 2), (2, 1)]


@pytest.mark.parametrize(("people", "kinds"), [(KINDS_MAX, KINDS_MAX), (KINDS_MAX + 1, 51)])
def test_many_kinds_are_rounded_to_fewer_and_everybody_is_served(people, kinds):
    """Each is worth a minute more than the one before; the fourth number is her level."""
    suited = of_few_kinds({str(n): ((n, n, n, 2), None) for n in range(people)})
    assert len(set(suited.values())) == kinds
    assert all(level == 2 and no is None for (_, _, _, level), no in suited.values())
    assert all(worths[0] <= int(n) < worths[0] + 10 for n, (worths, _) in suited.items())
    everybody = [somebody(n, kind=str(suited[str(n)][0][0]), room=1) for n in range(people)]
    seen = world([slot(n) for n in range(people)], everybody)
    told = pairs(seen, lambda kind, pool, complexity, level: int(kind))
    assert sorted(tutor for _, tutor in told) == list(range(people))


def test_with_very_many_crews_what_somebody_likes_counts_on_telling():
    """Each likes another pool a little; the one slot goes to her who likes its pool."""
    people = [somebody(n, room=1, liked={n: 5}) for n in range(1, CREWS_MAX + 2)]
    seen = world([slot(1, pool=7)], people)
    folded = fold(seen, anything)
    assert (folded.alike, len(folded.crews)) == (False, 1)
    assert pairs(seen) == [(1, 7)]
