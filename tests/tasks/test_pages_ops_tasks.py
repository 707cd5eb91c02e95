"""Tasks as a manager looks them up: by filter, one with its story, and who may have it."""

import pytest

from tasks.models import Offer
from tasks.operations.claiming import claim
from tasks.operations.routing import route_queue
from tasks.rules.states import Dispatch, WorkRole
from tests.people import knock, person
from tests.tasks.crew import INPUT, moment
from tests.tasks.statements import counting
from tests.tasks.test_export import answer_one, judge_one
from tests.tasks.visiting import text_of, visitor
from tutors.models import Qualification
from tutors.operations.qualifying import revoke
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def miriam(crew):
    return visitor(crew.max)


def ids_of(answer) -> list[str]:
    return [f"T-{task.pk}" for task in answer.context["listing"].rows]


def test_tasks_are_found_by_project_batch_state_and_external_id(crew, miriam):
    one, two = crew.project(name="Alpha"), crew.project(name="Beta")
    a, b = crew.tasks(one, 2)
    (c,) = crew.tasks(two, 1)
    miriam.post(f"/ops/tasks/{b.public_id}/cancel/", {"reason": "Twice the same"})
    assert ids_of(miriam.get("/ops/tasks/")) == [t.public_id for t in (c, b, a)]
    assert ids_of(miriam.get(f"/ops/tasks/?project={one.public_id}")) == [b.public_id, a.public_id]
    assert ids_of(miriam.get(f"/ops/tasks/?batch=b-{c.batch_id}")) == [c.public_id]
    assert ids_of(miriam.get("/ops/tasks/?state=cancelled")) == [b.public_id]
    assert ids_of(miriam.get("/ops/tasks/?external_id=row-0")) == [c.public_id, a.public_id]
    found = miriam.get(f"/ops/tasks/?external_id=row-0&project={one.public_id}")
    assert ids_of(found) == [a.public_id]
    assert "No task matches" in text_of(miriam.get("/ops/tasks/?project=nonsense"))
    assert ids_of(miriam.get("/ops/tasks/?state=nonsense")) == [t.public_id for t in (c, b, a)]
    rows = b"".join(miriam.get("/ops/tasks/?state=cancelled&format=csv").streaming_content)
    assert rows.decode().count("T-") == 1


def test_the_list_pages_by_key_and_asks_the_same_for_many(crew, miriam):
    project = crew.project()
    crew.tasks(project, 2)
    miriam.get("/ops/tasks/")
    with counting() as few:
        miriam.get("/ops/tasks/")
    crew.tasks(project, 60)
    with counting() as many:
        first = miriam.get("/ops/tasks/")
    assert len(many) == len(few)
    assert not [s for s in many.statements if "OFFSET" in s or "COUNT(" in s]
    found = first.context["listing"]
    assert (len(found.rows), found.previous) == (50, None)
    second = miriam.get(found.next)
    assert len(ids_of(second)) == 12
    assert not set(ids_of(first)) & set(ids_of(second))


def test_a_task_tells_its_story(crew, miriam):
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    (task,) = crew.tasks(crew.project(), 1)
    answer_one(alice)
    judge_one(rita, note="Well seen")
    shown = text_of(miriam.get(f"/ops/tasks/{task.public_id}/"))
    for said in ("Alice", "Rita", "Well seen", "Accepted", "Handed in", "Reviewed", "row-0"):
        assert said in shown


