"""What every page promises, asked of small pages made for it."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory

from tests.people import person
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page, put_errors
from workforce.models import Account, Event
from workforce.operations.admitting import admit
from workforce.queries.events import events
from workforce.rules.problems import Conflict, Invalid
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@page(roles={Role.RECRUITER})
def add(visit: Visit) -> HttpResponse:
    """Adds an account, then may change its mind."""
    admit(
        email=visit.request.POST["email"], name="New", roles=[Role.TUTOR],
        actor=visit.account, at=visit.at,
    )  # fmt: skip
    if visit.request.POST.get("late") == "refusal":
        raise Conflict("Somebody was faster.")
    if visit.request.POST.get("late") == "form":
        return HttpResponse("the form again", status=422)
    return visit.go("/done/", say="Added")


def request_of(account: Account | None, *, post: str = "", htmx: bool = False) -> HttpRequest:
    make = RequestFactory()
    headers = {"HX-Request": "true"} if htmx else {}
    fields = QueryDict(post).dict()
    request = (make.post if post else make.get)("/add/", fields, headers=headers)
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    request.user = account  # type: ignore[assignment]
    return request


def accounts() -> int:
    return Account.objects.count()


def test_a_form_sent_twice_is_done_once():
    ruth = person("Ruth", Role.RECRUITER)
    before = accounts()
    first = add(request_of(ruth, post="email=new@example.org&_key=abc"))
    again = add(request_of(ruth, post="email=new@example.org&_key=abc"))
    assert [first.status_code, again.status_code] == [303, 303]
    assert [first["Location"], again["Location"]] == ["/done/", "/done/"]
    assert accounts() == before + 1


def test_a_form_whose_key_comes_with_other_words_is_refused():
    ruth = person("Ruth", Role.RECRUITER)
    add(request_of(ruth, post="email=new@example.org&_key=abc"))
    before = accounts()
    other = add(request_of(ruth, post="email=other@example.org&_key=abc"))
    assert other.status_code == 422
    assert accounts() == before


@pytest.mark.parametrize(("late", "status"), [("refusal", 409), ("form", 422)])
def test_what_is_refused_late_wrote_nothing(late: str, status: int):
    ruth = person("Ruth", Role.RECRUITER)
    before = (accounts(), Event.objects.count())
    got = add(request_of(ruth, post=f"email=new@example.org&late={late}&_key=k"))
    assert got.status_code == status
    assert (accounts(), Event.objects.count()) == before


def test_a_refusal_is_a_toast_where_a_script_asked():
    ruth = person("Ruth", Role.RECRUITER)
    got = add(request_of(ruth, post="email=new@example.org&late=refusal", htmx=True))
    assert (got.status_code, got.content) == (409, b"")
    assert "Somebody was faster." in got["HX-Trigger"]


def test_a_script_is_sent_on_by_a_header_and_the_toast_waits_there():
    ruth = person("Ruth", Role.RECRUITER)
    request = request_of(ruth, post="email=new@example.org", htmx=True)
    got = add(request)
    assert (got.status_code, got["HX-Redirect"]) == (200, "/done/")
    assert [str(m) for m in get_messages(request)] == ["Added"]


def test_another_role_is_told_whose_page_it_is():
    carl = person("Carl", Role.CLIENT)
    before = accounts()
    got = add(request_of(carl, post="email=new@example.org"))
    assert got.status_code == 403
    assert "This page is for: recruiter." in got.content.decode()
    assert accounts() == before


def test_a_closed_account_is_a_stranger():
    ruth = person("Ruth", Role.RECRUITER)
    ruth.is_active = False
    got = add(request_of(ruth))
    assert got.status_code == 302
    assert got["Location"] == "/accounts/login/?next=%2Fadd%2F"


def test_a_refusal_stands_at_its_field_and_the_rest_above():
    class Form(forms.Form):
        email = forms.CharField()

    form = Form({"email": "x"})
    put_errors(form, Invalid("No.", errors={"email": ["Cut off after @"], "tiers[0]": ["Too low"]}))
    assert form.errors == {"email": ["Cut off after @"], "__all__": ["Too low"]}
    form = Form({"email": "x"})
    put_errors(form, Conflict("Somebody was faster."))
    assert form.non_field_errors() == ["Somebody was faster."]


def test_a_list_pages_by_key_in_both_directions_and_keeps_its_filters():
    ruth = person("Ruth", Role.RECRUITER)
    for n in range(7):
        person(f"Person {n}", Role.TUTOR)
    rows = events(kind="workforce.account_admitted")

    def at(url: str) -> Visit:
        request = RequestFactory().get(url)
        return Visit(request=request, account=ruth, at=ruth.joined_at)

    first = listing(at("/list/?kind=x"), rows, size=3)
    assert len(first.rows) == 3 and first.previous is None and first.next is not None
    assert "kind=x" in first.next
    second = listing(at(first.next), rows, size=3)
    assert {e.pk for e in first.rows}.isdisjoint({e.pk for e in second.rows})
    assert second.previous is not None
    assert [e.pk for e in listing(at(second.previous), rows, size=3).rows] == [
        e.pk for e in first.rows
    ]


def test_a_csv_quotes_what_a_spreadsheet_would_run():
    got = csv_file("My list", ["name", "n"], [["=1+1", -5], [" @x", None]])
    text = b"".join(got).decode()  # type: ignore[arg-type]
    assert text == "\ufeffname,n\r\n'=1+1,-5\r\n' @x,\r\n"
    assert got["Content-Disposition"] == 'attachment; filename="my-list.csv"'
