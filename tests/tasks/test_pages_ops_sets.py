"""A manager puts a requirement set together without JSON, watches whom it leaves, and saves it."""

import csv
import io

import pytest

from tasks.models import Project
from tests.people import person
from tests.tasks.crew import ASKED
from tests.tasks.forms import form_of, sent_by
from tests.tasks.statements import counting
from tests.tasks.test_pages_ops_projects import wish
from tests.tasks.visiting import text_of, visitor
from tests.tutors import sets
from tutors.models import NamedSet
from tutors.operations.naming import name_set
from tutors.rules.requirements import parse
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

ADD, LIST = "/ops/requirements/add/", "/ops/requirements/"


@pytest.fixture
def max_(crew):
    return visitor(crew.max)


def press(client, deed, fields=None, *, url=ADD, status=200, **typed):
    """Send the form as it stands, with these fields typed over; what the form then holds."""
    answer = client.post(url, {**(fields or {}), **typed, "act": deed})
    assert answer.status_code == status, text_of(answer)[:2_000]
    return sent(answer)


def sent(answer):
    """Every field that the page would post, ticked boxes as lists."""
    form = form_of(answer.content, "builder")
    fields = dict(sent_by(form))
    del fields["csrfmiddlewaretoken"]
    for box in form.xpath(".//input[@type='checkbox']"):
        fields[box.get("name")] = [
            each.get("value")
            for each in form.xpath(f".//input[@name='{box.get('name')}'][@checked]")
        ]
    for radio in form.xpath(".//input[@type='radio'][@checked]"):
        fields[radio.get("name")] = radio.get("value")
    return fields


def build(client, *kinds):
    fields = {}
    for kind in kinds:
        fields = press(client, f"add:{kind}", fields)
    return fields


def kept(name="Readers", document=ASKED, *, crew, **more):
    return name_set(document={**document, "name": name}, actor=crew.max, at=crew.at, **more)


def test_a_set_with_ways_is_built_and_saved(crew, max_):
    fields = build(max_, "qualification", "licence", "no_conflict")
    fields = press(
        max_, "or:1:degree", fields,
        name="Psychiatry, junior",
        **{"r0-b0-l0-speciality": "medicine.psychiatry", "r0-b0-l0-level_min": "2"},
    )  # fmt: skip
    fields = press(
        max_, "and:1.1:training_post", fields,
        **{
            "r1-b0-l0-profession": "Physician",
            "r1-b0-l0-jurisdictions": "united kingdom, us-*",
            "r1-b0-l0-restrictions": ["none"],
            "r1-b1-l0-degrees": "MD, DO",
            "r1-why": "Somebody must stand behind clinical text.",
        },
    )  # fmt: skip
    fields = press(
        max_, "up:2", fields,
        **{"r1-b1-l1-field": "psychiatry", "r1-b1-l1-grade_min": "3", "r2-mode": "soft",
           "r2-relax": "2", "r2-unit": "days", "r2-b0-l0-within_days": "365"},
    )  # fmt: skip
    answer = max_.post(ADD, {**fields, "act": "save"})
    made = NamedSet.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{LIST}{made.public_id}/")
    assert made.made_by == crew.max
    assert made.document == {
        "schema": 1,
        "name": "Psychiatry, junior",
        "rules": [
            {
                "id": "field",
                "mode": "hard",
                "test": {
                    "kind": "qualification",
                    "speciality": "medicine.psychiatry",
                    "level_min": 2,
                },
            },
            {
                "id": "conflict",
                "mode": "soft",
                "relax_after_minutes": 2 * 24 * 60,
                "test": {"kind": "no_conflict", "with": ["client"], "within_days": 365},
            },
            {
                "id": "licence",
                "mode": "hard",
                "why": "Somebody must stand behind clinical text.",
                "test": {
                    "any": [
                        {
                            "kind": "credential",
                            "type": "licence",
                            "profession": "physician",
                            "jurisdictions": ["GB", "US-*"],
                            "restrictions": "none",
                            "verified": "document",
                            "status": ["active"],
                        },
                        {
                            "all": [
                                {
                                    "kind": "credential",
                                    "type": "degree",
                                    "degrees": ["MD", "DO"],
                                    "verified": "document",
                                    "status": ["awarded"],
                                },
                                {
                                    "kind": "credential",
                                    "type": "training_post",
                                    "field": "psychiatry",
                                    "grade_min": 3,
                                    "verified": "document",
                                    "status": ["active"],
                                },
                            ]
                        },
                    ]
                },
            },
        ],
    }


@pytest.mark.parametrize(
    "document",
    [sets.PSYCHIATRY, sets.MATHS, sets.HEBREW, sets.VISUAL],
    ids=lambda d: str(d["name"]),
)
def test_every_set_of_the_design_comes_back_from_its_form_with_the_same_meaning(
    crew, max_, document
):
    held = kept(str(document["name"]), document, crew=crew)
    fields = sent(max_.get(f"{LIST}{held.public_id}/edit/"))
    answer = max_.post(f"{LIST}{held.public_id}/edit/", {**fields, "act": "save"})
    assert answer.status_code == 303, text_of(answer)[:2_000]
    made = NamedSet.objects.get(replaces=held)
    assert made.signature == parse(document).signature(client=None)
    assert [rule.get("why", "") for rule in made.document["rules"]] == [
        rule.get("why", "") for rule in document["rules"]
    ]


