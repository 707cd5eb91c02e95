"""Events become jobs, jobs have one effect: relay, lease, fence, sweep, parking."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tests.people import AT, person
from workforce.events import JobParked
from workforce.jobs import perform
from workforce.models import Event, Job, Outbox, Seal
from workforce.operations import enqueue, leasing, record
from workforce.operations.relaying import relay, ring
from workforce.operations.sweeping import CannotRetry, retry, sweep, tick
from workforce.queries.chain import breaks
from workforce.rules.jobs import EventSeen, JobSpec
from workforce.rules.roles import Role

NOOP = JobSpec(kind="workforce.noop", queue="notify", key="one", subject={})


def something(number: int = 1) -> Event:
    event = JobParked(subject=f"J-{number}", job_kind="x", attempts=1)
    return record(event=event, actor=None, at=AT)


def to_noop(event: EventSeen) -> list[JobSpec]:
    return [JobSpec(kind="workforce.noop", queue="stem", key=event.subject, subject={})]


REACTIONS = {"workforce.job_parked": (to_noop,)}


def age(job: Job, **columns: timedelta) -> None:
    """Make a row's own clock run ahead: the database's clock is never faked."""
    sets = ", ".join(f"{c} = {c} - %s" for c in columns)
    with connection.cursor() as cursor:
        sql = f"UPDATE workforce_job SET {sets} WHERE id = %s"
        cursor.execute(sql, [*columns.values(), job.pk])


@pytest.mark.django_db
def test_the_log_refuses_change():
    event = something()
    for sql in ("UPDATE workforce_event SET kind = 'x'", "DELETE FROM workforce_event"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(sql)
    event.refresh_from_db()
    assert event.kind == "workforce.job_parked"


@pytest.mark.django_db
def test_the_relay_seals_and_reacts_once():
    relay(reactions={})
    sealed = Seal.objects.count()
    something(1)
    something(2)
    assert relay(reactions=REACTIONS) == 2
    assert relay(reactions=REACTIONS) == 0
    assert Outbox.objects.count() == 0
    assert Seal.objects.count() == sealed + 2
    assert list(Job.objects.order_by("id").values_list("key", "queue")) == [
        ("J-1", "stem"),
        ("J-2", "stem"),
    ]
    assert list(breaks()) == []


@pytest.mark.django_db
def test_a_changed_event_breaks_the_chain():
    event = something()
    relay(reactions={})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE workforce_event SET body = '{}' WHERE id = %s", [event.pk])
    position = Seal.objects.get(event=event).position
    assert list(breaks()) == [f"event {event.public_id} is not what was sealed at {position}"]


@pytest.mark.django_db
def test_a_due_job_is_made_once_and_keeps_the_earlier_time():
    enqueue(specs=[JobSpec(**{**vars(NOOP), "run_at": AT + timedelta(days=1)}), NOOP])
    job = Job.objects.get()
    assert leasing.take(job_id=job.pk, kind=NOOP.kind) is not None


@pytest.mark.django_db
def test_a_leased_job_does_not_swallow_the_next():
    enqueue(specs=[NOOP])
    leasing.take(job_id=Job.objects.get().pk, kind=NOOP.kind)
    enqueue(specs=[NOOP])
    assert sorted(Job.objects.values_list("state", flat=True)) == ["due", "leased"]


@pytest.mark.django_db
def test_a_job_is_leased_once_and_an_old_fence_cannot_finish_it():
    enqueue(specs=[NOOP])
    job = Job.objects.get()
    first = leasing.take(job_id=job.pk, kind=NOOP.kind)
    assert leasing.take(job_id=job.pk, kind=NOOP.kind) is None
    age(job, lease_until=timedelta(minutes=5))
    second = leasing.take(job_id=job.pk, kind=NOOP.kind)
    assert (first.fence, second.fence) == (1, 2)
    with pytest.raises(leasing.LostLease):
        first.finish()
    assert not first.renew()
    second.finish()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


@pytest.mark.django_db
def test_a_message_of_another_kind_does_nothing():
    enqueue(specs=[NOOP])
    job, called = Job.objects.get(), []
    perform(job_id=job.pk, kind="workforce.sleep", handler=called.append, outside=True)
    job.refresh_from_db()
    assert (called, job.state, job.attempts) == ([], "due", 0)


@pytest.mark.django_db
def test_a_failed_job_comes_back_later_and_is_parked_in_the_end():
    enqueue(specs=[NOOP])
    job = Job.objects.get()
    for _ in range(job.attempts_max):
        age(job, run_at=timedelta(hours=1))
        leasing.take(job_id=job.pk, kind=NOOP.kind).fail(error="no luck")
    assert sweep(at=AT) == 1
    assert sweep(at=AT) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("parked", 5, "no luck")
    assert Event.objects.filter(kind="workforce.job_parked", subject=job.public_id).count() == 1


@pytest.mark.django_db
def test_an_abandoned_job_goes_back_to_due():
    enqueue(specs=[NOOP])
    job = Job.objects.get()
    leasing.take(job_id=job.pk, kind=NOOP.kind)
    assert sweep(at=AT) == 0
    age(job, lease_until=timedelta(minutes=5))
    assert sweep(at=AT) == 1
    job.refresh_from_db()
    assert (job.state, job.published_at) == ("due", None)


@pytest.mark.django_db
def test_only_a_parked_job_is_retried():
    enqueue(specs=[NOOP])
    job = Job.objects.get()
    max_ = person("Max", Role.MANAGER)
    with pytest.raises(CannotRetry):
        retry(job_id=job.pk, actor=max_, at=AT)
    Job.objects.update(state="parked", attempts=5)
    retry(job_id=job.pk, actor=max_, at=AT)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("due", 0)


@pytest.mark.django_db
def test_a_parked_job_is_not_retried_beside_one_that_is_due_for_the_same():
    enqueue(specs=[NOOP])
    parked, max_ = Job.objects.get(), person("Max", Role.MANAGER)
    Job.objects.update(state="parked", attempts=5)
    enqueue(specs=[NOOP])
    with pytest.raises(CannotRetry, match="due already"):
        retry(job_id=parked.pk, actor=max_, at=AT)
    assert sorted(Job.objects.values_list("state", "attempts")) == [("due", 0), ("parked", 5)]
    assert not Event.objects.filter(kind="workforce.job_retried").exists()
    Job.objects.filter(state="due").update(state="done")
    retry(job_id=parked.pk, actor=max_, at=AT)
    assert Event.objects.filter(kind="workforce.job_retried").count() == 1


@pytest.mark.django_db
def test_a_broker_that_is_away_costs_nothing_but_time():
    enqueue(specs=[NOOP])
    told = []

    def dead(job_id: int, kind: str, queue: str) -> None:
        raise ConnectionError("nobody there")

    assert ring(publish=dead) == 0
    assert ring(publish=lambda *a: told.append(a)) == 0
    age(Job.objects.get(), published_at=timedelta(seconds=6))
    assert ring(publish=lambda *a: told.append(a)) == 1
    assert [(k, q) for _, k, q in told] == [("workforce.noop", "notify")]


@pytest.mark.django_db
def test_two_beats_make_one_tick():
    assert tick(name="tidy", slot=7, at=AT)
    assert not tick(name="tidy", slot=7, at=AT)


@pytest.mark.race
def test_of_many_workers_one_gets_the_job(own_database):
    enqueue(specs=[NOOP])
    job_id = Job.objects.get().pk
    leases, start = [], threading.Barrier(8)

    def work() -> None:
        start.wait()
        leases.append(leasing.take(job_id=job_id, kind=NOOP.kind))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(lease is not None for lease in leases) == 1


@pytest.mark.race
def test_many_relays_react_to_each_event_once(own_database):
    relay(reactions={})
    for number in range(200):
        something(number + 1)
    start = threading.Barrier(6)

    def work() -> None:
        start.wait()
        for _ in range(20):
            relay(reactions=REACTIONS)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Job.objects.count() == 200
    assert list(breaks()) == []
