"""One idempotency key in many requests at one moment: one effect, one answer."""

import pytest

from tasks.models import Claim
from tests.holding import held
from tests.people import knock
from tests.tasks.crew import Crew
from tests.tasks.statements import counting
from tests.tasks.test_races import race
from workforce.models import IdempotencyKey
from workforce.queries.remembered import known

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]

AT_ONCE = 8
LONGER_THAN_AT_ONCE = "{" + " " * 70_000 + "}"


PATH = "/api/v1/work/claims/"


def alice_at_work():
    crew = Crew()
    alice = crew.tutor("Alice", capacity=10)
    crew.tasks(crew.project(), AT_ONCE)
    return alice


def clicking(alice, body):
    client = knock(alice.account)

    def click(key="one-click"):
        headers = {"HTTP_IDEMPOTENCY_KEY": key}
        return client.post(PATH, body, content_type="application/json", **headers)

    return click


@pytest.mark.parametrize("body", ["{}", LONGER_THAN_AT_ONCE], ids=["short", "long"])
def test_many_clicks_with_one_key_are_one_claim(body):
    click = clicking(alice_at_work(), body)
    answers = race(*[click] * AT_ONCE)
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    busy = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    claim = Claim.objects.get()
    assert made == {claim.public_id}
    assert busy <= {"idempotency_in_flight"}
    assert IdempotencyKey.objects.count() == 1
    assert click().json()["id"] == claim.public_id


@pytest.mark.parametrize("body", ["{}", LONGER_THAN_AT_ONCE], ids=["short", "long"])
def test_who_comes_while_the_first_is_under_way_is_told_so_at_once(body):
    alice = alice_at_work()
    click = clicking(alice, body)

    def first():
        assert known(account_id=alice.account_id, key="one-click").mine

    with held(first):
        answer, made = click(), Claim.objects.count()
    assert made == 0
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_flight")
    assert click().status_code == 201


def test_no_transaction_waits_for_a_long_body():
    """Its key is looked up by a statement of its own, once the body is here."""
    alice = alice_at_work()
    short, long = clicking(alice, "{}"), clicking(alice, LONGER_THAN_AT_ONCE)
    for n, click in enumerate((short, long)):
        assert click(f"first use {n}").status_code == 201
    with counting() as at_once:
        assert short("short").status_code == 201
    with counting() as apart:
        assert long("long").status_code == 201
    assert len(apart) == len(at_once) + 1
