"""A recruiter sees what open projects ask of a tutor beside her field, and takes the way to it."""

import pytest

from tasks.operations.steering import close
from tests.people import person
from tests.tasks.backgrounds import GROUNDS
from tests.tasks.crew import ASKED, moment
from tests.tasks.statements import counting
from tests.tasks.visiting import text_of, visitor
from tutors.operations.onboarding import change_profile
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

GERMAN = {"kind": "language", "tag": "de", "min": "C1"}
IRELAND = {"kind": "residence", "in": ["IE"]}
PAPER = {"kind": "agreement", "type": "nda", "party": "client", "version_min": 1}
CONSENT = {"kind": "opt_in", "content": ["self_harm"]}
PHYSICS = {"kind": "qualification", "speciality": "stem.physics", "level_min": 1}


@pytest.fixture
def ruth(crew):
    return visitor(crew.ruth)


def wants(crew, name, *tests):
    rules = [{"id": f"r{n}", "mode": "hard", "test": test} for n, test in enumerate(tests)]
    return crew.project(name=name, requirements={**ASKED, "rules": [*ASKED["rules"], *rules]})


def page_of(tutor):
    return f"/recruiting/tutors/{tutor.public_id}/asked/"


def test_each_thing_is_named_once_with_the_projects_that_ask_most_first(crew, ruth):
    alice = crew.tutor("Alice", contract=False)
    wants(crew, "Verses", GERMAN, IRELAND)
    wants(crew, "Letters", GERMAN, PAPER)
    wants(crew, "Wards", CONSENT, GROUNDS["no_conflict"].rule)
    GROUNDS["no_conflict"].take(crew, alice)
    shown = text_of(ruth.get(page_of(alice)))
    for said in (
        "Speaks de at C1 or better",
        "Asked by Letters, Verses.",
        "ives in IE",
        "confidentiality agreement",
        "Agreed to see self harm",
        "Only the tutor agrees to it",
        "Has no tie to the client",
        "It turns when the tie is over",
    ):
        assert said in shown, said
    assert shown.index("Speaks de") < shown.index("Agreed to see")
    links = ruth.get(page_of(alice)).content.decode()
    for act in ("agreements/offer/", "edit/"):
        assert f"/recruiting/tutors/{alice.public_id}/{act}" in links


def test_what_is_met_and_what_wants_another_field_is_not_named(crew, ruth):
    alice = crew.tutor("Alice")
    wants(crew, "Verses", GERMAN)
    wants(crew, "Waves", PHYSICS, CONSENT)
    closed = wants(crew, "Gone", CONSENT)
    close(project=closed, reason="x", actor=crew.max, at=moment())
    shown = text_of(ruth.get(page_of(alice)))
    assert "Speaks de" in shown and "Agreed to see" not in shown
    spoken = {"languages": [("en", "C2"), ("de", "C1")]}
    change_profile(tutor=alice, changes=spoken, actor=crew.ruth, at=moment())
    told = "1 open project is of this field and asks for nothing that is missing."
    assert told in text_of(ruth.get(page_of(alice)))
    zoe = crew.tutor("Zoe", speciality="medicine.psychiatry")
    assert "No open project wants these fields now." in text_of(ruth.get(page_of(zoe)))


def test_it_is_a_part_of_the_profile_and_who_only_reads_gets_no_links(crew, ruth):
    alice = crew.tutor("Alice")
    wants(crew, "Verses", GERMAN)
    profile = f"/recruiting/tutors/{alice.public_id}/"
    assert f'hx-get="{profile}asked/"' in ruth.get(profile).content.decode()
    part = ruth.get(page_of(alice), headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in part and "Speaks de" in part
    ada = visitor(person("Ada", Role.ADMIN)).get(page_of(alice)).content.decode()
    assert "Speaks de" in ada and "Note the language" not in ada


def test_statements_do_not_grow_with_projects(crew, ruth):
    alice = crew.tutor("Alice")
    wants(crew, "Verses", GERMAN)
    ruth.get(page_of(alice))
    with counting() as few:
        ruth.get(page_of(alice))
    for n in range(6):
        wants(crew, f"More {n}", GERMAN, {**CONSENT, "content": ["self_harm"]})
    with counting() as many:
        ruth.get(page_of(alice))
    assert len(many) == len(few), many.statements
