"""Beside many claims of everybody's, somebody's own are found by herself alone."""

import json

import pytest
from django.db import connection

from tasks.models import Claim
from tasks.operations.claiming import claim
from tasks.queries.hands import HANDS, week_arrays
from tasks.rules.states import WorkRole
from tests.tasks.crew import moment
from workforce.queries.plans import prepared

pytestmark = pytest.mark.django_db

OTHERS = ("Bob", "Cleo", "Dora", "Eve")
CLAIMS = 3_000
_ANSWERED = """
INSERT INTO tasks_claim
SELECT (jsonb_populate_record(c, jsonb_build_object(
           'id', 100000 + s.id, 'slot_id', s.id, 'task_id', s.task_id, 'pool_id', s.pool_id,
           'tutor_id', (%(tutors)s::bigint[])[1 + s.id %% %(others)s], 'state', 'submitted'))).*
  FROM tasks_claim c, tasks_slot s WHERE s.state = 'open' AND s.pool_id = c.pool_id
"""


@pytest.fixture
def away(crew):
    """Alice took one task long ago; four others answered three thousand since."""
    alice = crew.tutor("Alice")
    others = [crew.tutor(name) for name in OTHERS]
    project = crew.project(review_percent=0)
    for _ in range(CLAIMS // 1_000):
        crew.tasks(project, 1_000)
    claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    Claim.objects.update(state="submitted", ended_at=moment())
    with connection.cursor() as cursor:
        who = {"tutors": [each.pk for each in others], "others": len(OTHERS)}
        cursor.execute(_ANSWERED, who)
        cursor.execute("ANALYZE tasks_claim")
    return alice


def claims_read(plan):
    """Rows of claims that the plan looked at, whatever became of them."""
    looked = plan.get("Actual Rows", 0) + plan.get("Rows Removed by Filter", 0)
    mine = plan["Actual Loops"] * looked if plan.get("Relation Name") == "tasks_claim" else 0
    return mine + sum(claims_read(each) for each in plan.get("Plans", ()))


def test_who_was_away_is_not_looked_for_among_everybodys_claims(away):
    assert Claim.objects.count() >= CLAIMS
    with prepared() as cursor:
        cursor.execute(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {HANDS}",
            week_arrays(zones={away.pk: "UTC"}, at=moment()),
        )
        (found,) = cursor.fetchone()
    told = json.loads(found) if isinstance(found, str | bytes) else found
    assert claims_read(told[0]["Plan"]) == 1  # her own
