"""How good a record is at least: the quantile against known values, and the leaf that asks."""

from dataclasses import replace
from fractions import Fraction
from math import asin, comb, isclose, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tutors.people import ALICE
from tests.tutors.test_eligibility import verdict
from tutors.rules.eligibility import Facts, RecordFacts
from tutors.rules.standing import QUANTILE, lower_bound, lower_bound_tenths, share_below

_COUNTS = st.integers(0, 400).flatmap(
    lambda judged: st.tuples(st.integers(0, judged), st.just(judged))
)


def tail(x: Fraction, *, a: int, b: int) -> float:
    """I_x(a, b) for whole a and b: at least `a` of a + b - 1 trials succeed. Exact."""
    n = a + b - 1
    return float(sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1)))


@pytest.mark.parametrize(
    ("accepted", "judged", "bound"),
    [
        (0, 0, 0.05),
        (1, 2, 0.5 - sin(asin(0.9) / 3)),
        (0, 20, 1 - 0.95 ** (1 / 21)),
        (20, 20, 0.05 ** (1 / 21)),
        (99, 99, 0.05**0.01),
        (1_000_000, 1_000_000, 0.05 ** (1 / 1_000_001)),
    ],
)
def test_known_lower_bounds(accepted: int, judged: int, bound: float) -> None:
    """Beta(n + 1, 1), Beta(1, n + 1) and Beta(2, 2) have their quantiles in closed form."""
    assert isclose(lower_bound(accepted=accepted, judged=judged), bound, abs_tol=1e-9)


@given(a=st.integers(1, 60), b=st.integers(1, 60), percent=st.integers(1, 99))
def test_the_share_below_is_a_binomial_tail(a: int, b: int, percent: int) -> None:
    x = Fraction(percent, 100)
    assert isclose(share_below(float(x), a=a, b=b), tail(x, a=a, b=b), abs_tol=1e-11)


@given(counts=_COUNTS)
def test_five_per_cent_lie_below_the_bound(counts: tuple[int, int]) -> None:
    accepted, judged = counts
    bound = lower_bound(accepted=accepted, judged=judged)
    below = share_below(bound, a=1 + accepted, b=1 + judged - accepted)
    assert isclose(below, QUANTILE, abs_tol=1e-9)


@given(counts=_COUNTS)
def test_tenths_are_the_bound_rounded_down(counts: tuple[int, int]) -> None:
    accepted, judged = counts
    bound = lower_bound(accepted=accepted, judged=judged)
    assert lower_bound_tenths(accepted=accepted, judged=judged) == int(bound * 10 + 1e-9)


@given(counts=_COUNTS)
def test_a_better_record_has_a_higher_bound(counts: tuple[int, int]) -> None:
    accepted, judged = counts
    bound = lower_bound(accepted=accepted, judged=judged)
    assert lower_bound(accepted=accepted + 1, judged=judged + 1) > bound
    assert lower_bound(accepted=accepted, judged=judged + 1) < bound
    assert 0 < bound < (accepted + 1) / (judged + 2)


def record(
    judged: int, accepted: int, most: int = 0, *, field: str = "medicine.psychiatry",
    kind: str = "hallucination",
) -> RecordFacts:  # fmt: skip
    return RecordFacts(
        speciality=field, task_type=kind, judged=judged, accepted=accepted, most_by_one=most
    )


LEAF = {
    "kind": "standing",
    "speciality": "medicine.psychiatry",
    "task_type": "hallucination",
    "lower_bound_min": 0.8,
    "n_min": 20,
}


@pytest.mark.parametrize(
    ("held", "change", "code"),
    [
        ([], {}, "standing_unproven"),
        ([record(19, 19, 5)], {}, "standing_unproven"),
        ([record(19, 0, 5)], {}, "standing_unproven"),
        ([record(20, 20, 10)], {}, "standing_held"),
        ([record(20, 20, 11)], {}, "standing_one_sided"),
        ([record(20, 0, 11)], {}, "standing_one_sided"),
        ([record(20, 18, 10)], {}, "standing_low"),
        ([record(100, 87, 10)], {}, "standing_held"),
        ([record(100, 85, 10)], {}, "standing_low"),
        ([record(20, 20, 1, kind="image")], {}, "standing_unproven"),
        ([record(20, 20, 1, field="medicine")], {}, "standing_unproven"),
        ([record(20, 20, 1, field="medicine.psychiatry.child")], {}, "standing_held"),
        (
            [record(10, 10, 5), record(10, 10, 5, field="medicine.psychiatry.child")],
            {},
            "standing_held",
        ),
        ([record(20, 20, 1, kind="image")], {"task_type": None}, "standing_held"),
        ([record(1, 1, 1)], {"n_min": 1}, "standing_one_sided"),
        ([record(2, 2, 1)], {"n_min": 1, "lower_bound_min": 0.3}, "standing_held"),
    ],
)
def test_the_leaf(held: list[RecordFacts], change: dict[str, object], code: str) -> None:
    leaf = {key: v for key, v in {**LEAF, **change}.items() if v is not None}
    found = verdict(replace(ALICE, record=tuple(held)), leaf)
    assert found.code == code
    assert bool(found.turn) != found.passed


def told(facts: Facts) -> tuple[str, str]:
    found = verdict(facts, LEAF)
    return found.fact, found.turn


def test_n_and_what_is_missing_are_said() -> None:
    assert told(ALICE) == (
        "0 reviewed answers of hallucination in medicine.psychiatry",
        "Needs 20 reviewed answers of hallucination in medicine.psychiatry, 20 more.",
    )
    assert told(replace(ALICE, record=(record(25, 21, 9),))) == (
        "21 of 25 answers of hallucination in medicine.psychiatry accepted, 68 % or better",
        "Reach 80 % in hallucination in medicine.psychiatry, with 95 % certainty.",
    )
    assert told(replace(ALICE, record=(record(20, 20, 12),)))[0] == (
        "20 reviewed answers of hallucination in medicine.psychiatry, 12 by one reviewer"
    )


@given(counts=_COUNTS, least=st.integers(1, 100), most=st.integers(0, 200))
def test_nothing_is_held_against_anybody_below_n(
    counts: tuple[int, int], least: int, most: int
) -> None:
    accepted, judged = counts
    facts = replace(ALICE, record=(record(judged, accepted, min(most, judged)),))
    code = verdict(facts, {**LEAF, "n_min": least}).code
    if judged < least:
        assert code == "standing_unproven"
    if code == "standing_low":
        assert judged >= least and 2 * min(most, judged) <= judged