def test_what_a_task_says_is_text_and_never_markup(crew, miriam):
    evil = "<img src=x onerror=alert(1)>"
    said = {**INPUT, "meta": evil} if "meta" in INPUT else INPUT
    (task,) = crew.tasks(crew.project(), 1, input=said, meta={"note": evil})
    shown = miriam.get(f"/ops/tasks/{task.public_id}/").content.decode()
    assert evil not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_explain_agrees_with_the_api_and_with_claiming(crew, miriam):
    alice = crew.tutor("Alice")
    bob = crew.tutor("Bob", contract=False)
    project = crew.project()
    crew.tasks(project, 1)
    answer_one(alice)
    (task,) = crew.tasks(project, 1)
    for tutor, may in ((alice, True), (bob, False)):
        url = f"/ops/tasks/{task.public_id}/?part=explain&tutor={tutor.public_id}"
        page = miriam.get(url)
        api = f"/api/v1/tasks/{task.public_id}/explain/?tutor={tutor.public_id}"
        told = knock(crew.max).get(api).json()
        assert page.context["explanation"].eligible is told["eligible"] is may
        failed = [v["rule"] for v in told["verdicts"] if not v["passed"]]
        assert [v["rule"] for v in page.context["failed"]] == failed
        claimed = knock(tutor.account).post("/api/v1/work/claims/", {}, format="json")
        assert (claimed.status_code == 201) is may
        if may:
            shown = dict(page.context["score"])
            assert shown["Together"] == told["score"]["total"]
            assert shown["Handed in work of this project lately"] == 20
            assert shown["Claims of the last day, so that others come first"] == -10
            *terms, together = [value for _, value in page.context["score"]]
            assert sum(terms) == together
            assert "Handed in work of this project lately" in text_of(page)
    assert "There is no contract" in text_of(page)
    assert "things in the way" in text_of(page) or "thing in the way" in text_of(page)


def test_an_offer_keeps_its_reasons_whatever_becomes_of_the_facts(crew, miriam):
    alice = crew.tutor("Alice", level=2)
    project = crew.project(dispatch=Dispatch.BOTH)
    (task,) = crew.tasks(project, 1)
    assert route_queue(queue="stem", at=moment()).offers == 1
    (held,) = Qualification.objects.filter(tutor=alice)
    revoke(qualification=held, reason="Lapsed", actor=crew.ruth, at=moment())
    page = miriam.get(f"/ops/tasks/{task.public_id}/?tutor={alice.public_id}")
    assert not page.context["explanation"].eligible
    (offer,) = page.context["found"].offers
    kept = Offer.objects.get().reasons
    assert [v["rule"] for v in offer.told["passed"]] == [v["rule"] for v in kept["verdicts"]]
    assert all(v["passed"] for v in offer.told["passed"])
    assert dict(offer.told["score"])["Together"] == kept["score"]["total"]
    assert dict(offer.told["score"])["Level of the qualification"] == 5
    assert "Why, with the facts of then" in text_of(page)


def test_a_claim_keeps_the_facts_that_it_was_taken_on(crew, miriam):
    alice = crew.tutor("Alice", level=2)
    (task,) = crew.tasks(crew.project(), 1)
    assert claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    (held,) = Qualification.objects.filter(tutor=alice)
    revoke(qualification=held, reason="Lapsed", actor=crew.ruth, at=moment())
    page = miriam.get(f"/ops/tasks/{task.public_id}/")
    (taken,) = page.context["found"].claims
    (field,) = (v for v in taken.reasons["passed"] if v["rule"] == "field")
    assert field["passed"] and field["fact"].startswith("stem.mathematics, level 2")
    assert taken.reasons["score"] == []
    assert "Why, with the facts of then" in text_of(page)


def test_explain_finds_people_by_name_and_asks_when_there_are_several(crew, miriam):
    crew.tutor("Alice")
    crew.tutor("Alina")
    (task,) = crew.tasks(crew.project(), 1)
    url = f"/ops/tasks/{task.public_id}/?tutor="
    assert "May take it" in text_of(miriam.get(url + "alice"))
    assert "Which of them?" in text_of(miriam.get(url + "ali"))
    assert "Nobody is called" in text_of(miriam.get(url + "zoe"))
    who = text_of(miriam.get(f"/ops/tasks/{task.public_id}/?part=who"))
    assert "2 people meet every rule" in who


def test_a_task_is_cancelled_with_a_reason_once(crew, miriam):
    (task,) = crew.tasks(crew.project(), 1)
    url = f"/ops/tasks/{task.public_id}/cancel/"
    assert miriam.post(url, {"reason": ""}).status_code == 400
    task.refresh_from_db()
    assert task.state == "open"
    assert miriam.post(url, {"reason": "The client took it back"}).status_code == 303
    assert miriam.post(url, {"reason": "Again"}).status_code == 409
    shown = text_of(miriam.get(f"/ops/tasks/{task.public_id}/"))
    assert "The client took it back" in shown
    assert visitor(person("Fay", Role.FINANCE)).post(url, {"reason": "x"}).status_code == 403
