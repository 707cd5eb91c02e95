"""Routing policies set at the same moment: one version wins, every project follows the newest."""

import pytest

from tasks.models import Claim, Project, RoutingPolicy
from tasks.operations.claiming import CannotClaim, claim
from tasks.operations.policing import PolicyChanged
from tasks.operations.pooling import fold_figures
from tasks.queries.policies import policies_of
from tasks.rules.states import WorkRole
from tests.tasks.crew import Crew, moment
from tests.tasks.test_policy_versions import domain, put, sound
from tests.tasks.test_races import race
from workforce.rules.problems import Refusal

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]


def test_of_many_who_saw_the_same_version_one_saves():
    crew = Crew()
    project = crew.project()
    acts = [lambda n=n: put(project, {"cost_percent": n}, seen=0, crew=crew) for n in range(10, 18)]
    results = race(*acts)
    refused = [r for r in results if isinstance(r, PolicyChanged)]
    (saved,) = [r for r in results if not isinstance(r, Refusal)]
    assert len(refused) == 7
    assert saved.row.version == RoutingPolicy.objects.get().version == 1
    sound()


def test_domains_projects_and_new_projects_at_once_end_with_the_newest():
    crew = Crew()
    projects = [crew.project() for _ in range(3)]
    stem, maths = domain("stem"), domain("stem.mathematics")
    acts = [
        lambda: put(stem, {"cost_percent": 11}, seen=0, crew=crew),
        lambda: put(maths, {"cost_percent": 12}, seen=0, crew=crew),
        *[lambda p=p: put(p, {"cost_percent": 13}, seen=0, crew=crew) for p in projects],
        *[crew.project for _ in range(3)],
    ]
    results = race(*acts)
    assert not [r for r in results if isinstance(r, Refusal)]
    assert Project.objects.count() == 6
    sound()
    costs = sorted(
        p.policy.cost_percent
        for p in policies_of(Project.objects.values_list("pk", flat=True)).values()
    )
    assert costs == [12, 12, 12, 13, 13, 13]


def pulls(tutor, project, n):
    def pull():
        return claim(
            account=tutor.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment()
        )

    return [pull] * n


def test_one_person_pulling_many_times_at_once_never_passes_her_share():
    crew = Crew()
    alice, bob = crew.tutor("Alice", capacity=20), crew.tutor("Bob", capacity=20)
    project = crew.project()
    document = {"concentration_percent": 50, "concentration_attempts_min": 4}
    put(project, document, seen=0, crew=crew)
    crew.tasks(project, 20)
    results = race(*pulls(alice, project, 8))
    assert sum(isinstance(r, CannotClaim) for r in results) == 4
    assert Claim.objects.filter(tutor=alice).count() == 4
    race(*pulls(bob, project, 2))
    fold()
    race(*pulls(alice, project, 8))
    assert Claim.objects.filter(tutor=alice).count() == 4
    race(*pulls(bob, project, 4))
    assert Claim.objects.filter(tutor=bob).count() == 4, "what was not folded yet does not count"
    fold()
    race(*pulls(alice, project, 8))
    assert Claim.objects.filter(tutor=alice).count() == 5
    sound()


def fold():
    while fold_figures(at=moment()):
        pass


def test_fresh_tasks_go_to_specialists_only_however_many_ask():
    crew = Crew()
    others = [crew.tutor(f"Person{n}", level=2) for n in range(6)]
    sofia = crew.tutor("Sofia", level=3, capacity=2)
    project = crew.project()
    put(project, {"specialist_first_minutes": 30}, seen=0, crew=crew)
    crew.tasks(project, 4)
    acts = [act for tutor in (*others, sofia, *others) for act in pulls(tutor, project, 1)]
    results = race(*acts)
    assert [r.tutor_id for r in Claim.objects.all()] == [sofia.pk]
    assert sum(r is not None for r in results) == 1
    sound()


def test_a_policy_set_while_people_pull_leaves_everything_in_order():
    crew = Crew()
    people = [crew.tutor(f"Person{n}", level=1) for n in range(6)]
    project = crew.project()
    crew.tasks(project, 12)
    acts = [act for tutor in people for act in pulls(tutor, project, 1)]
    policy = {"specialist_first_minutes": 30, "specialist_level": 4}
    results = race(*acts, lambda: put(project, policy, seen=0, crew=crew), *acts)
    before = Claim.objects.count()
    assert before <= 12 and not [r for r in results if isinstance(r, Refusal)]
    assert race(*acts) == [None] * len(acts)
    assert Claim.objects.count() == before
    sound()
