"""Routing policies over HTTP: what holds, a new version against the one seen, an old one back."""

import pytest

from tasks.models import RoutingPolicy
from tests.people import knock
from workforce.doors.describing import Generator

pytestmark = pytest.mark.django_db

DOMAIN = "/api/v1/ops/domains/stem.mathematics/routing-policy/"


def path_of(project, act=""):
    return f"/api/v1/ops/projects/{project.public_id}/routing-policy/{act}"


def put(crew, path, policy, *, version, note="Try it", status=200):
    body = {"policy": policy, "version": version, "note": note}
    answer = knock(crew.max).put(path, body, format="json")
    assert answer.status_code == status, answer.json()
    return answer.json()


def test_what_holds_is_told_with_where_it_comes_from(crew):
    project = crew.project()
    said = knock(crew.max).get(path_of(project)).json()
    assert (said["scope"], said["of"], said["version"], said["own"]) == (
        "project",
        project.public_id,
        0,
        None,
    )
    assert said["in_force"] == said["above"]
    assert (said["in_force"]["scope"], said["in_force"]["policy"]["decline_days"]) == ("default", 7)
    assert (said["versions"], said["more"]) == ([], False)


def test_a_version_is_set_seen_lost_and_restored(crew):
    project = crew.project()
    put(crew, DOMAIN, {"decline_days": 3}, version=0)
    said = put(crew, path_of(project), {"cost_percent": 9}, version=0)
    assert (said["version"], said["in_force"]["of"]) == (1, project.public_id)
    assert said["own"]["cost_percent"] == 9 and said["own"]["decline_days"] == 7
    assert (said["above"]["of"], said["above"]["policy"]["decline_days"]) == (
        "stem.mathematics",
        3,
    )
    lost = put(crew, path_of(project), {"cost_percent": 1}, version=0, status=409)
    assert lost["code"] == "policy_changed"
    same = put(crew, path_of(project), {"cost_percent": 9}, version=1, status=409)
    assert same["code"] == "policy_unchanged"
    said = put(crew, path_of(project), None, version=1, note="As the others")
    assert (said["own"], said["in_force"]["of"]) == (None, "stem.mathematics")
    body = {"version": 2, "restore": 1, "note": "Back"}
    answer = knock(crew.max).post(path_of(project, "restore/"), body, format="json")
    assert answer.status_code == 200
    newest, left, first = answer.json()["versions"]
    assert (newest["version"], newest["restores"], newest["policy"]["cost_percent"]) == (3, 1, 9)
    assert (left["policy"], left["note"], left["author"]) == (None, "As the others", "Max")
    assert (first["version"], first["note"]) == (1, "Try it")
    again = knock(crew.max).post(path_of(project, "restore/"), body, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "policy_changed")


@pytest.mark.parametrize(
    ("policy", "where"),
    [
        ({"cost_percent": -1}, "policy.cost_percent"),
        ({"cost_percent": 1_001}, "policy.cost_percent"),
        ({"decline_days": None}, "policy.decline_days"),
        ({"speed": 3}, "policy.speed"),
        ({"preferred_tutors": ["T-1"]}, "policy.preferred_tutors.0"),
        ({"preferred_tutors": ["E-999999999"]}, "policy.preferred_tutors.0"),
    ],
)
def test_a_fault_is_named_by_its_path_and_nothing_is_saved(crew, policy, where):
    said = put(crew, path_of(crew.project()), policy, version=0, status=400)
    assert list(said["errors"]) == [where]
    assert not RoutingPolicy.objects.exists()


def test_a_note_is_needed(crew):
    said = put(crew, path_of(crew.project()), {}, version=0, note=" ", status=400)
    assert list(said["errors"]) == ["note"]


def test_a_domain_that_is_not_there_is_not_found(crew):
    for slug in ("stem.alchemy", "%00", "stem%0a", "médecine"):
        answer = knock(crew.max).get(f"/api/v1/ops/domains/{slug}/routing-policy/")
        assert answer.status_code == 404, slug


def test_the_description_tells_the_bounds():
    schema = Generator().get_schema(public=True)
    asked = schema["components"]["schemas"]["RoutingPolicyRequest"]["properties"]
    assert (asked["cost_percent"]["minimum"], asked["cost_percent"]["maximum"]) == (0, 1_000)
    assert asked["cost_percent"]["description"] == "Default: 300."
