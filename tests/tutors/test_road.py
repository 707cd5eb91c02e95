"""A recruiter and a tutor, from the first line to taking work, through the API alone."""

from datetime import timedelta
from typing import Any

import pytest

from tests.people import knock, person
from tests.tutors import sets
from tests.tutors.hiring import ALICE, HOUR, LICENCE, NOW, TODAY, House
from tutors.models import Credential, SignatureEvidence, Tutor
from tutors.queries.facts import facts_for, locked_facts
from tutors.queries.invariants import checks
from tutors.rules.eligibility import Situation, eligible, judge
from tutors.rules.requirements import parse
from workforce.doors import now
from workforce.models import Account, Event, Invitation
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.json()
    body: dict[str, Any] = answer.json()
    return body


def test_the_whole_road_to_the_first_task(house: House) -> None:
    alice = made(house.post("tutors/", ALICE))
    assert alice["id"].startswith("E-")
    assert alice["languages"] == ALICE["languages"]
    assert Invitation.objects.filter(account__email="alice@example.org").count() == 1
    path = f"tutors/{alice['id']}"

    licence = made(house.post(f"{path}/credentials/", LICENCE))
    assert licence["verified"] == "self"
    checked = made(
        house.post(
            f"credentials/{licence['id']}/verify/",
            {"verified": "primary_source", "source": "GMC register, looked up online"},
        )
    )
    assert checked["verified"] == "primary_source"
    qualification = made(
        house.post(
            f"{path}/qualifications/",
            {
                "speciality": "medicine.psychiatry",
                "level": 2,
                "expires_at": (NOW + timedelta(days=365)).isoformat(),
            },
        )
    )
    assert qualification["state"] == "granted"

    contract = made(
        house.post(
            f"{path}/contracts/",
            {
                "start": str(TODAY),
                "end": str(TODAY + timedelta(days=364)),
                "rate_minor_hourly": 20_000,
                "cap_seconds_week": 20 * HOUR,
            },
        )
    )
    assert (contract["state"], contract["zone"]) == ("offered", "Europe/London")
    version = contract["versions"][0]
    assert "$200.00 USD an hour (agreed)" in version["text"]

    account = Account.objects.get(email="alice@example.org")
    her = knock(account)
    signature = {"typed_name": "alice  adams", "sha256": version["sha256"]}
    signed = made(her.post(f"/api/v1/contracts/{contract['id']}/sign/", signature, format="json"))
    assert signed["state"] == "signed"
    active = made(house.post(f"contracts/{contract['id']}/countersign/", {"typed_name": "Ruth"}))
    assert active["state"] == "active"

    for kind, party in (("nda", "client:C-12"), ("ip", "lectern")):
        paper = made(house.post(f"{path}/agreements/", {"kind": kind, "party": party}))
        done = made(
            her.post(
                f"/api/v1/agreements/{paper['id']}/sign/",
                {"typed_name": "Alice Adams"},
                format="json",
            )
        )
        assert done["state"] == "signed"
    assert her.get("/api/v1/me/").json()["tutor_id"] == alice["id"]
    presence = made(her.patch("/api/v1/work/presence/", {"state": "taking_work"}, format="json"))
    assert presence["state"] == "taking_work"

    soon = now() + timedelta(minutes=1)
    facts = locked_facts(account_id=account.pk, at=soon)
    requirement = parse(
        sets.document(
            sets.hard("field", sets.QUALIFIED),
            sets.hard("licence", sets.LICENCE),
            sets.hard("papers", sets.NDA),
            sets.hard("place", {"kind": "residence", "in": ["GB"]}),
            sets.hard("english", sets.ENGLISH),
        )
    )
    verdicts = judge(
        facts=facts,
        requirement=requirement,
        client="C-12",
        situation=Situation(),
        at=soon,
    )
    assert eligible(verdicts), [v.as_json() for v in verdicts if not v.passed]
    assert [c.name for c in checks(at=soon) if list(c.problems)] == []


