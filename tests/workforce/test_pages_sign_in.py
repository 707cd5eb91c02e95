"""Coming in: password, e-mailed code, second factor, and the demonstration's own door."""

import os
import re
import subprocess
import sys
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.core.cache import cache
from django.test import Client

from config.launch.places import ROOT
from tests.people import knock, person
from tests.workforce.test_safety import SAFE
from workforce.access import stepped_up
from workforce.doors import now
from workforce.models import Account
from workforce.operations.securing import demonstration_secret, give_demonstration_factor
from workforce.rules.problems import NotAllowed
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


def visitor() -> Client:
    return Client(raise_request_exception=True)


def sign_in(account: Account, *, to: str = "") -> Client:
    client = visitor()
    client.post(
        "/accounts/login/", {"login": account.email, "password": PASSWORD, "next": to}, follow=False
    )
    return client


def code(secret: str, *, step: int = 0) -> str:
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + step)))


def with_factor(*roles: Role) -> tuple[Account, str]:
    account = person("Fay", *roles, password=PASSWORD, is_demo=True)
    return account, give_demonstration_factor(account=account)


def test_a_password_leads_to_where_one_wanted_to_go():
    alice = person("Alice", Role.TUTOR, password=PASSWORD)
    client = visitor()
    asked = client.get("/settings/tokens/")
    assert asked["Location"] == "/accounts/login/?next=%2Fsettings%2Ftokens%2F"
    page = client.get(asked["Location"]).content.decode()
    assert 'value="/settings/tokens/"' in page
    said = {"login": alice.email, "password": PASSWORD, "next": "/settings/tokens/"}
    assert client.post("/accounts/login/", said)["Location"] == "/settings/tokens/"
    wrong = visitor().post("/accounts/login/", {"login": alice.email, "password": "no"})
    assert b"you specified are not correct" in wrong.content


def test_a_code_by_e_mail_signs_in():
    alice = person("Alice", Role.TUTOR, password=PASSWORD)
    client = visitor()
    client.post("/accounts/login/code/", {"email": alice.email, "next": "/notices/"})
    [letter] = mail.outbox
    assert letter.to == [alice.email]
    found = re.search(r"^([A-Z0-9-]{6,})$", letter.body, re.MULTILINE)
    assert found
    answer = client.post("/accounts/login/code/confirm/", {"code": found[1], "next": "/notices/"})
    assert answer["Location"] == "/notices/"
    assert client.get("/notices/").status_code == 200


def test_an_unknown_address_gets_no_code_and_looks_the_same():
    client = visitor()
    answer = client.post("/accounts/login/code/", {"email": "nobody@example.org"})
    assert answer.status_code == 302
    assert mail.outbox == []


