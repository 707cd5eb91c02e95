"""How every door behaves: who comes in, what is refused, in which words and order."""

import json

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest
from django.test import Client
from rest_framework.test import APIClient

from tests.people import knock, person
from workforce.doors.problems import answer_exception
from workforce.models import Account, Domain, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LAW = {"slug": "law.contracts", "name": "Contracts"}


def signed_in(account: Account, **options: bool) -> APIClient:
    client = APIClient(**options)
    client.force_login(account, backend=BACKEND)
    return client


def test_me_shows_who_i_am():
    alice = person("Alice", Role.TUTOR, Role.REVIEWER)
    answer = knock(alice).get("/api/v1/me/")
    assert answer.status_code == 200
    assert answer.json() == {
        "id": alice.public_id,
        "email": alice.email,
        "name": "Alice",
        "time_zone": "UTC",
        "roles": ["reviewer", "tutor"],
        "tutor_id": None,
    }


def test_a_stranger_gets_401_as_a_problem():
    answer = knock(None).get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "not_signed_in"


def test_an_unknown_token_is_401():
    client = knock(None)
    client.credentials(HTTP_AUTHORIZATION="Bearer lt_of-nobody")
    assert client.get("/api/v1/me/").status_code == 401


def test_tokens_die_with_the_account():
    alice = person("Alice", Role.TUTOR)
    client = knock(alice)
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    assert client.get("/api/v1/me/").status_code == 401


def test_a_revoked_token_opens_nothing():
    alice = person("Alice", Role.TUTOR)
    client = knock(alice)
    token = client.get("/api/v1/tokens/").json()["results"][0]
    assert client.delete(f"/api/v1/tokens/{token['id']}/").status_code == 204
    assert client.get("/api/v1/me/").status_code == 401


def test_a_new_token_shows_its_secret_once():
    alice = person("Alice", Role.TUTOR)
    client = signed_in(alice)
    made = client.post("/api/v1/tokens/", {"name": "laptop", "days": 3}, format="json")
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret not in json.dumps(client.get("/api/v1/tokens/").json())
    bearer = knock(None)
    bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert bearer.get("/api/v1/me/").status_code == 200


