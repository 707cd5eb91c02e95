"""Search and the audit trail: who finds what, where an id leads, what is said of the past."""

import pytest
from django.test import Client

from config.searching import search
from tests.people import AT, person
from tests.tasks.commissions import grounds
from tests.tasks.crew import Crew
from workforce.events import RoleGranted
from workforce.models import Event
from workforce.operations.recording import record
from workforce.operations.relaying import relay
from workforce.rules.happenings import in_words, lines
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


def browser(account) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(account)
    return client


def titles(account, text: str) -> dict[str, list[str]]:
    return {str(f.label): [h.title for h in f.hits] for f in search(account=account, text=text)}


@pytest.fixture
def crew() -> Crew:
    grounds()
    return Crew()


def test_staff_find_tutors_and_a_tutor_finds_no_other(crew: Crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Albert")
    assert set(titles(crew.ruth, "al").get("Tutors", [])) <= {"Alice", "Albert"}
    assert "Tutors" not in titles(alice.account, "albert")
    assert "Tutors" not in titles(bob.account, alice.public_id)


def test_pages_are_found_by_those_who_may_open_them(crew: Crew):
    alice = crew.tutor("Alice")
    assert "Settings" in titles(alice.account, "setti")["Pages"]
    assert "Audit log" in titles(crew.max, "audit")["Pages"]
    assert "Pages" not in titles(alice.account, "audit")


def test_too_short_and_nothing_found_are_said(crew: Crew):
    client = browser(crew.max)
    assert b"Type two characters or more" in client.get("/search/?q=a").content
    assert "Nothing found for “zzzz”".encode() in client.get("/search/?q=zzzz").content
    fragment = client.get("/search/?q=zzzz", headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert "Nothing found for “zzzz”".encode() in fragment.content


def test_hostile_words_stay_words(crew: Crew):
    page = browser(crew.max).get("/search/", {"q": "<script>alert(1)</script>\x00'--"})
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_a_search_costs_the_same_whatever_it_finds(crew: Crew, django_assert_max_num_queries):
    for name in ("Alma", "Alva", "Alda", "Alba", "Alis", "Alix", "Aldo"):
        crew.tutor(name)
    client = browser(person("Ada", Role.ADMIN))
    with django_assert_max_num_queries(16):
        assert client.get("/search/?q=al", headers={"HX-Request": "true"}).status_code == 200


def test_the_trail_of_a_thing_says_who_did_what_and_that_it_is_sealed():
    ada, max_ = person("Ada", Role.ADMIN), person("Max", Role.MANAGER)
    granted = RoleGranted(subject=max_.public_id, role="manager")
    record(event=granted, actor=ada, at=AT)
    client = browser(ada)
    before = client.get(f"/audit/{max_.public_id}/").content.decode()
    assert "waits for its seal" in before
    from config.reactions import REACTIONS

    relay(reactions=REACTIONS)
    page = client.get(f"/audit/{max_.public_id}/").content.decode()
    for said in ("Role given", "by Ada", "sealed as no.", "manager"):
        assert said in page


def test_a_trail_is_for_staff_and_of_things_that_are_there():
    alice, max_ = person("Alice", Role.TUTOR), person("Max", Role.MANAGER)
    lines = b"".join(browser(max_).get(f"/audit/{max_.public_id}/?format=csv")).decode("utf-8-sig")
    assert lines.startswith("event,at,kind,subject,actor,body,sealed at,digest")
    assert {line.split(",")[3] for line in lines.splitlines()[1:]} == {max_.public_id}
    assert browser(alice).get(f"/audit/{alice.public_id}/").status_code == 403
    for nothing in ("T-999999", "x", "T-1%27"):
        assert browser(max_).get(f"/audit/{nothing}/").status_code == 404


def test_the_log_is_narrowed_and_exported(django_assert_max_num_queries):
    ada, max_ = person("Ada", Role.ADMIN), person("Max", Role.MANAGER)
    for number in range(120):
        actor = ada if number % 2 else max_
        record(event=RoleGranted(subject=f"A-{number + 1}", role="=1+1"), actor=actor, at=AT)
    client = browser(ada)
    with django_assert_max_num_queries(14):
        page = client.get("/ops/audit/?kind=workforce.role_granted")
    assert page.content.count(b'<td class="nowrap num">') == 50
    assert b'rel="next"' in page.content
    mine = client.get("/ops/audit/", {"kind": "workforce.role_granted", "actor": max_.email})
    assert len(mine.context["rows"]) == 50
    assert {row.actor for row in mine.context["rows"]} == {"Max"}
    assert b"No events match" in client.get("/ops/audit/?actor=nobody@example.org").content
    found = client.get("/ops/audit/?kind=workforce.role_granted&subject=a-7&format=csv")
    rows = b"".join(found.streaming_content).decode().splitlines()
    assert len(rows) == 2
    assert "A-7" in rows[1]


def test_a_broken_chain_is_said_at_once():
    from django.db import connection

    from config.reactions import REACTIONS

    ada = person("Ada", Role.ADMIN)
    for number in range(3):
        record(event=RoleGranted(subject=f"A-{number + 1}", role="x"), actor=ada, at=AT)
    relay(reactions=REACTIONS)
    client = browser(ada)
    assert b"the newest seals hold" in client.get("/ops/audit/").content
    last = Event.objects.latest("pk").pk
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE workforce_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE workforce_event SET kind = 'workforce.x' WHERE id = %s", [last])
        cursor.execute("ALTER TABLE workforce_event ENABLE TRIGGER USER")
    page = client.get("/ops/audit/").content.decode()
    assert "The chain is broken" in page
    assert f"EV-{last}" in page


def test_events_are_put_in_words():
    assert in_words("tutors.contract_signed") == "Contract signed"
    said = {line.name: (line.text, line.ids) for line in lines({
        "entries": ["TE-1", "TE-2"], "seconds": 12_345, "nested": {"by_tutor": True}, "empty": "",
    })}  # fmt: skip
    assert said == {
        "Entries": ("", ("TE-1", "TE-2")),
        "Seconds": ("12,345", ()),
        "Nested › by tutor": ("yes", ()),
    }
