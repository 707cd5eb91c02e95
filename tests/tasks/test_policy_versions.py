"""Routing policies as versions: set, lost races, restored, followed from the domain downwards."""

import pytest
from django.db import IntegrityError, transaction

from tasks.models import RoutingPolicy
from tasks.operations.policing import (
    CannotSetPolicy,
    NoReason,
    PolicyChanged,
    PolicyUnchanged,
    restore_policy,
    set_policy,
)
from tasks.operations.steering import close
from tasks.queries.invariants import checks
from tasks.queries.policies import above, policies_of
from tasks.queries.policy_versions import versions_of
from tasks.rules.policies import DEFAULT, CannotReadPolicy, Scope
from tests.tasks.crew import moment
from workforce.models import Domain, Event
from workforce.rules.problems import NotFound

pytestmark = pytest.mark.django_db


def put(owner, document, *, seen, crew, note="Try it"):
    return set_policy(
        owner=owner, document=document, seen=seen, note=note, actor=crew.max, at=moment()
    )


def domain(slug):
    return Domain.objects.get(slug=slug)


def held_by(project):
    found = policies_of([project.pk])[project.pk]
    return found.as_json(), found.policy


def sound():
    broken = {check.name: check.problems for check in checks(at=moment()) if check.problems}
    assert not broken


def nothing_changed(project):
    assert held_by(project) == ({"scope": "default", "of": "", "version": 0}, DEFAULT)
    assert RoutingPolicy.objects.count() == 0
    assert not Event.objects.filter(kind="tasks.routing_policy_set").exists()


def test_without_a_policy_the_default_holds(crew):
    nothing_changed(crew.project())


def test_a_version_is_put_in_force_whole(crew):
    project = crew.project()
    first = put(project, {"cost_percent": 9, "decline_days": 2}, seen=0, crew=crew)
    assert (first.row.version, first.projects) == (1, 1)
    second = put(project, {"cost_percent": 8}, seen=1, crew=crew, note="  Cheaper  ")
    source, policy = held_by(project)
    assert source == {"scope": "project", "of": project.public_id, "version": 2}
    assert (policy.cost_percent, policy.decline_days) == (8, 7)
    assert RoutingPolicy.objects.get(pk=second.row.pk).document == policy.as_json()
    newest, oldest = versions_of(project=project, limit=9)
    assert (newest.number, newest.note, newest.author) == (2, "Cheaper", crew.max)
    assert (oldest.number, oldest.policy.decline_days) == (1, 2)
    event = Event.objects.filter(kind="tasks.routing_policy_set").latest("id")
    assert (event.subject, event.actor_id) == (project.public_id, crew.max.pk)
    assert event.body == {
        "scope": "project",
        "version": 2,
        "digest": policy.digest,
        "note": "Cheaper",
        "restores": None,
        "queue": "stem",
        "projects": 1,
    }
    sound()


@pytest.mark.parametrize("seen", [0, 2, -1])
def test_who_saw_another_version_is_refused(crew, seen):
    project = crew.project()
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    with pytest.raises(PolicyChanged) as refused:
        put(project, {"cost_percent": 1}, seen=seen, crew=crew)
    assert refused.value.status == 409 and "Version 1" in refused.value.detail
    assert held_by(project)[1].cost_percent == 9
    assert RoutingPolicy.objects.count() == 1


def test_what_holds_already_makes_no_version(crew):
    project = crew.project()
    with pytest.raises(PolicyUnchanged):
        put(project, None, seen=0, crew=crew)
    nothing_changed(project)
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    with pytest.raises(PolicyUnchanged):
        put(project, {"cost_percent": 9, "decline_days": 7}, seen=1, crew=crew)
    assert RoutingPolicy.objects.count() == 1


@pytest.mark.parametrize("note", ["", "   ", "x" * 1_001, "a\x00b"])
def test_a_version_says_why(crew, note):
    project = crew.project()
    with pytest.raises(NoReason) as refused:
        put(project, {"cost_percent": 9}, seen=0, crew=crew, note=note)
    assert list(refused.value.errors) == ["note"]
    nothing_changed(project)


def test_a_broken_document_and_an_unknown_person_are_refused(crew):
    project, alice = crew.project(), crew.tutor("Alice")
    with pytest.raises(CannotReadPolicy) as refused:
        put(project, {"cost_percent": -1}, seen=0, crew=crew)
    assert list(refused.value.errors) == ["cost_percent"]
    named = [alice.public_id, "E-999999999"]
    with pytest.raises(CannotReadPolicy) as refused:
        put(project, {"preferred_tutors": named}, seen=0, crew=crew)
    assert refused.value.errors == {
        "preferred_tutors.1": ["There is nobody with the id E-999999999."]
    }
    nothing_changed(project)
    put(project, {"preferred_tutors": [alice.public_id]}, seen=0, crew=crew)
    assert held_by(project)[1].preferred_tutors == (alice.public_id,)