def test_a_token_cannot_make_tokens():
    alice = person("Alice", Role.TUTOR)
    answer = knock(alice).post("/api/v1/tokens/", {"name": "heir"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_needed")
    assert alice.tokens.count() == 1


def test_a_session_needs_the_csrf_token():
    alice = person("Alice", Role.TUTOR)
    client = signed_in(alice, enforce_csrf_checks=True)
    assert client.post("/api/v1/tokens/", {"name": "x"}, format="json").status_code == 403
    assert alice.tokens.count() == 0


def test_the_payout_scope_needs_a_step_up():
    fay = person("Fay", Role.FINANCE)
    client = signed_in(fay)
    body = {"name": "x", "scopes": ["api", "payouts:release"]}
    answer = client.post("/api/v1/tokens/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_needed")
    assert fay.tokens.count() == 0
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, fay, method="mfa", type="totp")
    request.session.save()
    assert client.post("/api/v1/tokens/", body, format="json").status_code == 201


def test_a_foreign_token_looks_like_a_missing_one():
    alice, bob = person("Alice", Role.TUTOR), person("Bob", Role.TUTOR)
    knock(bob)
    foreign = bob.tokens.get().public_id
    answers = [knock(alice).get(f"/api/v1/tokens/{i}/") for i in (foreign, "TK-999999", "nonsense")]
    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1


def test_403_comes_before_400():
    alice = person("Alice", Role.TUTOR)
    assert knock(alice).post("/api/v1/domains/", {}, format="json").status_code == 403


def test_an_unknown_media_type_is_415():
    ada = person("Ada", Role.ADMIN)
    answer = knock(ada).post("/api/v1/domains/", "x", content_type="text/plain")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert answer.json()["title"] == "Unsupported Media Type"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "not valid JSON"),
        ('{"slug": NaN}', "not valid JSON"),
        ('{"slug": "\\u0000"}', "NUL"),
        ('{"slug": "\\ud800"}', "surrogate"),
        ("[" * 40 + "]" * 40, "nested deeper"),
    ],
)
def test_a_body_that_cannot_be_stored_is_400(body, words):
    ada = person("Ada", Role.ADMIN)
    answer = knock(ada).post("/api/v1/domains/", body, content_type="application/json")
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_body_over_ten_megabytes_is_413():
    ada = person("Ada", Role.ADMIN)
    body = json.dumps({"slug": "law.x", "name": "x" * (10 * 1024 * 1024)})
    answer = knock(ada).post("/api/v1/domains/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_unknown_field_is_named_and_changes_nothing():
    ada = person("Ada", Role.ADMIN)
    answer = knock(ada).post("/api/v1/domains/", {**LAW, "is_verified": True}, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"is_verified": ["There is no such field here."]}
    assert not Domain.objects.filter(slug="law.contracts").exists()


@pytest.mark.parametrize(
    "query", ["colour=red", "account__password=x", "page_size=201", "cursor=!"]
)
def test_an_unlisted_parameter_is_400(query):
    ada = person("Ada", Role.ADMIN)
    answer = knock(ada).get(f"/api/v1/domains/?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] in {"invalid", "cursor_not_valid"}


def test_a_list_is_walked_forth_and_back_by_cursor():
    client = knock(person("Ada", Role.ADMIN))
    total = Domain.objects.count()
    pages, url = [], "/api/v1/domains/?page_size=20"
    while url:
        answer = client.get(url).json()
        pages.append([d["slug"] for d in answer["results"]])
        url, back = answer["next"], answer["previous"]
    assert sum(len(p) for p in pages) == total
    assert len({s for p in pages for s in p}) == total
    assert [d["slug"] for d in client.get(back).json()["results"]] == pages[-2]


def test_the_same_key_and_body_give_the_first_answer():
    client = knock(person("Ada", Role.ADMIN))
    first = client.post("/api/v1/domains/", LAW, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post("/api/v1/domains/", LAW, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Event.objects.filter(kind="workforce.domain_added", actor__isnull=False).count() == 1


def test_the_same_key_with_another_body_is_422():
    client = knock(person("Ada", Role.ADMIN))
    client.post("/api/v1/domains/", LAW, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    other = {**LAW, "slug": "law.torts"}
    answer = client.post("/api/v1/domains/", other, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert not Domain.objects.filter(slug="law.torts").exists()


def test_a_refused_request_leaves_its_key_free():
    client = knock(person("Ada", Role.ADMIN))
    orphan = {"slug": "nowhere.at-all", "name": "Nowhere"}
    refused = client.post("/api/v1/domains/", orphan, format="json", HTTP_IDEMPOTENCY_KEY="k2")
    assert (refused.status_code, refused.json()["code"]) == (400, "domain_not_valid")
    mended = client.post("/api/v1/domains/", LAW, format="json", HTTP_IDEMPOTENCY_KEY="k2")
    assert mended.status_code == 201


def test_a_domain_that_exists_is_409():
    client = knock(person("Ada", Role.ADMIN))
    answer = client.post("/api/v1/domains/", {"slug": "law", "name": "Law"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "domain_exists")


def test_too_many_requests_are_429(settings):
    settings.THROTTLE_PER_MINUTE = {"read": 3, "write": 3, "claim": 3}
    client = knock(person("Alice", Role.TUTOR))
    answers = [client.get("/api/v1/me/") for _ in range(8)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_an_unknown_path_answers_like_everything_else():
    answer = Client(raise_request_exception=False).get("/api/v1/nothing-here/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_form_with_too_many_fields_answers_like_everything_else():
    """Django raises this while the body is read and would answer it with a page."""
    answer = answer_exception(TooManyFieldsSent("1,001 fields"), {})
    assert answer is not None
    assert answer.status_code == 400
    assert answer.data["code"] == "invalid"


def test_the_schema_is_openapi_3_1_and_the_docs_open():
    answer = Client().get("/api/v1/schema/?format=json", HTTP_ACCEPT="application/json")
    assert answer.json()["openapi"] == "3.1.0"
    page = Client().get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"domains_create" in page.content
    assert "nonce-" in page["Content-Security-Policy"]


def test_pages_of_strangers_and_staff_in_the_back_office():
    assert Client().get("/back-office/").status_code == 302
    ada = person("Ada", Role.ADMIN)
    office = Client()
    office.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert office.get("/back-office/workforce/domain/").status_code == 200
    assert office.get("/back-office/workforce/domain/add/").status_code == 403
    max_ = person("Max", Role.MANAGER)
    office.force_login(max_, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert office.get("/back-office/workforce/domain/").status_code == 302
