"""Requirement sets kept by name, over HTTP: made, replaced, put away, used by projects."""

import pytest
from django.db import IntegrityError, transaction

from tasks.models import Project
from tasks.operations.welcoming import join
from tests.people import knock, person
from tests.tasks.commissions import MATHS, OPEN_TO_ALL, wish
from tests.tasks.crew import ASKED
from tutors.models import NamedSet
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

SETS = "/api/v1/requirement-sets/"


def save(crew, document, *, status=201, **more):
    body = {"requirements": document, **more}
    answer = knock(crew.max).post(SETS, body, format="json")
    assert answer.status_code == status, answer.json()
    return answer.json()


def named(name, document=ASKED):
    return {**document, "name": name}


def test_a_set_is_kept_listed_and_shown(crew):
    made = save(crew, named("  Proof   readers "))
    assert made["name"] == made["requirements"]["name"] == "Proof readers"
    assert made["says"] == ["Qualified in stem.mathematics at level 1 or better."]
    assert (made["replaces"], made["replaced_by"], made["ended_at"]) == (None, None, None)
    assert made["projects"] == []
    for reader in (crew.ruth, crew.max):
        listed = knock(reader).get(SETS).json()["results"]
        assert [each["id"] for each in listed] == [made["id"]]
    assert knock(crew.max).get(f"{SETS}{made['id']}/").json() == made
    event = Event.objects.get(kind="tutors.requirements_named")
    assert (event.subject, event.body["signature"]) == (made["id"], made["signature"])


def test_a_changed_set_takes_the_place_of_the_old_one(crew):
    old = save(crew, named("Readers"))
    new = save(crew, named("Readers", MATHS), replaces=old["id"])
    assert (new["replaces"], new["replaced_by"]) == (old["id"], None)
    seen = knock(crew.max).get(f"{SETS}{old['id']}/").json()
    assert seen["replaced_by"] == new["id"]
    assert seen["ended_at"] is not None
    listed = knock(crew.max).get(SETS).json()["results"]
    assert [each["id"] for each in listed] == [new["id"]]
    every = knock(crew.max).get(f"{SETS}?ended=true").json()["results"]
    assert [each["id"] for each in every] == [new["id"], old["id"]]
    late = save(crew, named("Others", OPEN_TO_ALL | {"rules": MATHS["rules"][:1]}),
                replaces=old["id"], status=409)  # fmt: skip
    assert late["code"] == "requirement_set_over"
    assert NamedSet.objects.count() == 2


@pytest.mark.parametrize(
    ("document", "more", "status", "code", "where"),
    [
        (named("readers", MATHS), {}, 400, "requirement_set_not_valid", "name"),
        (named("Same rules"), {}, 409, "requirement_set_exists", None),
        (named("Nothing asked", OPEN_TO_ALL), {}, 400, "requirement_set_not_valid", "rules"),
        (named(""), {}, 400, "invalid_requirements", "name"),
        ("no set", {}, 400, "invalid_requirements", "schema"),
        (named("Other", MATHS), {"replaces": "RQ-999999"}, 400, "invalid", "replaces"),
    ],
)
def test_a_refused_set_changes_nothing(crew, document, more, status, code, where):
    save(crew, named("Readers"))
    events = Event.objects.filter(kind__startswith="tutors.")
    before = events.count()
    told = save(crew, document, status=status, **more)
    assert told["code"] == code
    assert where is None or where in told["errors"]
    assert (NamedSet.objects.count(), events.count()) == (1, before)


def test_a_set_that_is_put_away_is_offered_no_longer(crew):
    made = save(crew, named("Readers"))
    door = f"{SETS}{made['id']}/put-away/"
    assert knock(crew.ruth).post(door).status_code == 403
    away = knock(crew.max).post(door).json()
    assert away["ended_at"] is not None
    again = knock(crew.max).post(door)
    assert (again.status_code, again.json()["code"]) == (409, "requirement_set_over")
    assert Event.objects.filter(kind="tutors.requirements_put_away").count() == 1
    assert knock(crew.max).get(SETS).json()["results"] == []
    # The name and the rules are free again.
    assert save(crew, named("Readers"))["id"] != made["id"]


def test_the_database_keeps_a_set_as_it_was(crew):
    held = NamedSet.objects.get(pk=int(save(crew, named("Readers"))["id"][3:]))
    with pytest.raises(IntegrityError), transaction.atomic():
        NamedSet.objects.filter(pk=held.pk).update(name="Others")
    with pytest.raises(IntegrityError), transaction.atomic():
        held.delete()


def test_a_project_begins_with_a_named_set_and_keeps_it(crew):
    made = save(crew, named("Readers"))
    body = wish(client=crew.client.public_id, requirement_set=made["id"])
    del body["requirements"]
    project = knock(crew.max).post("/api/v1/projects/", body, format="json").json()
    assert (project["requirement_set"], project["requirements"]) == (
        made["id"],
        made["requirements"],
    )
    save(crew, named("Readers", MATHS), replaces=made["id"])
    kept = Project.objects.get()
    assert kept.requirements == made["requirements"]
    shown = knock(crew.max).get(f"{SETS}{made['id']}/").json()
    assert shown["projects"] == [project["id"]]
    late = knock(crew.max).post("/api/v1/projects/", body, format="json")
    assert (late.status_code, list(late.json()["errors"])) == (400, ["requirement_set"])
    both = {**body, "requirements": OPEN_TO_ALL}
    said = knock(crew.max).post("/api/v1/projects/", both, format="json")
    assert (said.status_code, list(said.json()["errors"])) == (400, ["requirements"])
    assert Project.objects.count() == 1


def test_a_client_cannot_name_a_set_of_the_house(crew):
    made = save(crew, named("Readers"))
    carl = person("Carl", Role.CLIENT)
    join(client=crew.client, account=carl, actor=crew.max, at=crew.at)
    assert knock(carl).get(SETS).status_code == 403
    body = wish(requirement_set=made["id"])
    del body["requirements"]
    said = knock(carl).post("/api/v1/projects/", body, format="json")
    assert (said.status_code, list(said.json()["errors"])) == (400, ["requirement_set"])
    assert not Project.objects.exists()
