"""Which rate pays: contract, project card, tier; and the half-up product."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tutors.people import ALICE, AT, CONTRACT, QUALIFICATION
from tutors.rules.eligibility import ContractRateFacts, Facts
from tutors.rules.rates import (
    Cards,
    Multiplier,
    ProjectCard,
    Rate,
    Tier,
    level_in,
    multiplied,
    resolve,
    tier_for,
)
from tutors.rules.states import RateSource, WorkRole


def tier(tier_id: int, speciality: str, level: int, minor: int, **more: Any) -> Tier:
    defaults = {
        "currency": "USD",
        "min_minor_hourly": 1,
        "max_minor_hourly": 100_000,
        "effective_from": AT - timedelta(days=365),
    }
    return Tier(
        tier_id=tier_id,
        speciality=speciality,
        level=level,
        minor_hourly=minor,
        **{**defaults, **more},
    )


MULTIPLIERS = (
    Multiplier(axis="role", key="attempt", basis_points=10_000),
    Multiplier(axis="role", key="review", basis_points=11_000),
    Multiplier(axis="complexity", key="2", basis_points=11_500),
)
CARDS = Cards(
    tiers=(
        tier(1, "medicine", 2, 15_000),
        tier(2, "medicine.psychiatry", 2, 17_500),
        tier(3, "medicine.psychiatry", 3, 23_000),
    ),
    multipliers=MULTIPLIERS,
)


def rate(facts: Facts = ALICE, cards: Cards = CARDS, **more: Any) -> Rate | None:
    asked: dict[str, Any] = {
        "domain": "medicine.psychiatry",
        "role": WorkRole.ATTEMPT,
        "complexity": 1,
        "project_id": "P-3",
        "at": AT,
    }
    return resolve(facts=facts, cards=cards, **{**asked, **more})


def agreed(*rates: ContractRateFacts) -> Facts:
    return replace(ALICE, contract=replace(CONTRACT, rates=rates))


def test_the_tier_of_the_tutors_own_level() -> None:
    assert rate() == Rate(
        minor_hourly=17_500,
        currency="USD",
        rule="tier medicine.psychiatry level 2",
        contract_version_id=70,
        tier_id=2,
    )


def test_role_and_complexity_multiply_and_the_rule_says_so() -> None:
    found = rate(role=WorkRole.REVIEW, complexity=2)
    assert found is not None
    assert found.minor_hourly == 22_138  # 175.00 × 1.10 × 1.15 = 221.375
    assert found.rule == ("tier medicine.psychiatry level 2, review × 1.10, complexity 2 × 1.15")


def test_the_order_of_resolution() -> None:
    cards = replace(CARDS, projects=(ProjectCard(project="P-3", minor_hourly=3, currency="USD"),))
    for_all = ContractRateFacts(minor_hourly=2)
    for_project = ContractRateFacts(minor_hourly=1, project="P-3")
    expected = [
        (agreed(for_all, for_project), 1, "contract K-7 v1, project P-3"),
        (agreed(for_all), 2, "contract K-7 v1"),
        (ALICE, 3, "project card P-3"),
    ]
    for facts, minor, rule in expected:
        found = rate(facts, cards)
        assert found is not None
        assert (found.minor_hourly, found.rule, found.tier_id) == (minor, rule, None)
    elsewhere = rate(agreed(for_project), cards, project_id="P-4")
    assert elsewhere is not None
    assert elsewhere.tier_id == 2


def test_a_project_card_in_another_currency_does_not_count() -> None:
    cards = replace(CARDS, projects=(ProjectCard(project="P-3", minor_hourly=3, currency="EUR"),))
    found = rate(ALICE, cards)
    assert found is not None
    assert found.tier_id == 2


def test_a_rate_agreed_for_a_role_is_not_multiplied_by_it() -> None:
    facts = agreed(
        ContractRateFacts(minor_hourly=10_000),
        ContractRateFacts(minor_hourly=12_000, role=WorkRole.REVIEW),
    )
    review, attempt = rate(facts, role=WorkRole.REVIEW), rate(facts)
    assert review is not None
    assert attempt is not None
    assert (review.minor_hourly, attempt.minor_hourly) == (12_000, 10_000)


def test_a_rate_agreed_for_the_field_she_answers_with_counts_above_it_too() -> None:
    facts = agreed(ContractRateFacts(minor_hourly=19_000, speciality="medicine.psychiatry"))
    found = rate(facts, domain="medicine")
    assert found is not None
    assert found.minor_hourly == 19_000


def test_a_rate_agreed_for_one_field_leaves_the_others_alone() -> None:
    facts = agreed(ContractRateFacts(minor_hourly=9_000, speciality="stem"))
    found = rate(facts)
    assert found is not None
    assert found.minor_hourly == 17_500


@pytest.mark.parametrize(("signed", "expected"), [(17_000, 17_500), (18_000, 18_000)])
def test_a_card_change_never_lowers_what_was_signed(signed: int, expected: int) -> None:
    floor = ContractRateFacts(
        minor_hourly=signed, source=RateSource.TIER, speciality="medicine.psychiatry"
    )
    found = rate(agreed(floor))
    assert found is not None
    assert found.minor_hourly == expected


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        (replace(ALICE, contract=None), {}),
        (replace(ALICE, qualifications=()), {}),
        (replace(ALICE, qualifications=(replace(QUALIFICATION, expires_at=AT),)), {}),
        (replace(ALICE, qualifications=(replace(QUALIFICATION, level=4),)), {}),
        (replace(ALICE, contract=replace(CONTRACT, currency="EUR")), {}),
        (ALICE, {"domain": "stem"}),
    ],
)
def test_no_match_is_none_never_zero(facts: Facts, more: dict[str, Any]) -> None:
    assert rate(facts, **more) is None


def test_the_narrowest_qualification_that_answers() -> None:
    broad = replace(QUALIFICATION, speciality="medicine", level=4)
    facts = replace(ALICE, qualifications=(broad, QUALIFICATION))
    assert level_in(facts=facts, domain="medicine", at=AT) == ("medicine.psychiatry", 2)
    assert level_in(facts=facts, domain="stem", at=AT) is None


def test_tiers_narrow_first_then_locale_then_dates() -> None:
    tiers = (
        tier(1, "medicine", 2, 1),
        tier(2, "medicine.psychiatry", 2, 2, effective_until=AT),
        tier(3, "medicine.psychiatry", 2, 3, effective_from=AT),
        tier(4, "medicine.psychiatry", 2, 4, locale="IN"),
    )

    def pick(speciality: str, locale: str = "") -> int | None:
        found = tier_for(
            tiers, speciality=speciality, level=2, currency="USD", at=AT, locale=locale
        )
        return found and found.tier_id

    assert pick("medicine.psychiatry.child") == 3
    assert pick("medicine.psychiatry", "IN") == 4
    assert pick("medicine.psychiatry", "GB") == 3
    assert pick("medicine.surgery") == 1
    assert pick("law") is None


@given(
    minor=st.integers(1, 10_000_000),
    points=st.lists(st.integers(1, 50_000), max_size=2),
)
def test_multiplying_is_exact_half_up(minor: int, points: list[int]) -> None:
    exact = Fraction(minor)
    for p in points:
        exact *= Fraction(p, 10_000)
    assert multiplied(minor, *points) == (exact + Fraction(1, 2)) // 1
