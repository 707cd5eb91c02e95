"""The frame of the portals: errors for people, and what surrounds every page."""

import pytest
from django.test import Client

from workforce.doors import now
from workforce.models import Account
from workforce.operations.admitting import admit
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> Account:
    return admit(
        email="rosa@example.org", name="Rosa Ekholm", roles=[Role.RECRUITER], actor=None, at=now()
    )


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_a_wrong_address_is_a_page_for_people_and_a_problem_for_machines():
    page = Client().get("/nowhere/")
    assert page.status_code == 404
    assert "Nothing is here" in page.content.decode()
    machine = Client().get("/api/v1/nowhere/")
    assert machine["Content-Type"] == "application/problem+json"


def test_a_form_from_before_the_sign_in_says_so(rosa):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rosa)
    page = client.post("/accounts/logout/")
    assert page.status_code == 403
    assert "The form is out of date" in page.content.decode()


def test_the_start_page_leads_strangers_to_the_sign_in():
    page = Client().get("/")
    assert (page.status_code, page["Location"]) == (302, "/accounts/login/")


def test_the_frame_needs_no_inline_script_or_style(rosa):
    page = signed_in(rosa).get("/nowhere/").content.decode()
    assert "style=" not in page
    assert "<script>" not in page
    assert "onclick" not in page
