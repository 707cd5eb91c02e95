"""Work that nobody here could take reaches the manager's list, with the rule that stands there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.noticing import tell
from tasks.models import PoolWatch, Slot
from tasks.operations.policing import set_policy
from tasks.operations.pooling import fold_figures
from tasks.operations.steering import pause
from tasks.operations.watching import watch_pools
from tasks.queries.deciding import exhausted_pools
from tasks.queries.reaching import lacking, pools_to_watch
from tests.people import knock, person
from tests.tasks.ageing import later
from tests.tasks.crew import ASKED, moment
from tests.tasks.statements import counting
from tests.tasks.test_policy_at_work import work
from tests.tasks.visiting import visitor
from tutors.operations.presence import set_presence
from tutors.operations.qualifying import revoke
from tutors.rules.states import Presence
from workforce.models import Event, Notice
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

LICENCE = {
    "id": "nda",
    "mode": "hard",
    "test": {"kind": "agreement", "type": "nda", "party": "lectern", "version_min": 1},
}


def fold(crew):
    while fold_figures(at=crew.at):
        pass


def watched(crew):
    """Ten minutes on: what the watch finds, as (project, role, code)."""
    later(seconds=601)
    PoolWatch.objects.update(looked_at=timezone.now() - timedelta(minutes=11))
    fold(crew)
    watch_pools(at=moment())
    return [(each.project, each.role, each.code) for each in exhausted_pools()]


def test_work_that_nobody_is_qualified_for_is_found(crew):
    project = crew.project()
    crew.tutor("Alice", speciality="finance.accounting")
    crew.tasks(project, 3)
    fold(crew)
    assert watch_pools(at=moment()) == 0
    assert watched(crew) == [(project.public_id, "attempt", "qualification_missing")]
    (found,) = exhausted_pools()
    assert (found.waiting, found.project_name) == (3, "Proofs")


def test_work_that_somebody_could_take_later_is_not(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    set_presence(tutor=alice, state=Presence.PAUSED, actor=alice.account, at=moment())
    assert watched(crew) == []
    assert PoolWatch.objects.get().code == ""


def test_the_rule_in_the_way_of_most_is_named(crew):
    for name in ("Alice", "Bob"):
        crew.tutor(name)
    crew.tutor("Charlie", contract=False)
    asked = {**ASKED, "rules": [*ASKED["rules"], LICENCE]}
    project = crew.project(requirements=asked)
    crew.tasks(project)
    assert watched(crew) == [(project.public_id, "attempt", "agreement_missing")]


def test_a_soft_rule_leaves_nobody_out_for_good(crew):
    crew.tutor("Alice")
    soft = {**LICENCE, "mode": "soft", "relax_after_minutes": 600}
    crew.tasks(crew.project(requirements={**ASKED, "rules": [*ASKED["rules"], soft]}))
    assert watched(crew) == []


def test_a_second_answer_that_only_its_first_author_could_give_is_found(crew):
    alice = crew.tutor("Alice")
    project = crew.project(overlap=2)
    crew.tasks(project)
    work(alice, project)
    found = watched(crew)
    assert (project.public_id, "attempt", "already_on_task") in found
    assert (project.public_id, "review", "not_a_reviewer") in found


def test_the_only_reviewer_who_wrote_it_cannot_judge_it(crew):
    rita = crew.tutor("Rita", reviewer=True)
    project = crew.project()
    crew.tasks(project)
    work(rita, project)
    assert watched(crew) == [(project.public_id, "review", "own_work")]
    crew.tutor("Rolf", reviewer=True)
    assert watched(crew) == []


def test_a_share_that_everybody_reached_is_found(crew):
    alice = crew.tutor("Alice")
    project = crew.project(review_policy="none", review_percent=0)
    document = {"concentration_percent": 30, "concentration_attempts_min": 1}
    set_policy(owner=project, document=document, seen=0, note="Try", actor=crew.max, at=moment())
    crew.tasks(project, 3)
    work(alice, project)
    assert watched(crew) == [(project.public_id, "attempt", "share_reached")]


def test_it_is_told_once_and_again_only_after_somebody_could(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project)
    (held,) = alice.qualifications.all()
    revoke(qualification=held, reason="Lapsed", actor=crew.ruth, at=moment())
    assert len(watched(crew)) == 1
    since = PoolWatch.objects.get().nobody_since
    assert len(watched(crew)) == 1
    assert PoolWatch.objects.get().nobody_since == since
    told = Event.objects.filter(kind="tasks.pool_exhausted")
    assert told.count() == 1
    crew.tutor("Bob")
    assert watched(crew) == []
    assert PoolWatch.objects.get().nobody_since is None
    assert told.count() == 1
    event = told.get()
    assert (event.body["project"], event.body["code"]) == (
        project.public_id,
        "qualification_missing",
    )
    assert tell(event_id=event.pk, at=moment()) == 1
    notice = Notice.objects.get(account=crew.max)
    assert notice.title == "Nobody here can take work of Proofs"
    assert notice.body.startswith("The qualification is missing. Change who may do it")


def test_paused_and_finished_work_is_not_listed(crew):
    project = crew.project()
    crew.tasks(project)
    assert len(watched(crew)) == 1
    pause(project=project, actor=crew.max, at=moment())
    assert exhausted_pools() == []


def test_the_manager_reads_it_on_the_live_page_and_others_do_not(crew):
    project = crew.project()
    crew.tasks(project, 2)
    watched(crew)
    decisions = visitor(crew.max).get("/ops/").context["decisions"]
    (found,) = [d for d in decisions if d.title == "Nobody here can do Proofs"]
    assert found.text.startswith("2 waiting, seen ")
    assert found.text.endswith("The qualification is missing.")
    assert found.href == f"/ops/projects/{project.public_id}/"
    fay = visitor(person("Fay", Role.FINANCE))
    assert fay.get("/ops/").context["decisions"] == []


def pages_read(crew):
    """What a look at the eldest of the one pool finds, two people a time and four at most; and
    how often it read people.
    """
    later(seconds=601)
    fold(crew)
    (eldest,) = pools_to_watch()
    with counting() as counted:
        code = lacking(eldest=eldest, at=moment(), at_once=2, people_max=4)
    read = [s for s in counted.statements if "FROM tutors_tutor t JOIN workforce_account" in s]
    return code, len([s for s in read if "need(field, level)" in s])


def test_a_look_ends_with_the_first_who_could(crew):
    for n in range(5):
        crew.tutor(f"Person{n}")
    crew.tasks(crew.project())
    assert pages_read(crew) == ("", 1)


def test_a_look_ends_where_it_has_read_enough(crew):
    """Nobody of the five signed the paper; four of them are looked at."""
    for n in range(5):
        crew.tutor(f"Person{n}")
    crew.tasks(crew.project(requirements={**ASKED, "rules": [*ASKED["rules"], LICENCE]}))
    code, pages = pages_read(crew)
    assert (code, pages) == ("agreement_missing", 2)


def test_nothing_is_looked_at_before_its_time(crew):
    crew.tasks(crew.project())
    fold(crew)
    later(seconds=590)
    assert watch_pools(at=moment()) == 0
    later(seconds=15)
    assert watch_pools(at=moment()) == 1
    assert watch_pools(at=moment()) == 0
    assert Slot.objects.get().state == "open"
    assert knock(crew.max).get("/api/v1/ops/queues/").status_code == 200
