"""Whoever calls the API by token needs no session; nothing else is let past one."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tests.people import knock, person
from tests.tasks.statements import counting
from workforce.doors.passing import Languages, Messages, Sessions, Users, by_token
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

ME = "/api/v1/tokens/"


@pytest.mark.parametrize(
    ("path", "header", "past"),
    [
        (ME, "Bearer lt_secret", True),
        (ME, "bearer lt_secret", True),
        (ME, "Bearer", False),
        (ME, "Basic YTpi", False),
        (ME, "", False),
        ("/work/", "Bearer lt_secret", False),
        ("/apiary/", "Bearer lt_secret", False),
    ],
)
def test_only_a_bearer_token_at_the_api_goes_past(path: str, header: str, past: bool) -> None:
    request = RequestFactory().get(path, headers={"Authorization": header})
    assert by_token(request) is past


def test_a_call_by_token_reads_no_session_and_sets_no_cookie() -> None:
    client = knock(person("Max", Role.MANAGER))
    client.get(ME)
    with counting() as plain:
        client.get(ME)
    client.cookies["sessionid"] = "somebody-else"
    with counting() as with_cookie:
        answer = client.get(ME, headers={"Accept-Language": "de"})
    assert answer.status_code == 200
    assert [each for each in with_cookie.statements if "django_session" in each] == []
    assert len(with_cookie) == len(plain)
    assert not answer.cookies
    assert "Content-Language" not in answer.headers


@pytest.mark.parametrize(("header", "past"), [("Bearer lt_secret", True), ("", False)])
def test_who_goes_past_has_neither_session_nor_messages(header: str, past: bool) -> None:
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    way = Sessions(Languages(Users(Messages(view))))
    way(RequestFactory().get(ME, headers={"Authorization": header}))
    (request,) = seen
    kept = [name for name in ("session", "_messages", "LANGUAGE_CODE") if hasattr(request, name)]
    assert kept == ([] if past else ["session", "_messages", "LANGUAGE_CODE"])
    assert not request.user.is_authenticated


def test_a_token_that_is_not_valid_is_no_way_into_the_session_beside_it() -> None:
    """Max is signed in; the wrong token is refused, and without one he is himself."""
    browser = Client()
    browser.force_login(person("Max", Role.MANAGER))
    refused = browser.get(ME, headers={"Authorization": "Bearer wrong"})
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert browser.get(ME).status_code == 200


def test_changes_by_session_still_need_the_csrf_token() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person("Max", Role.MANAGER))
    path, body = "/api/v1/tokens/", {"name": "x", "scopes": ["api"]}
    for header in ("", "Basic YTpi", "Bearer"):
        answer = browser.post(path, body, "application/json", headers={"Authorization": header})
        assert answer.status_code in (401, 403), header


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing/", "/api/v1/docs/", "/api/v1/schema/"])
def test_what_is_no_desk_answers_a_token_as_well(path: str) -> None:
    answer = knock(person("Max", Role.MANAGER)).get(path)
    assert answer.status_code in (200, 404)
