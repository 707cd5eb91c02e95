"""A large import: 500 rows a transaction, by jobs, once, whatever dies."""

import io
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.jobs import catch_up
from tests.tutors.hiring import NOW, House
from tests.tutors.test_imports import BOB, HEADER
from tutors.jobs import KIND
from tutors.models import Tutor, TutorImport
from tutors.operations.importing import check_file, commit, undo, work_on
from workforce.models import Event, Job
from workforce.operations import leasing
from workforce.operations.leasing import LostLease
from workforce.rules.jobs import JobState

pytestmark = pytest.mark.django_db


def table(rows: int) -> str:
    return HEADER + "".join(BOB.replace("bob@", f"b{n}@") for n in range(rows))


def checked(house: House, text: str) -> TutorImport:
    return check_file(
        source=io.BytesIO(text.encode()), file_name="many.csv", actor=house.ruth, at=NOW,
        updates_known=True,
    )  # fmt: skip


def test_a_large_import_is_written_and_taken_back_in_chunks(house: House) -> None:
    upload = commit(upload=checked(house, table(1_100)), actor=house.ruth, at=NOW)
    assert (upload.state, Tutor.objects.count()) == ("committing", 0)
    assert catch_up().count(KIND) == 3
    upload.refresh_from_db()
    assert (upload.state, upload.rows_added, Tutor.objects.count()) == ("committed", 1_100, 1_100)
    assert Event.objects.filter(kind="tutors.imported").count() == 1
    undo(upload=upload, actor=house.ruth, at=NOW)
    assert catch_up().count(KIND) == 3
    upload.refresh_from_db()
    assert (upload.state, upload.rows_undone, Tutor.objects.count()) == ("undone", 1_100, 0)


def test_newer_facts_come_and_go_by_jobs_too(house: House) -> None:
    commit(upload=checked(house, table(501)), actor=house.ruth, at=NOW)
    catch_up()
    newer = commit(
        upload=checked(house, table(501).replace(",2,", ",3,")), actor=house.ruth, at=NOW
    )
    catch_up()
    newer.refresh_from_db()
    assert newer.rows_updated == 501
    assert set(Tutor.objects.values_list("capacity", flat=True)) == {3}
    undo(upload=newer, actor=house.ruth, at=NOW)
    catch_up()
    assert set(Tutor.objects.values_list("capacity", flat=True)) == {2}


def test_a_killed_or_late_worker_repeats_nothing(house: House) -> None:
    upload = commit(upload=checked(house, table(1_001)), actor=house.ruth, at=NOW)
    relayed(KIND)
    killed = leasing.take(job_id=Job.objects.get(kind=KIND).pk, kind=KIND)
    assert killed is not None
    _expire(killed.job_id)
    second = leasing.take(job_id=killed.job_id, kind=KIND)
    assert second is not None
    assert second.fence > killed.fence
    _write_under(second, upload)
    assert Tutor.objects.count() == 500
    with suppress(LostLease):
        _write_under(killed, upload)
        pytest.fail("the first worker kept its lease")
    assert Tutor.objects.count() == 500
    while work_on(upload_id=upload.pk, at=NOW):
        pass
    assert not work_on(upload_id=upload.pk, at=NOW)
    upload.refresh_from_db()
    assert (upload.state, Tutor.objects.count()) == ("committed", 1_001)


def relayed(kind: str) -> None:
    from config.reactions import REACTIONS
    from workforce.operations.relaying import relay

    while relay(reactions=REACTIONS):
        pass
    assert Job.objects.filter(kind=kind, state=JobState.DUE).count() == 1


def _expire(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workforce_job SET lease_until = now() - interval '1 minute' WHERE id = %s",
            [job_id],
        )


def _write_under(lease: leasing.Lease, upload: TutorImport) -> None:
    """What the job's runner does: the effect and the end of the job, all or none."""
    from django.db import transaction

    with transaction.atomic():
        work_on(upload_id=upload.pk, at=NOW)
        lease.finish()


def test_a_chunk_costs_the_same_number_of_statements_whatever_it_holds(house: House) -> None:
    def statements(rows: int, *, act: Any, name: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            act(rows, name)
        return len(seen)

    def bring(rows: int, name: str) -> None:
        text = HEADER + "".join(BOB.replace("bob@", f"{name}{n}@") for n in range(rows))
        commit(upload=checked(house, text), actor=house.ruth, at=NOW)

    bring(1, "warm")
    assert statements(3, act=bring, name="few") == statements(300, act=bring, name="many")
