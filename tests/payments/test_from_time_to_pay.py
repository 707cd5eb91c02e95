"""From a worked minute to a pay line, by the operations and jobs that a real instance runs."""

from datetime import timedelta
from typing import Any

import pytest

from payments import jobs  # noqa: F401 - registers the kind
from payments.models import Earning
from tasks.models import Claim, Project, TimeEntry
from tasks.operations.approving import approve
from tasks.operations.claiming import claim
from tasks.operations.commissioning import commission
from tasks.operations.submitting import submit
from tasks.operations.timekeeping import Stretch, submit_entry, write_down
from tasks.queries.handing_in import in_hand
from tasks.rules.projects import Plan
from tasks.rules.states import TimeKind, TimeState, WorkRole
from tests.payments.people import fay
from tests.people import knock
from tests.tasks.commissions import grounds, work_off
from tests.tasks.crew import ANSWER, ASKED, Crew, moment
from tutors.models import Tutor
from workforce.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    grounds()
    return Crew()


def writes_down(crew: Crew, tutor: Tutor, *, seconds: int, ago: timedelta) -> TimeEntry:
    """A meeting, handed in."""
    started = crew.at.replace(microsecond=0) - ago
    stretch = Stretch(
        kind=TimeKind.MEETING,
        started_at=started,
        ended_at=started + timedelta(seconds=seconds),
        reason="The weekly call",
    )
    entry = write_down(tutor=tutor, stretch=stretch, actor=tutor.account, at=crew.at)
    return submit_entry(entry=entry, actor=tutor.account, at=crew.at)


def price() -> list[Job]:
    return work_off(kinds=("payments.post_earnings",))


def test_approved_time_is_priced_by_a_job_on_the_pay_queue(crew: Crew) -> None:
    alice = crew.tutor("Alice")
    entries = [
        writes_down(crew, alice, seconds=61, ago=timedelta(hours=20 - n)).pk for n in range(7)
    ]
    approve(entry_ids=entries, actor=crew.max, at=crew.at)
    (job,) = price()
    assert (job.queue, job.state) == ("pay", "done")
    rate = TimeEntry.objects.get(pk=entries[0]).rate_minor_hourly
    posted = sum(Earning.objects.values_list("amount_minor", flat=True))
    in_week = TimeEntry.objects.filter(pk__in=entries).values("contract_version").distinct()
    assert in_week.count() == 1
    assert abs(posted - 427 * rate / 3600) < 1.01  # two buckets where the week turned meanwhile
    assert price() == []


def test_a_line_can_be_read_with_its_receipt_by_its_tutor(crew: Crew) -> None:
    alice = crew.tutor("Alice")
    entry = writes_down(crew, alice, seconds=4830, ago=timedelta(hours=5))
    approve(entry_ids=[entry.pk], actor=crew.max, at=crew.at)
    price()
    client = knock(alice.account)
    (line,) = client.get(f"/api/v1/earnings/?time_entry={entry.public_id}").json()["results"]
    told: dict[str, Any] = client.get(f"/api/v1/earnings/{line['id']}/receipt/").json()
    assert told["seconds_by_kind"] == {"meeting": 4830}
    assert told["agrees"] is True
    assert told["contract_version"] == 1
    expected = (2 * 4830 * entry.rate_minor_hourly + 3600) // 7200
    assert told["amount"] == {"amount_minor": expected, "currency": "USD"}
    assert told["rate_rule"] == entry.rate_rule


def test_work_in_a_claim_moves_the_budget_from_reserved_to_used(crew: Crew) -> None:
    alice = crew.tutor("Alice")
    plan = Plan(
        name="Proofs", domain="stem.mathematics", task_type="critique", guide="# Find it",
        requirements=ASKED, expected_seconds=600, lease_seconds=600, budget_minor=500_000,
    )  # fmt: skip
    made = commission(client=crew.client, plan=plan, actor=crew.max, at=crew.at)
    project = Project.objects.get(pk=made.project.pk)
    crew.tasks(project)
    sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    assert sheet is not None
    assert project.budget.reserved_minor > 0
    an_hour_ago = moment().replace(microsecond=0) - timedelta(hours=1)
    TimeEntry.objects.filter(claim=sheet.claim_id).update(started_at=an_hour_ago)
    own = in_hand(claim_id=sheet.claim_id, account_id=alice.account_id)
    submit(account=alice.account, own=own, fence=1, answer=ANSWER, at=moment())
    entry = TimeEntry.objects.get(claim=sheet.claim_id, state=TimeState.SUBMITTED)
    project.budget.refresh_from_db()
    assert project.budget.reserved_minor == Claim.objects.get().reserved_minor > 0
    approve(entry_ids=[entry.pk], actor=crew.max, at=moment())
    price()
    line = Earning.objects.get()
    project.budget.refresh_from_db()
    assert project.budget.reserved_minor == 0
    assert project.budget.used_minor == line.amount_minor > 0


def test_a_week_of_the_seeded_world_can_be_paid(crew: Crew, settings: Any) -> None:
    """People hired by the seed have an account that a batch can pay to."""
    settings.PAYER = {"name": "Lectern", "iban": "DE89370400440532013000", "bic": ""}
    alice = crew.tutor("Alice")
    entry = writes_down(crew, alice, seconds=600, ago=timedelta(hours=5))
    approve(entry_ids=[entry.pk], actor=crew.max, at=crew.at)
    price()
    maker = knock(fay())
    closed = maker.post("/api/v1/periods/close/", {}, format="json").json()
    assert closed["statements_count"] == 1
    batch = maker.post("/api/v1/payout-batches/", {}, format="json").json()
    assert (batch["payouts_count"], batch["left_out"]) == (1, [])