def test_evidence_is_a_chain_of_rows_with_what_was_signed(house: House) -> None:
    test_the_whole_road_to_the_first_task(house)
    rows = list(SignatureEvidence.objects.order_by("id"))
    assert [(r.subject[:2], r.part) for r in rows] == [
        ("K-", "tutor"),
        ("K-", "countersigner"),
        ("AG", "tutor"),
        ("AG", "tutor"),
    ]
    assert rows[0].previous == "0" * 64
    assert [r.previous for r in rows[1:]] == [r.digest for r in rows[:-1]]
    assert rows[0].typed_name == "alice  adams"
    assert rows[0].method == "bearer"
    shown = house.api.get(f"/api/v1/contracts/{rows[0].subject}/evidence/").json()["results"]
    assert {row["part"] for row in shown} == {"tutor", "countersigner"}


def test_the_licence_number_is_closed(house: House) -> None:
    alice = made(house.post("tutors/", ALICE))
    made(house.post(f"tutors/{alice['id']}/credentials/", LICENCE))
    credential = Credential.objects.get()
    assert "7290114" not in credential.number_closed
    assert "7290114" not in str(house.api.get(f"/api/v1/tutors/{alice['id']}/").json())


def test_every_step_is_an_event_without_personal_data(house: House) -> None:
    test_the_whole_road_to_the_first_task(house)
    kinds = list(
        Event.objects.filter(kind__startswith="tutors.")
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert kinds == [
        "tutors.tutor_added",
        "tutors.credential_added",
        "tutors.credential_verified",
        "tutors.qualification_granted",
        "tutors.contract_offered",
        "tutors.contract_signed",
        "tutors.contract_countersigned",
        "tutors.agreement_offered",
        "tutors.agreement_signed",
        "tutors.agreement_offered",
        "tutors.agreement_signed",
        "tutors.presence_changed",
    ]
    told = str(list(Event.objects.values_list("body", flat=True)))
    assert "alice" not in told.lower()


def test_each_change_of_a_fact_raises_the_version(house: House) -> None:
    test_the_whole_road_to_the_first_task(house)
    tutor = Tutor.objects.get()
    assert tutor.facts_version >= 10
    before = facts_for(tutor_ids=[tutor.pk], at=NOW)[tutor.pk].facts_version
    qualification = tutor.qualifications.get()
    made(house.post(f"qualifications/{qualification.public_id}/revoke/", {"reason": "Lapsed."}))
    assert facts_for(tutor_ids=[tutor.pk], at=NOW)[tutor.pk].facts_version == before + 1


def test_charlie_sees_nothing_and_bob_not_alice(house: House) -> None:
    alice = made(house.post("tutors/", ALICE))
    bob = made(house.post("tutors/", {**ALICE, "email": "bob@example.org", "name": "Bob Brown"}))
    charlie, dave = person("Charlie", Role.CLIENT), person("Dave", Role.TUTOR)
    his = knock(Account.objects.get(email="bob@example.org"))
    assert his.get(f"/api/v1/tutors/{bob['id']}/").status_code == 200
    assert [t["id"] for t in his.get("/api/v1/tutors/").json()["results"]] == [bob["id"]]
    foreign = his.get(f"/api/v1/tutors/{alice['id']}/")
    missing = his.get("/api/v1/tutors/E-999999/")
    assert (foreign.status_code, foreign.json()) == (404, missing.json())
    assert knock(charlie).get("/api/v1/tutors/").status_code == 403
    assert knock(dave).get("/api/v1/tutors/").json()["results"] == []
    assert knock(dave).get("/api/v1/work/presence/").status_code == 404


def test_lists_take_the_same_statements_for_any_length(
    house: House, django_assert_num_queries: Any
) -> None:
    made(house.post("tutors/", ALICE))
    with django_assert_num_queries(4):
        house.api.get("/api/v1/tutors/")
    for n in range(5):
        made(house.post("tutors/", {**ALICE, "email": f"b{n}@example.org"}))
    with django_assert_num_queries(4):
        assert len(house.api.get("/api/v1/tutors/").json()["results"]) == 6


def test_search(house: House) -> None:
    alice = made(house.post("tutors/", ALICE))
    house.post(
        f"tutors/{alice['id']}/qualifications/", {"speciality": "medicine.psychiatry", "level": 2}
    )

    def ids(query: str) -> list[str]:
        return [t["id"] for t in made(house.api.get(f"/api/v1/tutors/?{query}"))["results"]]

    for query in ("domain=medicine", "level=2", "country=GB", "language=de", "q=adams"):
        assert ids(query) == [alice["id"]], query
    for query in ("domain=stem", "level=3", "country=DE", "language=fr", "q=%25"):
        assert ids(query) == [], query
    assert house.api.get("/api/v1/tutors/?account__password=x").status_code == 400


def test_a_profile_is_changed_in_part(house: House) -> None:
    alice = made(house.post("tutors/", ALICE))
    path = f"/api/v1/tutors/{alice['id']}/"
    changed = made(
        house.api.patch(
            path,
            {"country": "US", "region": "NY", "languages": [{"tag": "en", "level": "C2"}]},
            format="json",
        )
    )
    assert (changed["country"], changed["region"]) == ("US", "NY")
    assert changed["languages"] == [{"tag": "en", "level": "C2"}]
    assert changed["name"] == "Alice Adams"
    refused = house.api.patch(path, {"country": "XX"}, format="json")
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["country"]
    assert house.api.get(path).json() == changed
    assert house.api.patch(path, {}, format="json").status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not-an-address"),
        ("name", ""),
        ("name", "x" * 201),
        ("country", "XX"),
        ("time_zone", "Mars/Olympus"),
        ("domains", ["medicine.astrology"]),
        ("domains", []),
        ("languages", [{"tag": "xx", "level": "C1"}]),
        ("languages", [{"tag": "en", "level": "C1"}, {"tag": "en", "level": "C2"}]),
        ("capacity", 0),
        ("residence_since", "2999-01-01"),
    ],
)
def test_a_bad_profile_is_refused_and_changes_nothing(
    house: House, field: str, value: object
) -> None:
    before = (Account.objects.count(), Event.objects.count())
    answer = house.post("tutors/", {**ALICE, field: value})
    assert answer.status_code == 400, answer.json()
    assert any(name.startswith(field) for name in answer.json()["errors"])
    assert (Account.objects.count(), Event.objects.count()) == before
    assert Tutor.objects.count() == 0


