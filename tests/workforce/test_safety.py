"""Production refuses an unsafe start, and personal numbers are not readable where they lie."""

import base64
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.launch.places import ROOT
from config.safety import no_demo_accounts
from tests.people import person
from workforce.rules.roles import Role
from workforce.rules.vault import CannotOpen, ring_from

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()
SAFE = {
    "LECTERN_SECRET_KEY": "a-secret-key-of-more-than-fifty-characters-0123456789",
    "LECTERN_FIELD_KEYS": f"1:{KEY}",
    "DATABASE_URL": "postgresql://somebody@localhost/lectern",
    "LECTERN_HOSTS": "lectern.example.org",
}


PRINT = "from django.conf import settings; print(settings.PRODUCTION, settings.DEBUG)"


def start(code: str = PRINT, **changes: str) -> subprocess.CompletedProcess[str]:
    ours = ("LECTERN_", "DATABASE_URL", "REDIS_URL", "DJANGO_")
    env = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    env |= {k: v for k, v in {**SAFE, **changes}.items() if v}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_production_starts_with_all_that_it_needs():
    run = start()
    assert run.stdout == "True False\n", run.stderr


@pytest.mark.parametrize(
    "missing", ["LECTERN_SECRET_KEY", "LECTERN_FIELD_KEYS", "DATABASE_URL", "LECTERN_HOSTS"]
)
def test_production_says_what_is_missing(missing):
    run = start(**{missing: ""})
    assert run.returncode != 0
    assert missing in run.stderr


def test_a_short_secret_key_is_refused():
    assert "shorter than 50" in start(LECTERN_SECRET_KEY="short").stderr


def test_debug_is_refused_in_production():
    assert start(LECTERN_DJANGO_DEBUG="1").returncode != 0


@pytest.mark.django_db
def test_demonstration_accounts_keep_production_from_starting(settings):
    assert no_demo_accounts() == []
    settings.PRODUCTION = True
    assert no_demo_accounts() == []
    person("Dave", Role.ADMIN, is_demo=True)
    [error] = no_demo_accounts()
    assert error.id == "lectern.E001"


@pytest.mark.usefixtures("own_database")
def test_the_web_of_production_starts_on_real_accounts_only(own_database):
    code = "import config.wsgi; print('serves')"
    assert start(code, DATABASE_URL=own_database.url).stdout == "serves\n"
    person("Dave", Role.ADMIN, is_demo=True)
    refused = start(code, DATABASE_URL=own_database.url)
    assert refused.returncode != 0
    assert "1 demonstration accounts can sign in" in refused.stderr
    assert start(code).stdout == "serves\n", "a database that is away is waited for"


@given(st.text())
def test_what_is_closed_opens_with_the_same_words(text):
    ring = ring_from(f"1:{KEY}")
    closed = ring.close(text, context="tutors.credential.number")
    assert closed.startswith("1.")
    assert ring.open(closed, context="tutors.credential.number") == text
    with pytest.raises(CannotOpen):
        ring.open(closed, context="payments.payee.iban")


def test_a_rotated_ring_reads_old_values_and_writes_new_ones():
    old = ring_from(f"1:{KEY}").close("DE00", context="x")
    ring = ring_from(f"2:{OTHER},1:{KEY}")
    assert ring.open(old, context="x") == "DE00"
    assert ring.close("DE00", context="x").startswith("2.")
    with pytest.raises(CannotOpen):
        ring_from(f"2:{OTHER}").open(old, context="x")


def test_a_changed_value_does_not_open():
    ring = ring_from(f"1:{KEY}")
    closed = ring.close("DE00", context="x")
    with pytest.raises(CannotOpen):
        ring.open(closed[:-4] + "AAA=", context="x")