def test_finance_signs_in_with_a_code_as_well():
    fay, secret = with_factor(Role.FINANCE)
    client = sign_in(fay)
    assert client.get("/settings/")["Location"].startswith("/accounts/login/")
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert client.get("/settings/").status_code == 200


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ADMIN])
def test_without_a_second_factor_nothing_else_opens(role: Role):
    account = person("Fay", role, password=PASSWORD)
    client = sign_in(account)
    there = client.get("/settings/tokens/")
    assert there["Location"] == "/accounts/second-factor/?next=%2Fsettings%2Ftokens%2F"
    assert b"Set up a second factor" in client.get(there["Location"]).content
    refused = client.get("/api/v1/me/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    script = client.post("/settings/theme/", {"theme": "dark"}, headers={"HX-Request": "true"})
    assert (script.status_code, script["X-Sign-In"]) == (401, "/accounts/second-factor/")
    assert knock(account).get("/api/v1/me/").status_code == 200  # tokens are not asked


def test_others_need_none():
    client = sign_in(person("Max", Role.MANAGER, password=PASSWORD))
    assert client.get("/settings/").status_code == 200
    assert client.get("/api/v1/me/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_an_app_up_opens_the_rest():
    fay = person("Fay", Role.FINANCE, password=PASSWORD)
    client = sign_in(fay)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    kept = Authenticator.objects.get(user=fay, type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    assert get_adapter().decrypt(kept.data["secret"]) == secret
    assert client.get("/settings/").status_code == 200
    assert b"codes are left" in client.get("/accounts/2fa/").content
    off = client.post("/accounts/2fa/totp/deactivate/")
    assert b"You cannot deactivate two-factor authentication" in off.content
    assert Authenticator.objects.filter(pk=kept.pk).exists()


def test_a_role_given_later_asks_for_the_factor_in_open_sessions():
    max_ = person("Max", Role.MANAGER, password=PASSWORD)
    client = sign_in(max_)
    assert client.get("/settings/").status_code == 200
    max_.grants.create(role=Role.FINANCE, granted_at=now())
    assert client.get("/settings/").status_code == 302


def test_the_second_factor_is_confirmed_again_before_money_moves():
    fay, secret = with_factor(Role.FINANCE)
    client = sign_in(fay)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    page = client.get("/accounts/2fa/reauthenticate/?next=/settings/tokens/").content.decode()
    assert "Confirm that it is you" in page
    said = {"code": code(secret, step=0), "next": "/settings/tokens/"}
    cache.clear()  # the same code within its 30 seconds
    answer = client.post("/accounts/2fa/reauthenticate/", said)
    assert answer["Location"] == "/settings/tokens/"
    request = type("Request", (), {"session": client.session})()
    assert stepped_up(request=request, account=fay, at=now())


def test_the_pages_beside_are_ours():
    for url in (
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/login/code/",
        "/accounts/signup/",
        "/accounts/inactive/",
    ):
        page = visitor().get(url).content.decode()
        assert "bare-card" in page, url
    client = sign_in(person("Max", Role.MANAGER, password=PASSWORD))
    for url in ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/password/change/"):
        page = client.get(url).content.decode()
        assert "settings-nav" in page, url
        assert "style=" not in page, url


def test_demonstration_secrets_are_the_demonstrations_alone(settings):
    max_, dora = person("Max", Role.FINANCE), person("Dora", Role.FINANCE, is_demo=True)
    with pytest.raises(NotAllowed):
        demonstration_secret(account=max_)
    assert demonstration_secret(account=dora) == give_demonstration_factor(account=dora)
    settings.PRODUCTION = True
    with pytest.raises(NotAllowed):
        give_demonstration_factor(account=dora)


# --- One click, in development alone -------------------------------------------------------------

ASK = """
import django; django.setup()
from django.urls import NoReverseMatch, reverse, resolve
import config.urls, sys
try: print(reverse("demonstration-sign-in"))
except NoReverseMatch: print("not routed")
print("config.demonstration.signing_in" in sys.modules)
try: resolve("/accounts/demonstration/"); print("resolves")
except Exception as problem: print(type(problem).__name__)
"""


def ask(**env: str) -> list[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LECTERN_", "DATABASE_URL"))}
    env = {**kept, **SAFE, "DJANGO_SETTINGS_MODULE": "config.settings", **env}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        env=env, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2_000:]
    return run.stdout.split("\n")[:-1]


def test_production_has_no_such_door():
    assert ask() == ["not routed", "False", "Resolver404"]


def test_development_has_it():
    assert ask(LECTERN_DEBUG="1") == ["/accounts/demonstration/", "True", "resolves"]


@pytest.fixture
def development(settings):
    settings.DEVELOPMENT = True
    settings.ROOT_URLCONF = "tests.workforce.development_urls"
    return visitor()


def test_one_click_signs_in_as_a_demonstration_person(development):
    fay, _secret = with_factor(Role.FINANCE)
    page = development.get("/accounts/login/?next=/help/").content.decode()
    assert "Demonstration: be somebody" not in page  # nobody of the story is loaded here
    answer = development.post("/accounts/demonstration/", {"email": fay.email, "next": "/help/"})
    assert answer["Location"] == "/help/"
    assert development.get("/help/").status_code == 200
    away = development.post("/accounts/demonstration/", {"email": fay.email, "next": "//evil.test"})
    assert away["Location"] == "/"


def test_one_click_is_for_demonstration_people_alone(development, settings):
    max_ = person("Max", Role.MANAGER, password=PASSWORD)
    dora = person("Dora", Role.MANAGER, is_demo=True)
    assert development.post("/accounts/demonstration/", {"email": max_.email}).status_code == 404
    settings.DEVELOPMENT = False
    assert development.post("/accounts/demonstration/", {"email": dora.email}).status_code == 404
    assert development.get("/help/").status_code == 302


def test_passkeys_get_an_address_that_they_work_for(development):
    there = development.get("/accounts/login/?next=/", headers={"host": "127.0.0.1:8000"})
    assert there["Location"] == "http://localhost:8000/accounts/login/?next=/"
