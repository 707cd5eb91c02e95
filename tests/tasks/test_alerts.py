"""Being told once when a queue opens: Alice waits, work or a paper comes, two sweepers look."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from tasks.models import QueueAlert
from tasks.operations.alerting import ALERTS_PER_TUTOR_MAX, expire_alerts, tell_opened
from tasks.operations.steering import pause, resume
from tests.jobs import catch_up
from tests.people import knock
from tests.tasks.crew import ASKED, moment
from tests.tasks.test_policy_at_work import work
from tests.tasks.visiting import visitor
from tutors.operations.presence import set_presence
from tutors.operations.qualifying import grant
from tutors.rules.states import Presence
from workforce.models import Event, Notice

pytestmark = pytest.mark.django_db

HARD = {
    **ASKED,
    "rules": [
        {
            "id": "field",
            "mode": "hard",
            "test": {"kind": "qualification", "speciality": "stem.physics", "level_min": 2},
        }
    ],
}


def pool_of(project, role="attempt"):
    return project.pools.get(role=role, step=0)


def ask(tutor, pool):
    body = {"pool": pool.public_id}
    return knock(tutor.account).post("/api/v1/work/alerts/", body, format="json")


def told(tutor):
    """Titles of her notices about queues, once everything due is done."""
    catch_up()
    mine = Notice.objects.filter(account=tutor.account, kind="tasks.queue_opened")
    return list(mine.values_list("title", flat=True))


def test_work_that_comes_is_told_once(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    asked = ask(alice, pool_of(project))
    assert asked.status_code == 201 and asked.json()["state"] == "waiting"
    assert tell_opened(at=moment()) == 0
    (line,) = knock(alice.account).get("/api/v1/work/queue/").json()["results"]
    assert (line["state"], line["alert"]["id"]) == ("empty", asked.json()["id"])
    set_presence(tutor=alice, state=Presence.PAUSED, actor=alice.account, at=moment())
    crew.tasks(project, 2)
    assert [tell_opened(at=moment()) for _ in range(2)] == [1, 0]
    assert told(alice) == ["Proofs is open to you"]
    notice = Notice.objects.get(account=alice.account, kind="tasks.queue_opened")
    assert notice.url == f"/work/browse/{pool_of(project).public_id}/" and notice.important
    crew.tasks(project)
    assert tell_opened(at=moment()) == 0
    assert QueueAlert.objects.get().state == "told"


def test_becoming_eligible_opens_a_closed_queue(crew):
    alice = crew.tutor("Alice")
    project = crew.project(domain="stem.physics", requirements=HARD)
    crew.tasks(project)
    assert ask(alice, pool_of(project)).status_code == 201
    assert tell_opened(at=moment()) == 0
    looked = QueueAlert.objects.get().looked_at
    assert looked is not None
    assert tell_opened(at=moment()) == 0
    assert QueueAlert.objects.get().looked_at == looked, "not looked at again so soon"
    grant(
        tutor=alice, speciality="stem.physics", level=2, expires_at=None, actor=crew.ruth,
        at=moment(),
    )  # fmt: skip
    assert tell_opened(at=moment()) == 1
    assert told(alice) == ["Proofs is open to you"]


def test_her_own_task_is_no_news(crew):
    """The second answer of a task that she answered already is not for her."""
    alice = crew.tutor("Alice")
    project = crew.project(overlap=2, review_policy="none", review_percent=0)
    crew.tasks(project)
    work(alice, project)
    assert ask(alice, pool_of(project)).status_code == 201
    assert tell_opened(at=moment()) == 0
    crew.tasks(project)
    assert tell_opened(at=moment()) == 1


def test_what_cannot_be_asked_changes_nothing(crew):
    alice, zoe = crew.tutor("Alice"), crew.tutor("Zoe", speciality="medicine.psychiatry")
    project = crew.project()
    crew.tasks(project)
    before = Event.objects.filter(kind__startswith="tasks.").count()
    assert ask(alice, pool_of(project)).json()["code"] == "queue_open"
    assert ask(alice, pool_of(project, "review")).status_code == 404
    assert ask(zoe, pool_of(project)).status_code == 404
    assert Event.objects.filter(kind__startswith="tasks.").count() == before
    assert QueueAlert.objects.count() == 0
    pause(project=project, actor=crew.max, at=moment())
    assert ask(alice, pool_of(project)).status_code == 201
    assert tell_opened(at=moment()) == 0
    resume(project=project, actor=crew.max, at=moment())
    assert tell_opened(at=moment()) == 1


def test_twice_is_one_and_the_limit_is_named(crew):
    alice = crew.tutor("Alice")
    projects = [crew.project(name=f"P {n}") for n in range(ALERTS_PER_TUTOR_MAX + 1)]
    for project in projects[:-1]:
        assert ask(alice, pool_of(project)).status_code == 201
    again = ask(alice, pool_of(projects[0]))
    assert again.status_code == 201
    refused = ask(alice, pool_of(projects[-1]))
    assert (refused.status_code, refused.json()["code"]) == (409, "alerts_full")
    assert QueueAlert.objects.count() == ALERTS_PER_TUTOR_MAX
    path = f"/api/v1/work/alerts/{again.json()['id']}/"
    assert knock(crew.tutor("Bob").account).delete(path).status_code == 404
    assert knock(alice.account).delete(path).status_code == 204
    assert knock(alice.account).delete(path).json()["code"] == "alert_over"
    assert ask(alice, pool_of(projects[-1])).status_code == 201
    crew.tasks(projects[0])
    assert tell_opened(at=moment()) == 0


def test_an_alert_ends_when_its_time_runs_out(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    ask(alice, pool_of(project))
    until = QueueAlert.objects.get().expires_at - moment()
    assert timedelta(days=29) < until <= timedelta(days=30)
    QueueAlert.objects.update(expires_at=Now())
    crew.tasks(project)
    assert tell_opened(at=moment()) == 0
    assert [expire_alerts(at=moment()) for _ in range(2)] == [1, 0]
    assert (QueueAlert.objects.get().state, told(alice)) == ("expired", [])


def test_the_bell_on_the_home_is_a_toggle(crew):
    alice = crew.tutor("Alice")
    pool = pool_of(crew.project())
    client = visitor(alice.account)
    page = client.get("/work/").content.decode()
    assert 'aria-pressed="false"' in page
    asked = client.post(f"/work/queues/{pool.public_id}/alert/", follow=True).content.decode()
    assert 'aria-pressed="true"' in asked and "You are told once when it opens" in asked
    alert = QueueAlert.objects.get()
    end = f"/work/alerts/{alert.public_id}/end/"
    left = client.post(end, {"from": pool.public_id}, follow=True)
    assert left.redirect_chain[0][0] == f"/work/browse/{pool.public_id}/"
    assert 'aria-pressed="false"' in left.content.decode()
    assert QueueAlert.objects.get().state == "ended"
