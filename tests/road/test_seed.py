"""The world that acceptance checks start from."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.people import APIClient

pytestmark = pytest.mark.django_db


def seed() -> dict:
    out = StringIO()
    call_command("seed", scenario="check", json=True, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_everybody_is_there_and_can_come_in():
    world = seed()
    wanted = {"recruiter", "manager_1", "manager_2", "finance_1", "finance_2", "reviewer_1"}
    wanted |= {"reviewer_2", "admin", "client_a", "client_b", "tutor_1", "tutor_8"}
    assert wanted <= set(world["accounts"])
    assert set(world["projects"]) == {"stem", "medicine", "finance", "visual"}
    for account in world["accounts"].values():
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {account['token']}")
        assert client.get("/api/v1/me/").json()["email"] == account["email"]


def test_each_domain_has_tutors_of_different_levels():
    tutors = [
        a for k, a in seed()["accounts"].items() if k.startswith("tutor_") and k[6:].isdigit()
    ]
    levels = {}
    for tutor in tutors:
        levels.setdefault(tutor["domain"], set()).add(tutor["level"])
    assert levels == {d: {1, 3} for d in ("stem", "medicine", "finance", "visual")}


def test_a_second_run_adds_a_new_world():
    first, second = seed(), seed()
    assert not set(first["projects"].values()) & set(second["projects"].values())


def test_production_refuses(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        seed()
