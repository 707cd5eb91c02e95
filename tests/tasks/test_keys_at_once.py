"""One idempotency key in many requests at one moment: one effect, one answer."""

import pytest

from tasks.models import Claim
from tests.people import knock
from tests.tasks.crew import Crew
from tests.tasks.test_races import race
from workforce.models import IdempotencyKey

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]

AT_ONCE = 8
LONGER_THAN_AT_ONCE = "{" + " " * 70_000 + "}"


@pytest.mark.parametrize("body", ["{}", LONGER_THAN_AT_ONCE], ids=["short", "long"])
def test_many_clicks_with_one_key_are_one_claim(body):
    crew = Crew()
    alice = crew.tutor("Alice", capacity=10)
    crew.tasks(crew.project(), AT_ONCE)
    client = knock(alice.account)

    def click():
        headers = {"HTTP_IDEMPOTENCY_KEY": "one-click"}
        path = "/api/v1/work/claims/"
        return client.post(path, body, content_type="application/json", **headers)

    answers = race(*[click] * AT_ONCE)
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    busy = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    claim = Claim.objects.get()
    assert made == {claim.public_id}
    assert busy <= {"idempotency_in_flight"}
    assert IdempotencyKey.objects.count() == 1
    assert click().json()["id"] == claim.public_id
