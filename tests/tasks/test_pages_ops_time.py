"""Time approvals at the page: outliers first, many at once or none, a no with its reason."""

import pytest

from tasks.models import Claim, TimeEntry
from tasks.operations.timekeeping import decline, dispute, submit_entry
from tests.people import person
from tests.tasks.ageing import later
from tests.tasks.crew import moment
from tests.tasks.statements import counting
from tests.tasks.test_export import answer_one
from tests.tasks.test_time import hours_ago, written
from tests.tasks.visiting import text_of, visitor
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def miriam(crew):
    return visitor(crew.max)


def by_hand(crew, tutor, project, *, ago=3, seconds=600):
    entry = written(crew, tutor, start=hours_ago(ago), seconds=seconds, project=project)
    return submit_entry(entry=entry, actor=tutor.account, at=moment())


def states() -> list[str]:
    return list(TimeEntry.objects.order_by("pk").values_list("state", flat=True))


def test_what_looks_odd_comes_first_with_its_evidence(crew, miriam):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project, 1)
    answer_one(alice)
    normal = TimeEntry.objects.get()
    odd = by_hand(crew, alice, project)
    first = miriam.get("/ops/time/")
    assert [e.pk for e in first.context["listing"].rows] == [odd.pk]
    assert "Written by hand" in text_of(first)
    every = miriam.get("/ops/time/?view=all")
    assert [e.pk for e in every.context["listing"].rows] == [odd.pk, normal.pk]
    assert "expected 10 m, cap 20 m" in text_of(every)
    Claim.objects.update(expected_seconds=20, paid_cap_seconds=30)
    first = miriam.get("/ops/time/")
    assert [e.pk for e in first.context["listing"].rows] == [normal.pk, odd.pk]
    assert "Over the cap" in text_of(first)


def test_without_anything_odd_all_that_waits_is_shown(crew, miriam):
    assert "All hours approved" in text_of(miriam.get("/ops/time/"))
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(), 1)
    answer_one(alice)
    shown = miriam.get("/ops/time/")
    assert "Nothing looks odd" in text_of(shown)
    assert len(shown.context["listing"].rows) == 1


def test_many_are_approved_at_once(crew, miriam):
    alice, project = crew.tutor("Alice"), crew.project()
    entries = [by_hand(crew, alice, project, ago=n) for n in (3, 5, 7)]
    answer = miriam.post("/ops/time/", {"ids": [e.public_id for e in entries[:2]]})
    assert answer.status_code == 303
    assert states() == ["approved", "approved", "submitted"]
    decided = text_of(miriam.get("/ops/time/?view=decided"))
    assert "Max" in decided


def test_a_conflict_on_one_row_names_it_and_approves_none(crew, miriam):
    alice, project = crew.tutor("Alice"), crew.project()
    good, gone = (by_hand(crew, alice, project, ago=n) for n in (3, 5))
    decline(entry=gone, reason="Not agreed", actor=person("Olga", Role.MANAGER), at=moment())
    answer = miriam.post("/ops/time/", {"ids": [good.public_id, gone.public_id]})
    assert answer.status_code == 422
    assert gone.public_id in answer.context["refusal"].detail
    assert answer.context["conflict"] == gone.public_id
    assert f'value="{good.public_id}"' in answer.content.decode()
    assert states() == ["submitted", "declined"]


@pytest.mark.parametrize("ids", [[], ["nonsense"], ["TE-999999"]])
def test_nothing_and_nonsense_change_nothing(crew, miriam, ids):
    alice, project = crew.tutor("Alice"), crew.project()
    by_hand(crew, alice, project)
    assert miriam.post("/ops/time/", {"ids": ids}).status_code == 422
    assert states() == ["submitted"]


def test_a_decline_has_a_reason_and_its_dispute_is_decided_by_somebody_else(crew, miriam):
    alice, project = crew.tutor("Alice"), crew.project()
    entry = by_hand(crew, alice, project)
    url = f"/ops/time/{entry.public_id}/decline/"
    assert miriam.post(url, {"reason": ""}).status_code == 400
    assert miriam.post(url, {"reason": "Nobody asked for it"}).status_code == 303
    assert states() == ["declined"]
    entry.refresh_from_db()
    dispute(entry=entry, reason="Max asked for it", actor=alice.account, at=moment())
    shown = text_of(miriam.get("/ops/time/?view=disputed"))
    assert "Max asked for it" in shown
    assert "Nobody asked for it" in shown
    assert miriam.post("/ops/time/", {"ids": [entry.public_id]}).status_code == 422
    olga = visitor(person("Olga", Role.MANAGER))
    assert olga.post("/ops/time/", {"ids": [entry.public_id]}).status_code == 303
    assert states() == ["approved"]


def test_finance_reads_and_decides_nothing(crew):
    alice, project = crew.tutor("Alice"), crew.project()
    entry = by_hand(crew, alice, project)
    fay = visitor(person("Fay", Role.FINANCE))
    assert "Approve selected" not in text_of(fay.get("/ops/time/"))
    assert fay.post("/ops/time/", {"ids": [entry.public_id]}).status_code == 403
    assert fay.post(f"/ops/time/{entry.public_id}/decline/", {"reason": "x"}).status_code == 403
    assert states() == ["submitted"]


def test_many_entries_cost_no_more_statements(crew, miriam):
    alice, project = crew.tutor("Alice"), crew.project()
    crew.tasks(project, 4)
    answer_one(alice)
    by_hand(crew, alice, project, ago=40)
    miriam.get("/ops/time/?view=all")
    with counting() as few:
        miriam.get("/ops/time/?view=all")
    for n in range(3):
        answer_one(alice)
        by_hand(crew, alice, project, ago=50 + 5 * n)
    later(seconds=1)
    with counting() as many:
        miriam.get("/ops/time/?view=all")
    assert len(many) == len(few)
    rows = b"".join(miriam.get("/ops/time/?view=all&format=csv").streaming_content).decode()
    assert rows.count("TE-") == 8
