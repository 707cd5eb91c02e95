"""Locks in one order everywhere: claim, slot, budget. Found by sixteen people in one project."""

import threading
import time

import pytest
from django.db import connection, transaction

from tasks.models import Claim, ProjectBudget, Slot
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tests.tasks.crew import ANSWER, Crew, moment
from tests.tasks.test_races import race, sound, take

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]

WAIT_SECONDS = 20.0


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_a_submit_that_waits_for_its_slot_holds_no_budget_yet():
    crew = Crew()
    alice = crew.tutor("Alice")
    project = crew.project(budget_minor=1_000_000)
    crew.tasks(project)
    sheet = take(alice)()
    own = in_hand(claim_id=sheet.claim_id, account_id=alice.account_id)
    slot_held = threading.Event()

    def hold_the_slot():
        with transaction.atomic():
            list(Slot.objects.select_for_update().filter(task_id=sheet.task_id))
            slot_held.set()
            deadline = time.monotonic() + WAIT_SECONDS
            while not somebody_waits_for_a_lock():
                assert time.monotonic() < deadline
                time.sleep(0.02)
            ProjectBudget.objects.select_for_update(nowait=True).get(project=project)

    def hand_in():
        slot_held.wait()
        submit(account=alice.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment())

    race(hold_the_slot, hand_in)
    assert Claim.objects.get(pk=sheet.claim_id).state == "submitted"
    sound()