def test_the_same_person_twice_is_409(house: House) -> None:
    made(house.post("tutors/", ALICE))
    answer = house.post("tutors/", {**ALICE, "email": "ALICE@example.org"})
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert Tutor.objects.count() == 1


def test_a_repeated_key_adds_one_person(house: House) -> None:
    first = house.post("tutors/", ALICE, HTTP_IDEMPOTENCY_KEY="alice-1")
    again = house.post("tutors/", ALICE, HTTP_IDEMPOTENCY_KEY="alice-1")
    assert first.json() == again.json()
    assert Tutor.objects.count() == 1


@pytest.mark.parametrize("markup", ["<script>alert(1)</script>", "</script><b>", "{{7*7}}"])
def test_markup_in_any_text_is_text(house: House, markup: str) -> None:
    alice = made(house.post("tutors/", {**ALICE, "name": markup, "headline": markup}))
    assert (alice["name"], alice["headline"]) == (markup, markup)
    path = f"tutors/{alice['id']}"
    named = {**LICENCE, "issuer": markup, "name": markup, "field": markup, "rank": markup}
    assert made(house.post(f"{path}/credentials/", named))["issuer"] == markup
    contract = made(house.post(f"{path}/contracts/", {"start": str(TODAY)}))
    assert f"Tutor: {markup}" in contract["versions"][0]["text"]
    ended = made(house.post(f"contracts/{contract['id']}/end/", {"reason": markup}))
    assert ended["end_reason"] == markup
