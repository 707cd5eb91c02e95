"""The whole road, from a client's batch to settled pay, through the API."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.road.walk import Answer, Walk
from workforce.operations.relaying import relay

pytestmark = pytest.mark.django_db

CENTS = {
    "task": {600: 9_17, 601: 9_18, 602: 9_20},
    "review": {120: 3_30, 121: 3_33, 122: 3_36},
}
"""By seconds worked: a slow machine adds one or two of its own to what the walk lets pass."""


def test_a_batch_becomes_settled_pay():
    walk = Walk().all_the_way()
    [line] = walk.get("tutor_1", "earnings/")["results"]
    check_paid(walk, who="tutor_1", line=line, kind="task")
    [batch] = walk.get("finance_1", "payout-batches/")["results"]
    assert batch["state"] == "settled"
    [judged] = walk.get("reviewer_1", "earnings/")["results"]
    check_paid(walk, who="reviewer_1", line=judged, kind="review")
    relay(reactions={})
    out = StringIO()
    call_command("check_invariants", json=True, stdout=out)
    assert json.loads(out.getvalue())["ok"]


def check_paid(walk: Walk, *, who: str, line: Answer, kind: str) -> None:
    """The line is for work of this kind alone, and pays what its seconds are worth."""
    seconds_by_kind = walk.get(who, f"earnings/{line['id']}/receipt/")["seconds_by_kind"]
    assert seconds_by_kind.keys() == {kind}
    amount = {"amount_minor": CENTS[kind][seconds_by_kind[kind]], "currency": "USD"}
    assert line["amount"] == amount
