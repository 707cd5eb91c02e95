"""The whole road, from a client's batch to settled pay, through the API."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.road.walk import REVIEWED_SECONDS, WORKED_SECONDS, Walk
from workforce.operations.relaying import relay

pytestmark = pytest.mark.django_db


def test_a_batch_becomes_settled_pay():
    walk = Walk().all_the_way()
    [line] = walk.get("tutor_1", "earnings/")["results"]
    assert line["amount"] == {"amount_minor": 9_17, "currency": "USD"}
    receipt = walk.get("tutor_1", f"earnings/{line['id']}/receipt/")
    assert receipt["seconds_by_kind"] == {"task": WORKED_SECONDS}
    [batch] = walk.get("finance_1", "payout-batches/")["results"]
    assert batch["state"] == "settled"
    [judged] = walk.get("reviewer_1", "earnings/")["results"]
    assert judged["amount"] == {"amount_minor": 3_30, "currency": "USD"}
    receipt = walk.get("reviewer_1", f"earnings/{judged['id']}/receipt/")
    assert receipt["seconds_by_kind"] == {"review": REVIEWED_SECONDS}
    relay(reactions={})
    out = StringIO()
    call_command("check_invariants", json=True, stdout=out)
    assert json.loads(out.getvalue())["ok"]
