"""A manager keeps organisations: which client each is, its kinds, who is tied, who names it."""

from datetime import timedelta

import pytest

from tests.people import person
from tests.tasks.crew import ASKED, moment
from tests.tasks.statements import counting
from tests.tasks.visiting import text_of, visitor
from tutors.models import Organisation, Tutor
from tutors.operations.naming import name_set, put_away
from tutors.operations.tying import Bond, declare_tie, withdraw_tie
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

LIST, ADD = "/ops/organisations/", "/ops/organisations/add/"


@pytest.fixture
def max_(crew):
    return visitor(crew.max)


def tie(crew, tutor, party, **more):
    bond = Bond(party=party, relation="Adviser", **more)
    return declare_tie(tutor=tutor, bond=bond, actor=crew.ruth, at=moment())


def forbidding(*parties):
    leaf = {"kind": "no_conflict", "with": list(parties), "within_days": 365}
    rule = {"id": "conflict", "mode": "hard", "test": leaf}
    return {**ASKED, "rules": [*ASKED["rules"], rule]}


def kept(crew, name, *parties):
    document = {**forbidding(*parties), "name": name}
    return name_set(document=document, actor=crew.max, at=moment())


def test_one_is_added_found_and_described(crew, max_):
    client = crew.client.public_id
    answer = max_.post(ADD, {"name": "Harbour Hospital", "tags": "Hospital, teaching"})
    held = Organisation.objects.get()
    assert answer["Location"] == f"{LIST}{held.public_id}/"
    assert (held.word, held.client, held.tags) == ("harbour-hospital", "", ["hospital", "teaching"])
    for q in ("harbour h", "teaching", "harbour-hosp"):
        assert "Harbour Hospital" in text_of(max_.get(LIST, {"q": q}))
    assert "No organisation matches" in text_of(max_.get(LIST, {"q": "laboratory"}))
    page = f"{LIST}{held.public_id}/"
    assert "In use: hospital, teaching." in text_of(max_.get(f"{page}edit/"))
    described = {"name": "Harbour General", "client": client, "tags": "hospital"}
    assert max_.post(f"{page}edit/", described).status_code == 303
    held.refresh_from_db()
    assert (held.name, held.client, held.tags) == ("Harbour General", client, ["hospital"])
    shown = text_of(max_.get(page))
    assert crew.client.name in shown and "org:harbour-hospital" in shown
    sheet = b"".join(max_.get(LIST, {"format": "csv"})).decode("utf-8-sig").splitlines()
    assert sheet[1].startswith(f"{held.public_id},harbour-hospital,Harbour General,{client},")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "北"}, "A lower-case word"),
        ({"name": "Harbour", "client": "C-999999"}, "valid choice"),
        ({"name": "Harbour", "tags": "ai lab!"}, "Kinds are lower-case words"),
        ({"name": "Harbour", "tags": ",".join(f"k{n}" for n in range(13))}, "At most 12 kinds."),
    ],
)
def test_what_does_not_hold_is_refused_and_changes_nothing(max_, typed, said):
    before = Event.objects.count()
    answer = max_.post(ADD, typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Organisation.objects.exists()
    assert Event.objects.count() == before


def test_describing_it_looks_at_everybody_tied_again(crew, max_):
    alice = crew.tutor("Alice")
    held = tie(crew, alice, "org:quillmark").organisation
    before = Tutor.objects.get(pk=alice.pk).facts_version
    typed = {"name": "Quillmark", "client": crew.client.public_id, "tags": ""}
    max_.post(f"{LIST}{held.public_id}/edit/", typed)
    assert Tutor.objects.get(pk=alice.pk).facts_version == before + 1
    event = Event.objects.get(kind="tutors.organisation_changed")
    assert event.body["tutors"] == [alice.public_id]


def test_its_page_says_who_is_tied_and_which_rules_name_it(crew, max_):
    alice, bob, carla = (crew.tutor(name) for name in ("Alice", "Bob", "Carla"))
    held = tie(crew, alice, "org:quillmark", tags=["ai-lab"]).organisation
    yesterday = moment().date() - timedelta(days=1)
    tie(crew, bob, "org:quillmark", until=yesterday)
    withdraw_tie(tie=tie(crew, carla, "org:quillmark"), actor=crew.ruth, at=moment())
    tie(crew, carla, "org:elsewhere")
    put_away(named=kept(crew, "Old one", "org:quillmark"), actor=crew.max, at=moment())
    kept(crew, "By word", "org:quillmark")
    kept(crew, "By kind", "tag:ai-lab", "client")
    kept(crew, "Others", "org:elsewhere", "tag:hospital")
    shown = text_of(max_.get(f"{LIST}{held.public_id}/"))
    assert "1 person now" in shown
    assert "Alice" in shown and "Bob" in shown and "Carla" not in shown
    assert "By word" in shown and "By kind" in shown
    assert "Others" not in shown and "Old one" not in shown
    row = text_of(max_.get(LIST, {"q": "quillmark"}))
    assert "ai-lab" in row


def test_profiles_are_linked_for_those_who_may_open_them(crew, max_):
    alice = crew.tutor("Alice")
    page = f"{LIST}{tie(crew, alice, 'org:quillmark').organisation.public_id}/"
    profile = f"/recruiting/tutors/{alice.public_id}/"
    assert profile not in max_.get(page).content.decode()
    assert "Change" in text_of(max_.get(page))
    ada = visitor(person("Ada", Role.ADMIN))
    assert profile in ada.get(page).content.decode()
    assert f"{page}edit/" not in ada.get(page).content.decode()


def test_the_list_takes_as_many_statements_for_many_as_for_one(crew, max_):
    alice = crew.tutor("Alice")
    tie(crew, alice, "org:quillmark")
    max_.get(LIST)
    with counting() as few:
        max_.get(LIST)
    for n in range(12):
        tie(crew, alice, f"org:house-{n}")
    with counting() as many:
        max_.get(LIST)
    assert len(many) == len(few), many.statements
