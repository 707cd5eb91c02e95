"""Right to work, identity, years, ties and consent through pages and API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from config.counting import credentials_to_check
from tests.people import knock, person
from tests.tasks.statements import counting
from tests.tutors.hiring import NOW, TODAY, House, hire
from tutors.models import (
    ContentOptIn,
    Experience,
    IdentityCheck,
    Organisation,
    Tie,
    Tutor,
    TutorLink,
    WorkAuthorisation,
)
from tutors.operations.tying import Bond, declare_tie
from workforce.models import Account, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


def come_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def alice(house: House) -> Tutor:
    return hire(house)


@pytest.fixture
def ruth(house: House) -> Client:
    return come_in(house.ruth)


@pytest.fixture
def hers(alice: Tutor) -> Client:
    return come_in(alice.account)


def page(ruth: Client, alice: Tutor) -> str:
    return text(ruth.get(f"/recruiting/tutors/{alice.public_id}/"))


CHECKED = {"outcome": "confirmed", "level": "document", "source": "Passport on a call"}


def test_a_recruiter_notes_checks_and_ends_a_right_to_work(ruth, house, alice):
    base = f"/recruiting/tutors/{alice.public_id}/"
    until = str(TODAY + timedelta(days=30))
    body = {"place": "gb", "basis": "Skilled worker visa", "valid_until": until}
    assert ruth.post(f"{base}right-to-work/add/", body).status_code == 303
    right = WorkAuthorisation.objects.get()
    assert (right.place, str(right.valid_until), right.verified) == ("GB", until, "self")
    seen = page(ruth, alice)
    assert "Skilled worker visa" in seen and "Expires soon" in seen
    check = f"/recruiting/authorisations/{right.public_id}/check/"
    longer = str(TODAY + timedelta(days=900))
    assert ruth.post(check, {**CHECKED, "expires_on": longer}).status_code == 303
    right.refresh_from_db()
    assert (right.verified, str(right.valid_until)) == ("document", longer)
    assert "Document seen" in page(ruth, alice)
    again = ruth.post(check, {**CHECKED, "level": "two_people"})
    assert (again.status_code, "another person goes first" in text(again)) == (422, True)
    assert ruth.post(f"/recruiting/authorisations/{right.public_id}/end/").status_code == 303
    right.refresh_from_db()
    assert right.ended_by == house.ruth
    assert "Skilled worker visa" not in page(ruth, alice)


def test_a_right_that_is_not_confirmed_ends(ruth, alice):
    base = f"/recruiting/tutors/{alice.public_id}/"
    ruth.post(f"{base}right-to-work/add/", {"place": "GB", "basis": "Citizen"})
    right = WorkAuthorisation.objects.get()
    body = {**CHECKED, "outcome": "refused", "source": "No such visa"}
    ruth.post(f"/recruiting/authorisations/{right.public_id}/check/", body)
    right.refresh_from_db()
    assert right.ended_at is not None


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("right-to-work/add/", {"place": "XX", "basis": "x"}, "A place such as GB"),
        ("right-to-work/add/", {"place": "GB"}, "This field is required"),
        ("experience/add/", {"field": "Big!", "role": "x", "years": 1}, "A field such as"),
        ("experience/add/", {"field": "law", "role": "x"}, "Either a number of years"),
        ("identity/check/", {"method": "video_call"}, "This field is required"),
        ("ties/add/", {"relation": "x"}, "Name the organisation"),
        ("ties/add/", {"name": "A", "tag": "b", "relation": "x"}, "Either the organisation"),
        ("ties/add/", {"name": "A", "relation": "x", "tags": "B C"}, "lower-case words"),
        ("ties/add/", {"tag": "b c", "relation": "x"}, "Latin letters"),
    ],
)
def test_a_faulty_form_comes_back_and_changes_nothing(ruth, alice, path, body, told):
    before = Event.objects.count(), Tutor.objects.get().facts_version
    answer = ruth.post(f"/recruiting/tutors/{alice.public_id}/{path}", body)
    assert answer.status_code == 422
    assert told in text(answer)
    assert (Event.objects.count(), Tutor.objects.get().facts_version) == before
    rows = (WorkAuthorisation, Experience, IdentityCheck, Tie, Organisation)
    assert [model.objects.count() for model in rows] == [0] * 5


def test_identity_is_checked_and_the_check_undone(ruth, alice):
    base = f"/recruiting/tutors/{alice.public_id}/identity/check/"
    made = ruth.post(base, {"method": "video_call", "source": "Passport"}, follow=True)
    check = IdentityCheck.objects.get()
    undo = f"/recruiting/identity-checks/{check.public_id}/withdraw/"
    assert undo in text(made)
    assert "Video call" in page(ruth, alice)
    ruth.post(undo)
    check.refresh_from_db()
    assert check.withdrawn_at is not None
    assert "Video call" not in page(ruth, alice)


def test_experience_is_noted_and_checked(ruth, alice):
    base = f"/recruiting/tutors/{alice.public_id}/"
    ruth.post(f"{base}experience/add/", {"field": "psychiatry", "role": "Ward", "years": "5"})
    row = Experience.objects.get()
    assert "psychiatry, 5 years" in page(ruth, alice)
    ruth.post(f"/recruiting/experience/{row.public_id}/check/", CHECKED)
    row.refresh_from_db()
    assert (row.verified, row.source) == ("document", "Passport on a call")
    ruth.post(f"/recruiting/experience/{row.public_id}/withdraw/")
    assert "psychiatry, 5 years" not in page(ruth, alice)


def test_a_tie_is_noted_described_and_ended(ruth, alice):
    base = f"/recruiting/tutors/{alice.public_id}/"
    body = {"name": "Harbour Hospital", "relation": "Consultant", "tags": "hospital, ai-lab"}
    assert ruth.post(f"{base}ties/add/", body).status_code == 303
    tie, known = Tie.objects.get(), Organisation.objects.get()
    assert (known.word, known.tags) == ("harbour-hospital", ["ai-lab", "hospital"])
    described = f"/recruiting/organisations/{known.public_id}/?tutor={alice.public_id}"
    assert described in page(ruth, alice)
    wrong = ruth.post(described, {"name": "Harbour Hospital", "client": "12"})
    assert wrong.status_code == 422
    said = {"name": "Harbour Hospital", "client": "C-12", "tags": "hospital"}
    assert ruth.post(described, said).status_code == 303
    known.refresh_from_db()
    assert (known.client, known.tags) == ("C-12", ["hospital"])
    assert "Consultant · C-12 · hospital" in page(ruth, alice)
    ended = str(TODAY - timedelta(days=1))
    assert ruth.post(f"/recruiting/ties/{tie.public_id}/end/", {"until": ended}).status_code == 303
    tie.refresh_from_db()
    assert str(tie.until) == ended
    ruth.post(f"/recruiting/ties/{tie.public_id}/withdraw/")
    assert tie.public_id not in page(ruth, alice)


def test_her_page_offers_plain_choices_and_keeps_them(hers, ruth, alice):
    shown = text(hers.get("/work/qualifications/"))
    assert "People who hurt themselves" in shown
    assert shown.count('name="content"') == 8
    assert hers.post("/work/content/", {"content": ["hate", "self_harm"]}).status_code == 303
    assert set(ContentOptIn.objects.values_list("content", flat=True)) == {"hate", "self_harm"}
    assert "Agreed to see: Hate, Self-harm and suicide." in page(ruth, alice)
    hers.post("/work/content/", {})
    assert not ContentOptIn.objects.filter(withdrawn_at__isnull=True).exists()
    assert "Has not agreed to see any." in page(ruth, alice)
    before = Event.objects.count()
    hers.post("/work/content/", {"content": ["gore"]})
    assert Event.objects.count() == before


def test_she_declares_a_tie_herself_and_cannot_end_it(hers, ruth, alice):
    wrong = hers.post("/work/ties/add/", {"name": "Спутник", "relation": "x"})
    assert (wrong.status_code, Tie.objects.count()) == (422, 0)
    hers.post("/work/ties/add/", {"name": "Harbour Hospital", "relation": "Consultant"})
    tie = Tie.objects.get()
    assert (tie.declared_by, tie.organisation.word) == (alice.account, "harbour-hospital")
    shown = text(hers.get("/work/qualifications/"))
    assert "Harbour Hospital" in shown
    assert "withdraw" not in shown
    assert hers.post(f"/recruiting/ties/{tie.public_id}/withdraw/").status_code == 403
    tie.refresh_from_db()
    assert tie.withdrawn_at is None


def test_a_profile_costs_the_same_statements_with_many_facts(ruth, house, alice):
    url = f"/recruiting/tutors/{alice.public_id}/"
    declare_tie(tutor=alice, bond=Bond(name="A", relation="x"), actor=house.ruth, at=NOW)
    ruth.get(url)
    with counting() as few:
        ruth.get(url)
    for name in ("B", "C", "D"):
        declare_tie(tutor=alice, bond=Bond(name=name, relation="x"), actor=house.ruth, at=NOW)
    with counting() as many:
        ruth.get(url)
    assert len(many) == len(few)


def made(answer: Any, status: int = 201) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def test_the_same_by_api(house, alice):
    base = f"tutors/{alice.public_id}/"
    right = made(house.post(f"{base}authorisations/", {"place": "GB", "basis": "Citizen"}))
    checked = {"verified": "document", "source": "Passport"}
    path = f"authorisations/{right['id']}/"
    assert made(house.post(f"{path}verify/", checked), 200)["verified"] == "document"
    post = made(
        house.post(f"{base}experience/", {"field": "law", "role_there": "Judge", "years": 9})
    )
    made(house.post(f"experience/{post['id']}/verify/", checked), 200)
    made(house.post(f"{base}identity-checks/", {"method": "in_person", "source": "Passport"}))
    tie = made(
        house.post(f"{base}ties/", {"party": "client:C-12", "relation": "Owner", "tags": ["lab"]})
    )
    assert (tie["organisation"]["client"], tie["organisation"]["tags"]) == ("C-12", ["lab"])
    made(house.post(f"ties/{tie['id']}/end/", {"until": str(TODAY)}), 200)
    shown = made(house.api.get(f"/api/v1/{base}"), 200)
    assert [w["place"] for w in shown["authorisations"]] == ["GB"]
    assert [x["years"] for x in shown["experience"]] == [9]
    assert [c["method"] for c in shown["identity_checks"]] == ["in_person"]
    assert [y["until"] for y in shown["ties"]] == [str(TODAY)]
    made(house.post(f"{path}end/"), 200)
    over = house.post(f"{path}end/")
    assert (over.status_code, over.json()["code"]) == (409, "authorisation_over")
    for kind, row in (("experience", post), ("ties", tie)):
        made(house.post(f"{kind}/{row['id']}/withdraw/"), 200)
    emptied = made(house.api.get(f"/api/v1/{base}"), 200)
    assert (emptied["authorisations"], emptied["experience"], emptied["ties"]) == ([], [], [])


def test_organisations_by_api(house, alice):
    bad = house.post("organisations/", {"name": "Спутник"})
    assert (bad.status_code, list(bad.json()["errors"])) == (400, ["word"])
    body = {"name": "Acme Labs", "client": "C-3", "tags": ["ai-lab"]}
    kept = made(house.post("organisations/", body))
    assert (kept["word"], kept["client"], kept["tags"]) == ("acme-labs", "C-3", ["ai-lab"])
    her = knock(alice.account)
    assert her.get("/api/v1/organisations/").status_code == 403
    body = {"name": "Acme", "client": "", "tags": []}
    changed = house.api.put(f"/api/v1/organisations/{kept['id']}/", body, format="json")
    assert made(changed, 200)["name"] == "Acme"
    assert [o["id"] for o in house.api.get("/api/v1/organisations/").json()["results"]] == [
        kept["id"]
    ]


def test_her_own_choices_by_api(house, alice):
    her = knock(alice.account)
    put = her.put("/api/v1/work/content/", {"content": ["violence", "hate"]}, format="json")
    assert made(put, 200) == {"content": ["hate", "violence"]}
    assert made(her.get("/api/v1/work/content/"), 200) == {"content": ["hate", "violence"]}
    bad = her.put("/api/v1/work/content/", {"content": ["gore"]}, format="json")
    assert bad.status_code == 400
    tie = made(her.post("/api/v1/work/ties/", {"name": "Acme", "relation": "Owner"}, format="json"))
    assert [y["id"] for y in made(her.get("/api/v1/work/ties/"), 200)["results"]] == [tie["id"]]
    tagged = {"name": "B", "relation": "x", "tags": ["ai-lab"]}
    assert her.post("/api/v1/work/ties/", tagged, format="json").status_code == 400
    for path in (f"ties/{tie['id']}/withdraw/", f"tutors/{alice.public_id}/ties/"):
        assert her.post(f"/api/v1/{path}", {}, format="json").status_code == 403


def test_accounts_are_linked_on_a_profile_and_taken_apart(ruth, house, alice, hers):
    bob = hire(house, name="Bob Brown")
    path = f"/recruiting/tutors/{alice.public_id}/links/add/"
    said = {"kind": "household", "reason": "One address"}
    for other, told in (
        ("nobody@example.org", "There is no tutor"),
        ("E-0", "There is no tutor"),
        (alice.public_id, "another tutor than this one"),
    ):
        answer = ruth.post(path, {**said, "other": other})
        assert (answer.status_code, told in text(answer)) == (422, True)
    assert TutorLink.objects.count() == 0
    assert ruth.post(path, {**said, "other": "BOB@example.org"}).status_code == 303
    made = TutorLink.objects.get()
    assert (made.low, made.high, made.kind) == (alice, bob, "household")
    again = ruth.post(path, {**said, "other": bob.public_id})
    assert (again.status_code, "linked already" in text(again)) == (422, True)
    for mine, other in ((alice, "Bob Brown"), (bob, "Alice Adams")):
        seen = page(ruth, mine)
        assert other in seen and "One address" in seen
    assert "Bob Brown" not in text(hers.get("/work/qualifications/"))
    back = ruth.post(f"/recruiting/links/{made.public_id}/end/?tutor={bob.public_id}")
    assert back["Location"] == f"/recruiting/tutors/{bob.public_id}/"
    made.refresh_from_db()
    assert made.ended_by == house.ruth
    assert "One address" not in page(ruth, alice)


def test_links_by_api(house, alice):
    bob = hire(house, name="Bob Brown")
    base = f"tutors/{alice.public_id}/links/"
    said = {"other": bob.public_id, "kind": "one_person", "reason": "One bank account"}
    missing = house.post(base, {**said, "other": "E-99999"})
    assert (missing.status_code, list(missing.json()["errors"])) == (400, ["other"])
    kept = made(house.post(base, said))
    assert kept["tutors"] == [alice.public_id, bob.public_id]
    twice = house.post(base, said)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_linked")
    his = f"/api/v1/tutors/{bob.public_id}/links/"
    assert [row["id"] for row in made(house.api.get(his), 200)["results"]] == [kept["id"]]
    assert knock(alice.account).get(f"/api/v1/{base}").status_code == 403
    assert knock(person("Max", Role.MANAGER)).get(f"/api/v1/{base}").status_code == 403
    made(house.post(f"links/{kept['id']}/end/"), 200)
    assert made(house.api.get(his), 200)["results"] == []


def test_what_waits_for_a_check_is_listed_and_counted(ruth, house, alice):
    base = f"/recruiting/tutors/{alice.public_id}/"
    ruth.post(f"{base}right-to-work/add/", {"place": "GB", "basis": "Citizen"})
    ruth.post(f"{base}experience/add/", {"field": "law", "role": "Judge", "years": "9"})
    listed = text(ruth.get("/recruiting/verification/"))
    assert listed.index("Right to work · Citizen") < listed.index("law, 9 years")
    assert credentials_to_check(house.ruth) == 2
    right, post = WorkAuthorisation.objects.get(), Experience.objects.get()
    for path in (f"authorisations/{right.public_id}", f"experience/{post.public_id}"):
        done = ruth.post(f"/recruiting/{path}/check/?from=verification", CHECKED)
        assert done["Location"] == "/recruiting/verification/"
    assert "Right to work · Citizen" not in text(ruth.get("/recruiting/verification/"))
    assert credentials_to_check(house.ruth) == 0
