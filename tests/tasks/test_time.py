"""Time: the clock's, the hand-written, what is approved, held, declined and disputed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tasks.models import TimeEntry
from tasks.operations.approving import approve
from tasks.operations.budgeting import book
from tasks.operations.claiming import claim
from tasks.operations.timekeeping import (
    CannotWriteDown,
    OwnTime,
    Stretch,
    TimeOverlaps,
    submit_entry,
    write_down,
)
from tasks.operations.working import hand_back
from tasks.rules.states import TimeKind, WorkRole
from tests.people import knock, person
from tests.tasks.ageing import later
from tests.tasks.crew import moment
from workforce.models import Event
from workforce.operations.pricing import set_tier
from workforce.queries.terms import domain_by_slug
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
"""00:00 in London, where Alice's contract counts its weeks."""


def written(crew, tutor, *, start, seconds, kind=TimeKind.TASK, project=None, at=None):
    stretch = Stretch(
        kind=kind,
        started_at=start,
        ended_at=start + timedelta(seconds=seconds),
        reason="Worked offline.",
        project=project,
    )
    return write_down(tutor=tutor, stretch=stretch, actor=tutor.account, at=at or moment())


def hours_ago(n):
    return (moment() - timedelta(hours=n)).replace(microsecond=0)


def test_a_manual_entry_waits_for_its_tutor_then_for_a_manager(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    client = knock(alice.account)
    start = hours_ago(3)
    body = {
        "kind": "task",
        "project": project.public_id,
        "started_at": start.isoformat(),
        "ended_at": (start + timedelta(minutes=30)).isoformat(),
        "reason": "The browser was closed.",
    }
    made = client.post("/api/v1/time-entries/", body, format="json")
    assert made.status_code == 201, made.json()
    entry = made.json()
    assert (entry["state"], entry["seconds"]) == ("draft", 1_800)
    path = f"/api/v1/time-entries/{entry['id']}"
    assert client.post(f"{path}/submit/", {}, format="json").json()["state"] == "submitted"
    assert client.post(f"{path}/approve/", {}, format="json").status_code == 403
    manager = knock(crew.max)
    assert manager.post(f"{path}/approve/", {}, format="json").json()["state"] == "approved"
    event = Event.objects.get(kind="tasks.time_approved")
    assert event.body["entries"] == [entry["id"]] and event.body["seconds"] == 1_800
    listed = manager.get("/api/v1/time-entries/", {"tutor": alice.public_id, "state": "approved"})
    assert [e["id"] for e in listed.json()["results"]] == [entry["id"]]


def test_nobody_approves_her_own_time(crew):
    boss = crew.tutor("Mia")
    from workforce.operations.admitting import grant_role

    grant_role(account=boss.account, role=Role.MANAGER, actor=None, at=crew.at)
    entry = written(crew, boss, start=hours_ago(3), seconds=60, project=crew.project())
    submit_entry(entry=entry, actor=boss.account, at=moment())
    with pytest.raises(OwnTime):
        approve(entry_ids=[entry.pk], actor=boss.account, at=moment())
    entry.refresh_from_db()
    assert entry.state == "submitted"
    own = "time_not_decided_by_its_own_tutor"
    with pytest.raises(IntegrityError, match=own), transaction.atomic():
        TimeEntry.objects.update(decided_by=boss.account)


def test_approved_time_cannot_be_edited_by_anybody(crew):
    alice = crew.tutor("Alice")
    entry = written(crew, alice, start=hours_ago(3), seconds=60, project=crew.project())
    submit_entry(entry=entry, actor=alice.account, at=moment())
    approve(entry_ids=[entry.pk], actor=crew.max, at=moment())
    for act in (
        lambda: TimeEntry.objects.update(seconds=61),
        lambda: TimeEntry.objects.all().delete(),
        lambda: TimeEntry.objects.update(state="declined"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert TimeEntry.objects.update(state="locked") == 1


def test_bad_stretches_are_refused_and_write_nothing(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    for start, seconds in (
        (hours_ago(3), 0),
        (hours_ago(3), -60),
        (hours_ago(0), 3_600),
        (hours_ago(20), 13 * 3_600),
        (hours_ago(24 * 100), 60),
        (crew.at - timedelta(days=45), 60),
    ):
        with pytest.raises(CannotWriteDown):
            written(crew, alice, start=start, seconds=seconds, project=project)
    assert not TimeEntry.objects.exists()


def test_entries_may_touch_but_never_overlap(crew):
    alice = crew.tutor("Alice")
    project, start = crew.project(), hours_ago(5)
    written(crew, alice, start=start, seconds=600, project=project)
    written(crew, alice, start=start + timedelta(seconds=600), seconds=600, project=project)
    with pytest.raises(TimeOverlaps):
        written(crew, alice, start=start + timedelta(seconds=599), seconds=10, project=project)
    assert TimeEntry.objects.count() == 2


def test_what_passes_the_weekly_cap_is_held_apart(crew):
    """D6 with a cap of 40 h: 39:40 are there, then 1:10 more; 3000 s wait for a decision."""
    at = MONDAY + timedelta(days=6, hours=23)
    crew.at = at
    alice = crew.tutor("Alice")
    project = crew.project()
    for day, seconds in enumerate((12 * 3600, 12 * 3600, 12 * 3600, 13_200)):
        start = MONDAY + timedelta(days=day, hours=8)
        entry = written(crew, alice, start=start, seconds=seconds, project=project, at=at)
        assert submit_entry(entry=entry, actor=alice.account, at=at).state == "submitted"
    start = MONDAY + timedelta(days=5, hours=8)
    last = written(crew, alice, start=start, seconds=4_200, project=project, at=at)
    first = submit_entry(entry=last, actor=alice.account, at=at)
    held = TimeEntry.objects.get(state="held")
    assert (first.seconds, held.seconds) == (1_200, 3_000)
    assert held.started_at == first.ended_at


def test_declined_time_is_disputed_and_decided_by_somebody_else(crew):
    alice = crew.tutor("Alice")
    other = person("Olga", Role.MANAGER)
    entry = written(crew, alice, start=hours_ago(4), seconds=600, project=crew.project())
    submit_entry(entry=entry, actor=alice.account, at=moment())
    path = f"/api/v1/time-entries/{entry.public_id}"
    assert knock(crew.max).post(f"{path}/decline/", {}, format="json").status_code == 400
    declined = knock(crew.max).post(f"{path}/decline/", {"reason": "No work seen."}, format="json")
    assert declined.json()["state"] == "declined"
    disputed = knock(alice.account).post(
        f"{path}/dispute/", {"reason": "See the draft."}, format="json"
    )
    assert disputed.json()["state"] == "disputed"
    assert knock(crew.max).post(f"{path}/approve/", {}, format="json").status_code == 403
    assert knock(other).post(f"{path}/approve/", {}, format="json").json()["state"] == "approved"


def test_bulk_approval_is_all_or_nothing(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    entries = [
        written(crew, alice, start=hours_ago(9 - n), seconds=60, project=project) for n in range(3)
    ]
    for entry in entries[:2]:
        submit_entry(entry=entry, actor=alice.account, at=moment())
    manager = knock(crew.max)
    path = "/api/v1/time-entries/approve/"
    ids = [entry.public_id for entry in entries]
    assert manager.post(path, {"ids": ids}, format="json").status_code == 409
    assert not TimeEntry.objects.filter(state="approved").exists()
    answer = manager.post(path, {"ids": ids[:2]}, format="json")
    assert {e["state"] for e in answer.json()["results"]} == {"approved"}
    again = manager.post(path, {"ids": ids[:2]}, format="json")
    assert again.status_code == 200
    assert Event.objects.filter(kind="tasks.time_approved").count() == 1


def test_an_entry_is_cut_where_a_week_begins(crew):
    """Sunday 23:30 to Monday 00:45 in London is two entries of two pay weeks."""
    at = MONDAY + timedelta(hours=5)
    crew.at = at
    alice = crew.tutor("Alice")
    start = MONDAY - timedelta(minutes=30)
    entry = written(crew, alice, start=start, seconds=4_500, project=crew.project(), at=at)
    submit_entry(entry=entry, actor=alice.account, at=at)
    approve(entry_ids=[entry.pk], actor=crew.max, at=at)
    parts = TimeEntry.objects.order_by("started_at")
    assert [(p.seconds, p.state) for p in parts] == [(1_800, "approved"), (2_700, "approved")]


def test_a_raise_counts_from_its_instant_and_a_cut_never_below_the_claim(crew):
    """D5: half an hour before the raise, three quarters after it."""
    alice = crew.tutor("Alice", level=1)
    project = crew.project(domain="stem.mathematics")
    crew.tasks(project)
    sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    later(seconds=4_500)
    raised_at = moment() - timedelta(seconds=2_700)
    old = sheet.rate_minor_hourly
    set_tier(
        domain=domain_by_slug(slug="stem.mathematics"),
        level=1,
        currency="USD",
        rate_minor_hourly=old + 500,
        min_minor_hourly=100,
        max_minor_hourly=100_000,
        effective_at=raised_at,
        actor=None,
        at=moment(),
    )
    hand_back(account=alice.account, claim_id=sheet.claim_id, reason="", at=moment())
    (entry,) = TimeEntry.objects.all()
    assert entry.rate_minor_hourly == old
    approve(entry_ids=[entry.pk], actor=crew.max, at=moment())
    before, after = TimeEntry.objects.order_by("started_at")
    assert (before.rate_minor_hourly, after.rate_minor_hourly) == (old, old + 500)
    assert abs(before.seconds - 1_800) <= 2 and abs(after.seconds - 2_700) <= 2
    assert before.ended_at == after.started_at


def test_the_budget_counts_what_time_cost(crew):
    alice = crew.tutor("Alice")
    project = crew.project(budget_minor=1_000_000, expected_seconds=3_600)
    crew.tasks(project)
    sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    project.budget.refresh_from_db()
    assert project.budget.reserved_minor == 2 * sheet.rate_minor_hourly
    later(seconds=1_800)
    hand_back(account=alice.account, claim_id=sheet.claim_id, reason="", at=moment())
    project.budget.refresh_from_db()
    seconds = TimeEntry.objects.get().seconds
    cost = (2 * seconds * sheet.rate_minor_hourly + 3_600) // 7_200
    assert project.budget.reserved_minor == cost
    assert book(project_id=project.pk, minor=cost, reserved_minor=cost, at=moment()) == 0
    project.budget.refresh_from_db()
    assert (project.budget.reserved_minor, project.budget.used_minor) == (0, cost)
    over = book(project_id=project.pk, minor=1_000_000, reserved_minor=0, at=moment())
    assert over == cost


def test_the_clock_never_counts_twice(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    names = [f.column for f in TimeEntry._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(names)
    twice = f"INSERT INTO tasks_timeentry ({columns}) SELECT {columns} FROM tasks_timeentry"
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="time_"):
        cursor.execute(twice)