def test_a_closed_project_keeps_its_policy(crew):
    project = crew.project()
    close(project=project, actor=crew.max, at=moment())
    with pytest.raises(CannotSetPolicy):
        put(project, {"cost_percent": 9}, seen=0, crew=crew)
    nothing_changed(project)


def test_an_earlier_version_comes_back_as_a_new_one(crew):
    project = crew.project()
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    put(project, {"cost_percent": 8}, seen=1, crew=crew)
    back = restore_policy(owner=project, number=1, seen=2, note="Back", actor=crew.max, at=moment())
    assert (back.row.version, back.row.restores) == (3, 1)
    assert held_by(project)[1].cost_percent == 9
    with pytest.raises(NotFound):
        restore_policy(owner=project, number=7, seen=3, note="?", actor=crew.max, at=moment())
    with pytest.raises(PolicyChanged):
        restore_policy(owner=project, number=2, seen=2, note="?", actor=crew.max, at=moment())
    assert RoutingPolicy.objects.count() == 3
    sound()


def test_a_project_goes_over_its_domain_and_the_nearest_domain_over_the_rest(crew):
    project, other = crew.project(), crew.project(domain="stem.physics")
    top = put(domain("stem"), {"cost_percent": 1}, seen=0, crew=crew)
    assert top.projects == 2
    assert held_by(project)[0] == {"scope": "domain", "of": "stem", "version": 1}
    near = put(domain("stem.mathematics"), {"cost_percent": 2}, seen=0, crew=crew)
    assert near.projects == 1
    put(project, {"cost_percent": 3}, seen=0, crew=crew)
    put(domain("stem"), {"cost_percent": 4}, seen=1, crew=crew)
    assert [held_by(p)[1].cost_percent for p in (project, other)] == [3, 4]
    sound()
    assert put(project, None, seen=1, crew=crew).projects == 1
    assert held_by(project)[0] == {"scope": "domain", "of": "stem.mathematics", "version": 1}
    put(domain("stem.mathematics"), None, seen=1, crew=crew)
    assert held_by(project)[0] == {"scope": "domain", "of": "stem", "version": 2}
    put(domain("stem"), None, seen=2, crew=crew)
    assert held_by(project)[0]["scope"] == "default"
    sound()


def test_another_domain_with_the_same_beginning_is_left_alone(crew):
    project = crew.project()
    twin = Domain.objects.create(slug="stem.math", name="Not it", created_at=moment())
    assert put(twin, {"cost_percent": 9}, seen=0, crew=crew).projects == 0
    assert held_by(project)[0]["scope"] == "default"


def test_what_lies_above_a_domain(crew):
    assert above(slug="stem.mathematics", itself=True).scope is Scope.DEFAULT
    put(domain("stem"), {"cost_percent": 1}, seen=0, crew=crew)
    put(domain("stem.mathematics"), {"cost_percent": 2}, seen=0, crew=crew)
    assert above(slug="stem.mathematics", itself=True).of == "stem.mathematics"
    assert above(slug="stem.mathematics", itself=False).of == "stem"
    assert above(slug="stem", itself=False).scope is Scope.DEFAULT
    put(domain("stem.mathematics"), None, seen=1, crew=crew)
    assert above(slug="stem.mathematics", itself=True).of == "stem"


def test_a_new_project_follows_its_domain_at_once(crew):
    put(domain("stem"), {"cost_percent": 1}, seen=0, crew=crew)
    assert held_by(crew.project())[0] == {"scope": "domain", "of": "stem", "version": 1}
    sound()


def test_the_policies_of_many_projects_are_one_statement(crew, django_assert_num_queries):
    projects = [crew.project() for _ in range(3)]
    put(projects[0], {"cost_percent": 1}, seen=0, crew=crew)
    policies_of([p.pk for p in projects])
    with django_assert_num_queries(1):
        found = policies_of([p.pk for p in projects])
    assert [found[p.pk].policy.cost_percent for p in projects] == [1, 300, 300]


def test_a_version_is_never_edited(crew):
    project = crew.project()
    row = put(project, {"cost_percent": 9}, seen=0, crew=crew).row
    for act in (
        lambda: RoutingPolicy.objects.filter(pk=row.pk).update(note="Something else"),
        lambda: RoutingPolicy.objects.filter(pk=row.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()


def test_a_policy_is_of_a_project_or_of_a_domain(crew):
    project = crew.project()
    for owner in ({}, {"project": project, "domain": project.domain}):
        with (
            pytest.raises(IntegrityError, match="routing_policy_of_a_project_or_a_domain"),
            transaction.atomic(),
        ):
            RoutingPolicy.objects.create(
                **owner, version=1, document={}, digest="x", note="?", author=crew.max
            )
