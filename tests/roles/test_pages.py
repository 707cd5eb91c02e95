"""Every page × role: whoever is named comes in, everybody else is told so; nothing is forgotten."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern

from config.urls import pages
from tests.people import person
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

NOBODYS = "T-999999999"
PARAMETER = re.compile(r"<(\w+):\w+>")
PAGES = sorted(pages, key=lambda p: str(p.name))


def url_of(page: URLPattern) -> str:
    """The address, with an id that nobody has for each parameter."""
    values = {"str": NOBODYS, "int": "999999999", "slug": "nothing"}
    return "/" + PARAMETER.sub(lambda m: values[m[1]], str(page.pattern))


def come_in(role: Role) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person(role.value.title(), role))
    return client


@pytest.fixture(scope="module")
def everybody(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[Role, Client]]:
    """Somebody of each role, signed in for all pages."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {role: come_in(role) for role in Role}
        transaction.set_rollback(True)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_page_lets_in_its_roles_and_nobody_else(page: URLPattern, everybody: dict[Role, Client]):
    allowed = page.callback.page.roles
    for role, client in everybody.items():
        got = client.get(url_of(page))
        kept_out = b"This page is for" in got.content if not got.streaming else False
        assert got.status_code != 500
        assert kept_out == (role not in allowed), (role, got.status_code)
        assert (got.status_code == 403) or not kept_out


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_led_to_the_sign_in_and_changes_nothing(page: URLPattern, method: str):
    before = Event.objects.count()
    got: Any = getattr(Client(), method)(url_of(page))
    assert (got.status_code, got["Location"].partition("?")[0]) == (302, "/accounts/login/")
    assert Event.objects.count() == before


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_script_of_a_stranger_keeps_its_page(page: URLPattern):
    got = Client().get(url_of(page), headers={"HX-Request": "true"})
    assert (got.status_code, got["X-Sign-In"].partition("?")[0]) == (401, "/accounts/login/")


def test_a_foreign_id_and_a_missing_id_get_the_same_page():
    """For a tutor, somebody else's thing is not there."""
    client = come_in(Role.TUTOR)
    texts = {
        client.get(url_of(page)).status_code
        for page in PAGES
        if Role.TUTOR in page.callback.page.roles and PARAMETER.search(str(page.pattern))
    }
    assert texts <= {404}
