"""Agreements, presence, availability, and who could do what."""

from datetime import timedelta
from typing import Any

import pytest

from tasks.queries.funnels import funnel
from tests.people import knock, person
from tests.tutors import sets
from tests.tutors.hiring import NOW, House, hire, put_under_contract
from tutors.models import Agreement, RequirementSet, SignatureEvidence, Tutor
from tutors.operations.requiring import keep_requirements
from tutors.queries.facts import facts_for
from tutors.queries.requirements import sets_by_signature
from tutors.rules.requirements import parse
from workforce.doors import now
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(house: House) -> Tutor:
    return hire(house)


def test_a_paper_is_signed_once_by_the_tutor_alone(house: House, alice: Tutor) -> None:
    body = {"kind": "nda", "party": "client:C-12", "version": 1}
    paper = house.post(f"tutors/{alice.public_id}/agreements/", body).json()
    assert "Party: client:C-12." in paper["text"]
    again = house.post(f"tutors/{alice.public_id}/agreements/", body)
    assert (again.status_code, again.json()["code"]) == (409, "agreement_exists")
    bob = hire(house, name="Bob Brown")
    path, named = f"/api/v1/agreements/{paper['id']}/sign/", {"typed_name": "Alice Adams"}
    assert house.api.post(path, named, format="json").status_code == 403
    assert knock(bob.account).post(path, named, format="json").status_code == 404
    assert SignatureEvidence.objects.count() == 0
    her = knock(alice.account)
    assert her.post(path, named, format="json").json()["state"] == "signed"
    twice = her.post(path, named, format="json")
    assert (twice.status_code, twice.json()["code"]) == (409, "agreement_not_on_offer")
    assert SignatureEvidence.objects.count() == 1
    assert [p["id"] for p in her.get("/api/v1/agreements/").json()["results"]] == [paper["id"]]
    assert knock(bob.account).get("/api/v1/agreements/").json()["results"] == []
    facts = facts_for(tutor_ids=[alice.pk], at=NOW + timedelta(hours=1))[alice.pk]
    assert [(a.party, a.version) for a in facts.agreements] == [("client:C-12", 1)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "nda", "party": "lectern"}, "party"),
        ({"kind": "nda", "party": "client:12"}, "party"),
        ({"kind": "nda", "party": "client:C-1", "version": 99}, "version"),
        ({"kind": "oath", "party": "lectern"}, "kind"),
    ],
)
def test_a_bad_paper_changes_nothing(
    house: House, alice: Tutor, body: dict[str, Any], field: str
) -> None:
    before = Event.objects.count()
    answer = house.post(f"tutors/{alice.public_id}/agreements/", body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert (Agreement.objects.count(), Event.objects.count()) == (0, before)


def test_presence_lasts_twelve_hours_by_itself(house: House, alice: Tutor) -> None:
    her = knock(alice.account)
    path = "/api/v1/work/presence/"
    assert her.get(path).json() == {"state": "paused", "until": None, "reason": ""}
    her.patch(path, {"state": "taking_work"}, format="json")
    alice.refresh_from_db()
    assert alice.presence_until is not None
    left = alice.presence_until - now()
    assert timedelta(hours=11, minutes=50) <= left <= timedelta(hours=12)
    paused = her.patch(path, {"state": "paused", "reason": "Lunch"}, format="json").json()
    assert paused == {"state": "paused", "until": None, "reason": "Lunch"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"state": "asleep"}, "state"),
        ({}, "state"),
        ({"state": "taking_work", "until": "2020-01-01T00:00:00Z"}, "until"),
        ({"state": "taking_work", "until": "2999-01-01T00:00:00Z"}, "until"),
        ({"state": "taking_work", "until": "noon"}, "until"),
    ],
)
def test_a_bad_presence_changes_nothing(
    house: House, alice: Tutor, body: dict[str, Any], field: str
) -> None:
    answer = knock(alice.account).patch("/api/v1/work/presence/", body, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    alice.refresh_from_db()
    assert (alice.presence, alice.presence_until) == ("paused", None)


def test_the_week_is_kept_as_it_was_planned(house: House, alice: Tutor) -> None:
    her, path = knock(alice.account), "/api/v1/work/availability/"
    assert her.get(path).json()["week"]["monday"] == []
    plan = {
        "week": {"monday": [["13:00", "24:00"], ["09:00", "12:00"]]},
        "time_off": [{"from": "2026-12-24", "until": "2027-01-02"}],
    }
    saved = her.put(path, plan, format="json").json()
    assert saved["week"]["monday"] == [["09:00", "12:00"], ["13:00", "24:00"]]
    assert saved["time_off"] == plan["time_off"]
    assert saved["time_zone"] == "Europe/London"
    assert her.get(path).json() == saved


@pytest.mark.parametrize(
    "plan",
    [
        {"week": {"monday": [["12:00", "09:00"]]}},
        {"week": {"monday": [["09:00", "12:00"], ["11:00", "13:00"]]}},
        {"week": {"monday": [["09:00", "29:00"]]}},
        {"week": {"monday": [["09:00"]]}},
        {"week": {"moonday": []}},
        {"week": {}, "time_off": [{"from": "2026-12-24", "until": "2026-12-23"}]},
        {"week": {}, "time_off": [{"from": "2026-12-24"}]},
        {},
    ],
)
def test_a_bad_week_changes_nothing(house: House, alice: Tutor, plan: dict[str, Any]) -> None:
    answer = knock(alice.account).put("/api/v1/work/availability/", plan, format="json")
    assert answer.status_code == 400, answer.json()
    alice.refresh_from_db()
    assert alice.availability == {}


def test_a_requirement_nobody_meets_is_said_with_the_rule_that_excludes_most(
    house: House, alice: Tutor
) -> None:
    for name in ("Bob Brown", "Carol Chen", "Dave Diaz"):
        hire(house, name=name, speciality="stem.mathematics")
    requirement = sets.document(
        sets.hard("field", sets.QUALIFIED),
        sets.hard("english", sets.ENGLISH),
        sets.hard("licence", sets.LICENCE),
    )
    answer = house.post(
        "requirement-sets/funnel/", {"requirements": requirement, "pool": "everybody"}
    )
    told = answer.json()
    assert (told["people"], told["qualified"], told["tutors"]) == (4, 0, [])
    assert told["tightest"] == "licence"
    assert [(r["rule"], r["excluded"]) for r in told["rules"]] == [
        ("field", 3),
        ("english", 0),
        ("licence", 4),
    ]
    assert "“licence” excludes most: 4 of 4" in told["sentence"]


def test_who_could_and_who_could_now(house: House, alice: Tutor) -> None:
    requirement = parse(sets.document(sets.hard("field", sets.QUALIFIED)))
    found = funnel(requirement=requirement, client=None, at=NOW, contracted=False)
    assert (found.qualified, found.ready) == (1, 0)
    put_under_contract(house, alice)
    knock(alice.account).patch("/api/v1/work/presence/", {"state": "taking_work"}, format="json")
    found = funnel(requirement=requirement, client=None, at=NOW + timedelta(minutes=5))
    assert (found.qualified, found.ready) == (1, 1)
    answer = house.post(
        "requirement-sets/funnel/",
        {"requirements": dict(requirement.document), "pool": "everybody"},
    )
    assert answer.json()["tutors"] == [alice.public_id]


def test_a_set_with_every_kind_of_leaf_can_be_tried(house: House, alice: Tutor) -> None:
    answer = house.post(
        "requirement-sets/funnel/", {"requirements": sets.PSYCHIATRY, "pool": "everybody"}
    )
    assert answer.status_code == 200
    told = {rule["rule"]: rule["excluded"] for rule in answer.json()["rules"]}
    assert (told["field"], told["record"], len(answer.json()["signatures"])) == (0, 1, 3)


def test_requirement_sets_are_kept_once_by_signature(house: House) -> None:
    maths = parse(sets.MATHS)
    first = keep_requirements(requirement=maths, client="C-1", at=NOW)
    again = keep_requirements(requirement=maths, client="C-1", at=NOW)
    other = keep_requirements(requirement=maths, client="C-2", at=NOW)
    assert first == again
    assert len(first) == 2
    assert not set(first) & set(other)
    assert RequirementSet.objects.count() == 4
    kept = sets_by_signature(signatures=first)
    for signature, (requirement, client) in kept.items():
        assert requirement.signature(client=client) == signature


def test_facts_take_one_statement_for_everybody(
    house: House, django_assert_num_queries: Any
) -> None:
    for name in ("Alice Adams", "Bob Brown", "Carol Chen"):
        put_under_contract(house, hire(house, name=name))
    with django_assert_num_queries(1):
        assert len(facts_for(tutor_ids=None, at=NOW)) == 3
    with django_assert_num_queries(1):
        assert len(facts_for(tutor_ids=None, domain="medicine", at=NOW)) == 3
    with django_assert_num_queries(1):
        assert facts_for(tutor_ids=None, domain="stem", at=NOW) == {}


def test_staff_without_the_role_cannot_try_requirements(house: House) -> None:
    fay = person("Fay", Role.FINANCE)
    body = {"requirements": sets.MATHS}
    assert (
        knock(fay).post("/api/v1/requirement-sets/funnel/", body, format="json").status_code == 403
    )
