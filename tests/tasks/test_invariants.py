"""Every rule about work holds after a story, and notices when it is broken behind its back."""

import re

import pytest
from django.db import connection, transaction

from config.launch.places import ROOT
from tasks.models import Submission
from tasks.operations.claiming import claim
from tasks.operations.pooling import fold_figures
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tasks.queries.invariants import RULES, checks
from tasks.rules.states import Dispatch, ReviewDecision, WorkRole
from tests.tasks.ageing import later
from tests.tasks.crew import ANSWER, Crew, moment

pytestmark = pytest.mark.django_db

OPEN = "state = 'claimed'"
DAMAGE = {
    "one_holder_per_slot": (
        "DROP INDEX claim_one_open_per_slot; INSERT INTO tasks_claim (slot_id, task_id, pool_id,"
        " project_id, tutor_id, contract_version_id, fence, role, state, rate_minor_hourly,"
        " currency, rate_rule, weight, lease_seconds, expected_seconds, paid_cap_seconds,"
        " seconds_worked, reserved_minor, extended, lease_until, hold_until, reason)"
        " SELECT slot_id, task_id, pool_id, project_id, (SELECT max(id) FROM tutors_tutor),"
        " contract_version_id, fence + 1, role, state, rate_minor_hourly, currency, rate_rule, 1,"
        " 60, 60, 60, 0, 0, false, lease_until, hold_until, '' FROM tasks_claim"
        f" WHERE {OPEN} LIMIT 1"
    ),
    "claims_and_slots_agree": "UPDATE tasks_slot SET state = 'open' WHERE state = 'claimed'",
    "offers_and_slots_agree": "UPDATE tasks_slot SET state = 'open' WHERE state = 'offered'",
    "no_orphan_leases": (
        "UPDATE tasks_claim SET lease_until = now() - interval '2 minutes',"
        f" hold_until = now() WHERE {OPEN}"
    ),
    "no_orphan_offers": "UPDATE tasks_offer SET expires_at = now() - interval '2 minutes'",
    "open_work_within_capacity": (
        f"UPDATE tasks_claim SET weight = 9 WHERE {OPEN};"
        " UPDATE tasks_claimverdicts g SET facts_version = t.facts_version"
        " FROM tasks_claim c JOIN tutors_tutor t ON t.id = c.tutor_id WHERE c.id = g.claim_id"
    ),
    "claims_were_eligible": "DELETE FROM tasks_claimverdicts",
    "clocks_run_on_open_claims": (
        f"UPDATE tasks_claim SET state = 'released', ended_at = now() WHERE {OPEN}"
    ),
    "time_of_claims_adds_up": "UPDATE tasks_claim SET seconds_worked = seconds_worked + 1",
    "nobody_approves_her_own_time": (
        "ALTER TABLE tasks_timeentry DROP CONSTRAINT time_not_decided_by_its_own_tutor;"
        " UPDATE tasks_timeentry SET decided_by_id = account_id"
    ),
    "budgets_hold": "UPDATE tasks_projectbudget SET reserved_minor = 0",
    "answers_wait_for_somebody": (
        "UPDATE tasks_slot SET state = 'cancelled' WHERE role = 'review' AND state = 'open'"
    ),
    "done_tasks_are_done": "UPDATE tasks_task SET state = 'done'",
    "figures_equal_a_recount": "UPDATE tasks_poolcounter SET waiting = waiting + 1",
    "answers_by_day_equal_a_recount": "UPDATE tasks_projectday SET submitted = submitted + 1",
    "throughput_equals_a_recount": "UPDATE tasks_domainhour SET claimed = claimed + 1",
    "records_equal_a_recount": "UPDATE tasks_reviewrecord SET judged = judged + 1",
    "offers_are_few": (
        "DROP INDEX offer_one_live_per_slot; INSERT INTO tasks_offer (slot_id, task_id, pool_id,"
        " tutor_id, role, kind, state, why, rate_minor_hourly, currency, expires_at, reason)"
        " SELECT slot_id, task_id, pool_id, tutor_id, role, kind, state, why, rate_minor_hourly,"
        " currency, expires_at, '' FROM tasks_offer, generate_series(1, 20) WHERE state = 'offered'"
    ),
}
ELSEWHERE = {
    "known_answers_count_as_they_agree",
    "overlap_by_different_people",
    "author_never_judges",
    "linked_accounts_are_one",
    "time_never_overlaps",
    "policies_in_force_are_the_newest",
}
"""Broken in other tests, or by nothing that a constraint lets through."""


def broken() -> set[str]:
    return {check.name for check in checks(at=moment()) if list(check.problems)}


@pytest.fixture
def story() -> None:
    """Alice has handed two answers in, of which one is judged, and holds one; Bob has an offer."""
    crew = Crew()
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    project = crew.project(budget_minor=10_000_000)
    crew.tasks(project, 4)
    for left in (2, 1, 0):
        got = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
        own = in_hand(claim_id=got.claim_id, account_id=alice.account_id)
        if left:
            later(seconds=60)
            submit(account=alice.account, own=own, fence=1, answer=ANSWER, at=moment())
    claim(account=rita.account, role=WorkRole.REVIEW, project_id=None, at=moment())
    seen = open_for_review(account=rita.account, submission_id=Submission.objects.earliest("id").pk)
    judgement = Judgement(decision=ReviewDecision.ACCEPT)
    decide(account=rita.account, seen=seen, judgement=judgement, at=moment())
    crew.tutor("Bob")
    crew.tasks(crew.project(dispatch=Dispatch.PUSH))
    assert route_queue(queue="stem", at=moment()).offers == 1
    while fold_figures(at=moment()):
        pass


def test_a_story_keeps_them_all(story: None) -> None:
    assert broken() == set()
    assert set(DAMAGE) | ELSEWHERE == set(RULES)


def test_damage_past_the_constraints_is_noticed(story: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for rule, damage in DAMAGE.items():
            with transaction.atomic():
                cursor.execute(damage)
                assert rule in broken()
                transaction.set_rollback(True)
    assert broken() == set()


def test_the_table_of_rules_names_what_is_there() -> None:
    """docs/invariants.md: its tests exist, and so do its checks and constraints."""
    named = set(re.findall(r"`([a-z_0-9]+)`", (ROOT / "docs" / "invariants.md").read_text()))
    written = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    known = {*re.findall(r"def (test_\w+)", written), *RULES, "opened_at"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes"
            " WHERE schemaname = 'public'"
        )
        known |= {row[0] for row in cursor.fetchall()}
    assert named - known == set()
    assert len(named) > 60
