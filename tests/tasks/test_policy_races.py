"""Routing policies set at the same moment: one version wins, every project follows the newest."""

import pytest

from tasks.models import Project, RoutingPolicy
from tasks.operations.policing import PolicyChanged
from tasks.queries.policies import policies_of
from tests.tasks.crew import Crew
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
