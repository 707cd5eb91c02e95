"""Any JSON at a real person's doors is answered, never a crash."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.people import knock
from tests.tutors.hiring import ALICE, LICENCE, TODAY, House, hire, open_house, put_under_contract

pytestmark = pytest.mark.django_db

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, -1, 2**31, 2**63, 10**30, "", " ", "0001-01-01", "9999-12-31"]),
    st.sampled_from(["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "US", "ß", "ŉ"]),
    st.text(max_size=12),
    st.lists(st.text(max_size=4), max_size=2),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)
CONTRACT = {"start": str(TODAY), "end": None, "zone": "UTC", "speciality": "", "currency": "USD"}
GRANT = {"speciality": "medicine", "level": 1, "expires_at": None}
DOORS: list[tuple[str, str, dict[str, Any]]] = [
    ("patch", "tutors/{tutor}/", {k: v for k, v in ALICE.items() if k != "email"}),
    ("post", "tutors/{tutor}/credentials/", LICENCE),
    ("post", "tutors/{tutor}/qualifications/", GRANT),
    ("post", "tutors/{idle}/contracts/", CONTRACT),
    ("post", "contracts/{contract}/amend/", {"cap_seconds_week": 3600, "effective_on": None}),
    ("post", "contracts/{contract}/end/", {"reason": "Why", "ends_on": None}),
    ("post", "tutors/{tutor}/agreements/", {"kind": "nda", "party": "client:C-1"}),
]


@pytest.fixture
def addresses() -> tuple[House, APIClient, dict[str, str]]:
    """Ruth's door, Alice's door, and the ids behind them."""
    house = open_house()
    alice, bob = hire(house), hire(house, name="Bob Brown")
    contract = put_under_contract(house, alice)
    ids = {
        "tutor": alice.public_id,
        "idle": bob.public_id,
        "contract": contract.public_id,
    }
    return house, knock(alice.account), ids


@pytest.mark.parametrize(("method", "path", "good"), DOORS, ids=[d[1] for d in DOORS])
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_is_answered(
    addresses: tuple[House, APIClient, dict[str, str]],
    method: str,
    path: str,
    good: dict[str, Any],
    data: st.DataObject,
) -> None:
    house, _her, ids = addresses
    field = data.draw(st.sampled_from(sorted(good)))
    body = {**good, field: data.draw(values)}
    send = getattr(house.api, method)
    answer = send(f"/api/v1/{path.format(**ids)}", body, format="json")
    assert answer.status_code in (200, 201, 400, 409), answer.content


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(field=st.sampled_from(["state", "until", "reason", "week", "time_off"]), value=values)
def test_any_value_at_ones_own_switches(
    addresses: tuple[House, APIClient, dict[str, str]], field: str, value: Any
) -> None:
    _house, her, _ids = addresses
    presence = {"state": "taking_work", "reason": "", "until": None, field: value}
    plan = {"week": {}, "time_off": [], field: value}
    answers = [
        her.patch("/api/v1/work/presence/", presence, format="json"),
        her.put("/api/v1/work/availability/", plan, format="json"),
    ]
    assert {a.status_code for a in answers} <= {200, 400}
