"""The frame of the portals: errors for people, and what surrounds every page."""

import json
import re
import struct
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

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


# --- The words of scripts -----------------------------------------------------------------------

POLISH = {
    "": (
        "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=3; plural="
        "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"
    ),
    "%(n)s entry selected\0%(n)s entries selected": "%(n)s wpis\0%(n)s wpisy\0%(n)s wpisów",
    "Copied": "Skopiowano </script>",
    "Undone": "",
}


def compiled(texts: dict[str, str]) -> bytes:
    """The texts as a `.mo` file."""
    pairs = [(key.encode(), said.encode()) for key, said in sorted(texts.items())]
    at, heads, blob = 28 + 16 * len(pairs), [], b""
    for column in (0, 1):
        for pair in pairs:
            heads.append(struct.pack("<II", len(pair[column]), at + len(blob)))
            blob += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(heads) + blob


def words_of(page: str) -> Any:
    (found,) = re.findall(r'<script id="words" type="application/json">(.*?)</script>', page, re.S)
    return json.loads(found)


def test_english_scripts_need_no_catalog(rosa):
    assert words_of(Client().get("/accounts/login/").content.decode()) == {}
    assert words_of(signed_in(rosa).get("/recruiting/").content.decode()) == {}


def test_scripts_get_their_words_in_the_language_of_the_page(settings, tmp_path):
    folder = tmp_path / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "djangojs.mo").write_bytes(compiled(POLISH))
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("pl"):
        told = words_of(render_to_string("workforce/bare.html"))
    assert told["texts"] == {
        "Copied": "Skopiowano </script>",
        "%(n)s entry selected": ["%(n)s wpis", "%(n)s wpisy", "%(n)s wpisów"],
    }
    assert [told["plurals"][n] for n in (0, 1, 2, 5, 12, 22, 102, 112)] == [2, 0, 1, 2, 2, 1, 1, 2]
    assert len(told["plurals"]) == 200
