"""Rate cards follow each other in time and never overlap."""

from datetime import timedelta

import pytest

from tests.people import AT, knock, person
from workforce.models import Domain, Event, PayTier
from workforce.operations.pricing import CannotSetTier, TierOverlaps, set_tier
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

CARD = {"level": 2, "currency": "EUR", "min_minor_hourly": 1000, "max_minor_hourly": 9000}


def law() -> Domain:
    return Domain.objects.get(slug="law")


def cards() -> list[tuple]:
    rows = PayTier.objects.filter(domain=law(), currency="EUR").order_by("id")
    return [(c.rate_minor_hourly, c.effective.lower, c.effective.upper) for c in rows]


def test_a_new_card_ends_the_one_before():
    later = AT + timedelta(days=30)
    for rate, moment in ((4000, AT), (5000, later)):
        set_tier(
            domain=law(), rate_minor_hourly=rate, effective_at=moment, actor=None, at=AT, **CARD
        )
    assert cards() == [(4000, AT, later), (5000, later, None)]


def test_a_card_cannot_slip_in_behind_a_later_one():
    set_tier(domain=law(), rate_minor_hourly=4000, effective_at=AT, actor=None, at=AT, **CARD)
    before, events = cards(), Event.objects.count()
    with pytest.raises(TierOverlaps):
        set_tier(
            domain=law(),
            rate_minor_hourly=5000,
            effective_at=AT - timedelta(days=1),
            actor=None,
            at=AT,
            **CARD,
        )
    assert (cards(), Event.objects.count()) == (before, events)


@pytest.mark.parametrize("rate", [0, 999, 9001])
def test_a_rate_outside_its_range_is_refused(rate):
    with pytest.raises(CannotSetTier):
        set_tier(domain=law(), rate_minor_hourly=rate, effective_at=AT, actor=None, at=AT, **CARD)
    assert cards() == []


def test_the_api_names_the_field():
    ada = person("Ada", Role.ADMIN)
    body = {**CARD, "domain": "law", "rate_minor_hourly": 9500, "effective_at": AT.isoformat()}
    answer = knock(ada).post("/api/v1/pay-tiers/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "tier_not_valid")
    assert list(answer.json()["errors"]) == ["rate_minor_hourly"]
    body |= {"rate_minor_hourly": 4000, "domain": "nowhere"}
    assert knock(ada).post("/api/v1/pay-tiers/", body, format="json").status_code == 400
    body |= {"domain": "law"}
    made = knock(ada).post("/api/v1/pay-tiers/", body, format="json")
    assert (made.status_code, made.json()["rate_minor_hourly"]) == (201, 4000)
