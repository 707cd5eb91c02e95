"""Credentials and qualifications: who may check, what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from tests.people import knock
from tests.tutors.hiring import ALICE, LICENCE, NOW, TODAY, House, hire
from tutors.models import Credential, CredentialCheck, Qualification, Tutor
from tutors.operations.vetting import NotByOneself, Proof, add_credential, verify_credential
from tutors.rules.states import CredentialStatus, CredentialType, Verified
from workforce.models import Event
from workforce.operations.admitting import grant_role
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(house: House) -> Tutor:
    return hire(house)


def degree(house: House, alice: Tutor) -> Credential:
    proof = Proof(type=CredentialType.DEGREE, status=CredentialStatus.AWARDED, name="MD")
    return add_credential(tutor=alice, proof=proof, actor=house.ruth, at=NOW)


def test_two_people_need_two_checks(house: House, alice: Tutor) -> None:
    md = degree(house, alice)
    path = f"/api/v1/credentials/{md.public_id}/verify/"
    body = {"verified": "two_people", "source": "Diploma, seen on video"}
    first = knock(house.ruth).post(path, body, format="json")
    assert (first.status_code, first.json()["code"]) == (409, "needs_another_check")
    assert CredentialCheck.objects.count() == 0
    assert (
        knock(house.ruth).post(path, {**body, "verified": "document"}, format="json").status_code
        == 200
    )
    alone = knock(house.ruth).post(path, body, format="json")
    assert alone.status_code == 409
    second = knock(house.rita).post(path, body, format="json")
    assert second.json()["verified"] == "two_people"


def test_a_weaker_check_never_lowers_a_stronger_one(house: House, alice: Tutor) -> None:
    md = degree(house, alice)
    for level in (Verified.PRIMARY_SOURCE, Verified.DOCUMENT):
        md = verify_credential(
            credential=md, level=level, source="The register", actor=house.ruth, at=NOW
        )
    assert md.verified == "primary_source"
    assert md.checks.count() == 2


def test_nobody_checks_or_qualifies_herself(house: House, alice: Tutor) -> None:
    md = degree(house, alice)
    grant_role(account=alice.account, role=Role.RECRUITER, actor=None, at=NOW)
    with pytest.raises(NotByOneself):
        verify_credential(
            credential=md, level=Verified.DOCUMENT, source="Me", actor=alice.account, at=NOW
        )
    answer = knock(alice.account).post(
        f"/api/v1/tutors/{alice.public_id}/qualifications/",
        {"speciality": "stem", "level": 4},
        format="json",
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not_by_oneself")
    md.refresh_from_db()
    assert md.verified == "self"
    assert Qualification.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"expires_on": None}, "expires_on"),
        ({"jurisdiction": ""}, "jurisdiction"),
        ({"jurisdiction": "Mars"}, "jurisdiction"),
        ({"issued_on": str(TODAY + timedelta(days=500))}, "expires_on"),
        ({"type": "degree", "name": ""}, "name"),
        ({"type": "rumour"}, "type"),
        ({"verified": "primary_source"}, "verified"),
        ({"status": "fine"}, "status"),
    ],
)
def test_a_bad_credential_changes_nothing(
    house: House, alice: Tutor, change: dict[str, Any], field: str
) -> None:
    before = Event.objects.count()
    answer = house.post(f"tutors/{alice.public_id}/credentials/", {**LICENCE, **change})
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert (Credential.objects.count(), Event.objects.count()) == (0, before)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"speciality": "medicine.astrology", "level": 1}, "speciality"),
        ({"speciality": "medicine", "level": 5}, "level"),
        (
            {
                "speciality": "medicine",
                "level": 1,
                "expires_at": (NOW - timedelta(days=1)).isoformat(),
            },
            "expires_at",
        ),
    ],
)
def test_a_bad_grant_changes_nothing(
    house: House, alice: Tutor, body: dict[str, Any], field: str
) -> None:
    answer = house.post(f"tutors/{alice.public_id}/qualifications/", body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert Qualification.objects.count() == 1


def test_a_new_grant_takes_the_place_of_the_old(house: House, alice: Tutor) -> None:
    house.post(
        f"tutors/{alice.public_id}/qualifications/",
        {"speciality": "medicine.psychiatry", "level": 3},
    )
    states = list(Qualification.objects.order_by("id").values_list("level", "state"))
    assert states == [(2, "replaced"), (3, "granted")]


def test_revoking_needs_a_reason_and_happens_once(house: House, alice: Tutor) -> None:
    path = f"qualifications/{alice.qualifications.get().public_id}/revoke/"
    assert house.post(path, {"reason": "  "}).status_code == 400
    assert alice.qualifications.get().state == "granted"
    assert house.post(path, {"reason": "The licence was suspended."}).json()["state"] == "revoked"
    again = house.post(path, {"reason": "Again."})
    assert (again.status_code, again.json()["code"]) == (409, "qualification_not_in_force")


def test_checks_cannot_be_rewritten(house: House, alice: Tutor) -> None:
    from django.db import IntegrityError, transaction

    md = degree(house, alice)
    verify_credential(
        credential=md, level=Verified.DOCUMENT, source="Diploma", actor=house.ruth, at=NOW
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        CredentialCheck.objects.update(source="Something else")
    with pytest.raises(IntegrityError), transaction.atomic():
        CredentialCheck.objects.all().delete()


def test_alice_reads_her_own_profile(house: House, alice: Tutor) -> None:
    mine = knock(alice.account).get(f"/api/v1/tutors/{alice.public_id}/").json()
    assert mine["name"] == ALICE["name"]
    assert mine["qualifications"][0]["speciality"] == "medicine.psychiatry"