def test_rules_are_moved_copied_taken_out_and_at_most_ten(crew, max_):
    fields = build(max_, "language", "identity")
    fields = press(max_, "copy:0", fields, **{"r0-b0-l0-tag": "el"})
    assert [fields[f"r{n}-id"] for n in range(3)] == ["language", "language-2", "identity"]
    assert fields["r1-b0-l0-tag"] == "el"
    fields = press(max_, "down:1", fields)
    fields = press(max_, "or:0:language", fields)
    fields = press(max_, "drop:0.0.0", fields)
    assert [fields[f"r{n}-id"] for n in range(3)] == ["language", "identity", "language-2"]
    assert fields["r0-b0-l0-tag"] == ""
    fields = press(max_, "drop:0.0.0", fields)
    fields = press(max_, "remove:0", fields)
    assert [key for key in fields if key.endswith("-kind")] == ["r0-b0-l0-kind"]
    same = press(max_, "or:7:language", fields)
    assert same == press(max_, "nonsense", fields)
    for _ in range(12):
        fields = press(max_, "add:identity", fields)
    assert len([key for key in fields if key.endswith("-kind")]) == 10


def test_a_fault_stands_beside_its_field_in_words_and_saves_nothing(crew, max_):
    fields = build(max_, "language", "residence", "standing")
    fields = press(max_, "or:0:agreement", fields)
    before = Event.objects.count()
    answer = max_.post(
        ADD,
        {
            **fields,
            "act": "save",
            "r0-id": "Two words",
            "r0-b1-l0-version_min": "many",
            "r1-b0-l0-in": "Atlantis",
            "r2-mode": "soft",
            "r2-relax": "soon",
            "r2-b0-l0-lower_bound_min": "180",
        },
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    for field, said in (
        ("name", "This must be a text of 1 to 200 characters."),
        ("r0-id", "This must be a lower-case word"),
        ("r0-b0-l0-tag", "This is needed."),
        ("r0-b1-l0-version_min", "This must be a whole number from 1 to 1000."),
        ("r1-b0-l0-in", "such as GB, US-NY or US-*, not “Atlantis”"),
        ("r2-relax", "A soft rule needs 1 to 86400 whole minutes."),
        ("r2-b0-l0-speciality", "This is needed."),
        ("r2-b0-l0-lower_bound_min", "This must be a number from 0 to 1."),
    ):
        assert f'href="#{field}"' in page, field
        beside = page[page.index(f'id="{field}-error"') :]
        assert said in " ".join(beside[:900].split()), field
    assert sent(answer)["r1-b0-l0-in"] == "Atlantis"
    assert not NamedSet.objects.exists()
    assert Event.objects.count() == before


def test_a_set_that_is_there_already_is_named(crew, max_):
    held = kept(crew=crew)
    fields = sent(max_.get(f"{ADD}?from={held.public_id}"))
    assert fields["name"] == "Copy of Readers"
    answer = max_.post(ADD, {**fields, "act": "save"})
    assert answer.status_code == 409
    assert f"{held.public_id} “Readers” asks for exactly this. Use it." in text_of(answer)
    assert NamedSet.objects.count() == 1


def test_who_edits_a_set_that_was_replaced_meanwhile_is_told(crew, max_):
    held = kept(crew=crew)
    url = f"{LIST}{held.public_id}/edit/"
    fields = press(max_, "add:identity", sent(max_.get(url)), url=url)
    kept("Readers", sets.HEBREW, crew=crew, replaces=held)
    answer = max_.post(url, {**fields, "act": "save"})
    assert answer.status_code == 409
    assert "replaced or put away meanwhile" in text_of(answer)
    assert NamedSet.objects.count() == 2


def test_the_funnel_counts_named_people_while_rules_are_unfinished(crew, max_):
    crew.tutor("Alice", level=2)
    crew.tutor("Bob", level=1)
    crew.tutor("Cleo", level=3, speciality="stem.physics")
    fields = build(max_, "qualification", "language", "agreement")
    typed = {"r0-b0-l0-speciality": "stem.mathematics", "r0-b0-l0-level_min": "2"}
    said = text_of(max_.post(f"{LIST}funnel/", {**fields, **typed}))
    assert "None of 3 people meets all of this." in said
    assert "1 rule is not finished, so it is not counted." in said
    assert "Until one is chosen its papers count as unsigned." in said
    typed["client"] = crew.client.public_id
    with counting() as counted:
        said = text_of(max_.post(f"{LIST}funnel/", {**fields, **typed}))
    assert len([sql for sql in counted.statements if "tutors_" in sql or "tasks_" in sql]) == 4
    assert "1 of 3 people meet all of this." in said
    assert "Without “field” 2 more people pass." in said
    assert "1 are left after this rule; 3 pass it alone" in said
    assert said.index("Could do it") < said.index("Alice") < said.index("Nearly")
    assert said.index("Nearly") < said.index("Bob") < said.index("Cleo")
    assert not NamedSet.objects.exists()
    nothing = text_of(max_.post(f"{LIST}funnel/", {}))
    assert "Without a rule anybody under contract may do the work." in nothing


def test_without_a_script_counting_is_a_button(crew, max_):
    crew.tutor("Alice", level=2)
    fields = build(max_, "qualification")
    fields["r0-b0-l0-speciality"] = "stem.mathematics"
    answer = max_.post(ADD, {**fields, "act": "count"})
    assert "1 of 1 people meet all of this." in text_of(answer)
    part = max_.post(ADD, {**fields, "act": "add:identity"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content and "people meet" not in text_of(part)


def test_the_list_and_a_set_show_where_it_is_used(crew, max_):
    old = kept("Readers", crew=crew)
    posted = wish(crew, requirement_set=old.public_id, confirmed="1")
    assert max_.post("/ops/projects/add/", posted).status_code == 303
    project = Project.objects.get()
    assert (project.requirement_set, project.requirements) == (old, old.document)
    assert "Readers" in text_of(max_.get(f"/ops/projects/{project.public_id}/"))
    new = kept("Readers", sets.PSYCHIATRY, crew=crew, replaces=old)
    with counting() as one:
        page = text_of(max_.get(LIST))
    assert new.public_id in page and old.public_id not in page
    for n in range(3):
        kept(f"Set {n}", sets.document(sets.hard("n", {"kind": "identity", "within_days": n})),
             crew=crew)  # fmt: skip
    with counting() as many:
        page = text_of(max_.get(f"{LIST}?ended=1"))
    assert len(many) == len(one)
    assert old.public_id in page
    shown = text_of(max_.get(f"{LIST}{old.public_id}/"))
    assert project.public_id in shown and "A changed set took its place" in shown
    rows = list(csv.reader(io.StringIO(csv_of(max_.get(f"{LIST}?format=csv&q=read")))))
    assert [row[:3] for row in rows[1:]] == [[new.public_id, "Readers", "10"]]
    gone = wish(crew, requirement_set=old.public_id, confirmed="1", name="Late")
    assert max_.post("/ops/projects/add/", gone).status_code == 422
    assert Project.objects.count() == 1


def csv_of(answer):
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_who_could_and_who_nearly_are_lists_with_a_csv(crew, max_):
    alice = crew.tutor("Alice", level=2)
    bob = crew.tutor("Bob", level=2, speciality="stem.physics")
    crew.tutor("Eve", contract=False)
    held = kept(crew=crew)
    url = f"{LIST}{held.public_id}/people/"
    page = text_of(max_.get(url))
    assert alice.public_id in page and bob.public_id not in page and "Eve" not in page
    assert "/recruiting/tutors/" not in page
    near = text_of(max_.get(f"{url}?show=nearly"))
    assert bob.public_id in near and alice.public_id not in near
    assert "Qualified in stem.mathematics at level 1 or better." in near
    rows = list(csv.reader(io.StringIO(csv_of(max_.get(f"{url}?show=nearly&format=csv")))))
    assert rows[1][:5] == [bob.public_id, "Bob", "field", "yes", "GB"]
    assert len(rows) == 2
    ada = visitor(person("Ada", Role.ADMIN))
    assert f"/recruiting/tutors/{alice.public_id}/" in text_of(ada.get(url))
    assert "1 of 2 people meet all of this." in text_of(
        max_.get(f"{LIST}{held.public_id}/?part=funnel")
    )


def test_a_set_is_put_away_by_managers_alone(crew, max_):
    held = kept(crew=crew)
    url = f"{LIST}{held.public_id}/put-away/"
    assert visitor(person("Fay", Role.FINANCE)).post(url).status_code == 403
    assert max_.get(url).status_code == 303
    held.refresh_from_db()
    assert held.ended_at is None
    assert max_.post(url).status_code == 303
    held.refresh_from_db()
    assert (held.ended_by, held.ended_at is None) == (crew.max, False)
    assert max_.post(url).status_code == 409


def test_a_projects_rules_can_be_tried_in_the_builder(crew, max_):
    project = crew.project()
    fields = sent(max_.get(f"{ADD}?project={project.public_id}"))
    assert (fields["name"], fields["client"]) == ("Maths", crew.client.public_id)
    assert fields["r0-b0-l0-speciality"] == "stem.mathematics"


@pytest.mark.parametrize(("unit", "minutes"), [("minutes", 3), ("hours", 180), ("days", 4_320)])
def test_a_preferred_rule_falls_away_after_what_was_typed(crew, max_, unit, minutes):
    fields = build(max_, "language")
    soft = {"r0-mode": "soft", "r0-relax": "3", "r0-unit": unit, "r0-b0-l0-tag": "en"}
    max_.post(ADD, {**fields, **soft, "name": "Readers", "act": "save"})
    (rule,) = NamedSet.objects.get(name="Readers").document["rules"]
    assert (rule["mode"], rule["relax_after_minutes"]) == ("soft", minutes)
