"""The Recruiting portal through HTTP: the queue, the list, the profile, proof."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Lower
from django.test import Client

from tests.people import person
from tests.tasks.statements import counting
from tests.tutors.hiring import NOW, TODAY, House, hire, put_under_contract
from tests.tutors.test_imports import BOB, CAROL, HEADER
from tutors.models import Credential, Qualification, Tutor, TutorImport
from tutors.operations.onboarding import Profile, add_tutor
from tutors.operations.vetting import Proof, add_credential, verify_credential
from tutors.queries.next_steps import queue
from tutors.rules.next_steps import Step
from tutors.rules.states import CredentialType, Verified
from workforce.models import Account, Event, Invitation
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

DEGREE = Proof(type=CredentialType.DEGREE, name="MD", issuer="Invented University")
FORM: dict[str, Any] = {
    "name": "Nora Quist",
    "email": "nora.quist@example.org",
    "headline": "Cardiologist",
    "country": "SE",
    "region": "",
    "residence_since": "",
    "time_zone": "Europe/Stockholm",
    "capacity": "2",
    "languages": "sv native\nen C1",
    "domains": ["medicine.cardiology"],
}


@pytest.fixture
def ruth(house: House) -> Client:
    return come_in(house.ruth)


def come_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def newcomer(house: House, name: str) -> Tutor:
    profile = Profile(
        email=f"{name.lower().split()[-1]}@example.org", name=name, country="GB",
        time_zone="Europe/London", domains=["medicine.psychiatry"], languages=[("en", "native")],
    )  # fmt: skip
    return add_tutor(profile=profile, actor=house.ruth, at=NOW).tutor


def noted(house: House, tutor: Tutor, proof: Proof = DEGREE) -> Credential:
    return add_credential(tutor=tutor, proof=proof, actor=house.ruth, at=NOW)


def text(answer: Any) -> str:
    return answer.content.decode()


# --- The queue ----------------------------------------------------------------------------------


def test_an_empty_queue_says_who_waits_on_others(house, ruth):
    assert "Nothing waits for you." in text(ruth.get("/recruiting/"))


def test_the_queue_names_who_and_what_and_leads_to_the_act(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    page = text(ruth.get("/recruiting/"))
    assert "Alice Adams" in page and "Ask for credential" in page
    step = ruth.get(f"/recruiting/tutors/{tutor.public_id}/next/")
    assert step["Location"] == f"/recruiting/tutors/{tutor.public_id}/credentials/add/"
    credential = noted(house, tutor)
    step = ruth.get(f"/recruiting/tutors/{tutor.public_id}/next/")
    assert step["Location"] == f"/recruiting/credentials/{credential.public_id}/check/"


def test_the_queue_by_step_and_an_unknown_step(house, ruth):
    noted(house, newcomer(house, "Alice Adams"))
    newcomer(house, "Bob Brown")
    page = text(ruth.get("/recruiting/?step=verify_credential"))
    assert "Alice Adams" in page and "Bob Brown" not in page
    assert "Nothing waits at this step" in text(ruth.get("/recruiting/?step=nonsense"))


def test_the_queue_goes_on_behind_the_last_line(house, ruth):
    for n in range(52):
        newcomer(house, f"Person Number{n:02}")
    first = text(ruth.get("/recruiting/"))
    assert first.count("data-href=") == 50
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = text(ruth.get(following.replace("&amp;", "&")))
    assert second.count("data-href=") == 2
    assert text(ruth.get("/recruiting/?after=nonsense")).count("data-href=") == 50


def test_a_contract_in_force_leaves_the_queue(house):
    tutor = hire(house)
    assert queue(at=NOW).by_step == {Step.OFFER_CONTRACT: 1}
    put_under_contract(house, tutor)
    assert Step.OFFER_CONTRACT not in queue(at=NOW).by_step


# --- The list -----------------------------------------------------------------------------------


def test_filters_narrow_the_list_and_stand_in_the_address(house, ruth):
    hire(house, name="Alice Adams")
    hire(house, name="Bob Brown", speciality="finance.credit", level=3)
    for query, seen in [
        ("q=alice", "Alice Adams"),
        ("domain=finance", "Bob Brown"),
        ("level=3", "Bob Brown"),
        ("domain=medicine&language=en&country=gb", "Alice Adams"),
    ]:
        page = text(ruth.get(f"/recruiting/tutors/?{query}"))
        other = "Bob Brown" if seen == "Alice Adams" else "Alice Adams"
        assert seen in page and other not in page, query
    both = text(ruth.get("/recruiting/tutors/?turn=recruiter&step=offer_contract&contract=none"))
    assert "Alice Adams" in both and "Bob Brown" in both
    nobody = text(ruth.get("/recruiting/tutors/?q=zzz&country=FR"))
    assert "No tutor matches these 2 filters." in nobody and "Clear filters" in nobody


def test_a_filter_that_is_none_of_ours_narrows_nothing(house, ruth):
    hire(house, name="Alice Adams")
    assert "Alice Adams" in text(ruth.get("/recruiting/tutors/?step=fly&level=9&turn=mine"))


NAMES = ["Zoe Young", "alan moss", "2026-01-01 00:00", "Alan Moss", "Émile Roy", "Bea Ash"]


def test_the_list_is_walked_by_name_forth_and_back(house, ruth):
    for n, name in enumerate(NAMES * 17):  # three pages of fifty, with names that many share
        tutor = hire(house, name=f"P{n} Person")
        Account.objects.filter(pk=tutor.account_id).update(name=name)
    in_order = list(
        Tutor.objects.annotate(low=Lower("account__name")).order_by("low", "id")
        .values_list("account__name", flat=True)
    )  # fmt: skip
    for sort, wanted in (("name", in_order), ("name-down", in_order[::-1])):
        seen: list[str] = []
        pages, url = [], f"/recruiting/tutors/?sort={sort}"
        while url:
            answer = ruth.get(url)
            pages.append([line.tutor.account.name for line in answer.context["lines"]])
            seen += pages[-1]
            found = answer.context["listing"]
            url = found.next
        assert seen == wanted
        assert len(pages) == 3
        back = ruth.get(found.previous)
        assert [line.tutor.account.name for line in back.context["lines"]] == pages[1]
        csv = b"".join(ruth.get(f"/recruiting/tutors/?sort={sort}&format=csv")).decode()
        assert [line.split(",")[1] for line in csv.splitlines()[1:]] == wanted
    assert in_order.index("alan moss") + 1 == in_order.index("Alan Moss")


@pytest.mark.parametrize(
    "value", [["a"], ["a\0"], [7], [], ["\ud800"], 7, "2026-01-01T00:00:00+00:00"]
)
@pytest.mark.parametrize("sort", ["new", "name"])
def test_a_cursor_of_another_order_is_refused_or_read_never_a_fault(house, ruth, sort, value):
    hire(house, name="Alice Adams")
    raw = base64.urlsafe_b64encode(json.dumps([False, value, 1]).encode()).decode()
    answer = ruth.get(f"/recruiting/tutors/?sort={sort}&cursor={raw}")
    assert answer.status_code in {200, 400}
    if sort == "new" and value == ["a"]:
        assert answer.status_code == 400


def test_the_list_is_narrowed_to_an_import(house, ruth):
    other = hire(house, name="Alice Adams")
    body = (HEADER + BOB + CAROL).encode()
    file = SimpleUploadedFile("tutors.csv", body, content_type="text/csv")
    where = ruth.post("/recruiting/imports/", {"file": file})["Location"]
    ruth.post(f"{where}commit/")
    upload = TutorImport.objects.get()
    assert f'/recruiting/tutors/?imported={upload.public_id}"' in text(ruth.get(where))
    with counting() as all_of_them:
        assert len(ruth.get("/recruiting/tutors/").context["lines"]) == 3
    with counting() as few:
        shown = ruth.get(f"/recruiting/tutors/?imported={upload.public_id.lower()}")
    assert other.pk not in [line.tutor.pk for line in shown.context["lines"]]
    assert len(shown.context["lines"]) == 2
    assert len(few) == len(all_of_them)
    assert ruth.get("/recruiting/tutors/?imported=TI-999").context["lines"] == []
    assert len(ruth.get("/recruiting/tutors/?imported=nonsense").context["lines"]) == 3


def test_a_view_of_the_list_can_be_kept(house, ruth):
    hire(house, name="Alice Adams")
    page = text(ruth.get("/recruiting/tutors/?domain=medicine"))
    assert "Keep this view" in page
    kept = {"page": "recruiting-tutors", "name": "Doctors", "query": "domain=medicine"}
    ruth.post("/views/save/", kept)
    assert "Doctors" in text(ruth.get("/recruiting/tutors/"))


def test_the_csv_holds_exactly_the_filtered_rows(house, ruth):
    hire(house, name="Alice Adams")
    hire(house, name="=cmd Brown", speciality="finance.credit")
    answer = ruth.get("/recruiting/tutors/?domain=finance&format=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "'=cmd Brown" in lines[1] and "finance.credit 2" in lines[1]


@pytest.mark.parametrize("address", ["/recruiting/", "/recruiting/tutors/"])
def test_pages_ask_as_much_for_many_as_for_few(house, ruth, address):
    for n in range(3):
        noted(house, hire(house, name=f"Few{n} Person"))
    ruth.get(address)
    cache.clear()
    with counting() as few:
        ruth.get(address)
    for n in range(60):
        noted(house, hire(house, name=f"Many{n} Person"))
    cache.clear()
    with counting() as many:
        ruth.get(address)
    assert len(many) == len(few)


# --- Adding and changing ------------------------------------------------------------------------


def test_adding_a_tutor_shows_the_link_once(house, ruth):
    answer = ruth.post("/recruiting/tutors/add/", FORM)
    tutor = Tutor.objects.get(account__email="nora.quist@example.org")
    assert answer["Location"] == f"/recruiting/tutors/{tutor.public_id}/added/"
    page = text(ruth.get(answer["Location"]))
    link = page.partition('id="link" class="data" value="http://testserver')[2].partition('"')[0]
    assert Client().get(link).status_code == 200
    assert [spoken.tag for spoken in tutor.languages.order_by("id")] == ["sv", "en"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"country": "XX"}, "This is not a country code"),
        ({"languages": "english"}, "A tag and a level on each line"),
        ({"languages": "en perfect"}, "is not a level"),
        ({"domains": []}, "This field is required"),
        ({"email": "ruth"}, "valid email"),
    ],
)
def test_a_refused_tutor_leaves_nothing_behind(house, ruth, change, told):
    before = Event.objects.count()
    answer = ruth.post("/recruiting/tutors/add/", {**FORM, **change})
    assert answer.status_code == 422
    assert told in text(answer) and "Nora Quist" in text(answer)
    assert (Tutor.objects.count(), Event.objects.count()) == (0, before)


def test_a_taken_address_is_named_beside_its_field(house, ruth):
    ruth.post("/recruiting/tutors/add/", FORM)
    answer = ruth.post("/recruiting/tutors/add/", {**FORM, "name": "Somebody Else"})
    assert answer.status_code == 422
    assert "This e-mail has an account already." in text(answer)
    assert Tutor.objects.count() == 1


def test_a_form_sent_twice_adds_one_tutor(house, ruth):
    first = ruth.post("/recruiting/tutors/add/", {**FORM, "_key": "same"})
    again = ruth.post("/recruiting/tutors/add/", {**FORM, "_key": "same"})
    assert first["Location"] == again["Location"]
    assert Tutor.objects.count() == 1


def test_editing_changes_what_differs_and_nothing_else(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    form = {**FORM, "name": "Alice Adams", "country": "GB", "languages": "en native",
            "domains": ["medicine.psychiatry"], "time_zone": "Europe/London",
            "capacity": "1", "headline": "On the ward"}  # fmt: skip
    answer = ruth.post(f"/recruiting/tutors/{tutor.public_id}/edit/", form)
    assert answer.status_code == 303
    event = Event.objects.filter(kind="tutors.profile_changed").get()
    assert event.body["fields"] == ["headline"]
    ruth.post(f"/recruiting/tutors/{tutor.public_id}/edit/", form)
    assert Event.objects.filter(kind="tutors.profile_changed").count() == 1


def test_the_invitation_is_sent_again(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    answer = ruth.post(f"/recruiting/tutors/{tutor.public_id}/invite/")
    assert answer.status_code == 303
    assert Invitation.objects.filter(account=tutor.account).count() == 2
    ruth.get(f"/recruiting/tutors/{tutor.public_id}/invite/")
    assert Invitation.objects.filter(account=tutor.account).count() == 2


# --- The profile --------------------------------------------------------------------------------


def test_the_profile_tells_what_is_proven_and_what_comes_next(house, ruth):
    tutor = hire(house, name="Alice Adams")
    credential = noted(house, tutor)
    verify_credential(
        credential=credential, level=Verified.PRIMARY_SOURCE, source="Register of 20 Nov",
        actor=house.rita, at=NOW,
    )  # fmt: skip
    put_under_contract(house, tutor, rate_minor_hourly=20_000, speciality="medicine.psychiatry")
    page = text(ruth.get(f"/recruiting/tutors/{tutor.public_id}/"))
    for words in [
        "Degree, MD", "Register of 20 Nov", "Rita", "1 of 1 verified", "Psychiatry", "$200.00/h",
        "Offer agreement", "Contract countersigned", "Credential verified",
    ]:  # fmt: skip
        assert words in page, words


def test_a_profile_with_much_asks_as_much_as_one_with_little(house, ruth):
    tutor = hire(house, name="Alice Adams")
    noted(house, tutor)
    put_under_contract(house, tutor)
    address = f"/recruiting/tutors/{tutor.public_id}/"
    ruth.get(address)
    cache.clear()
    with counting() as little:
        ruth.get(address)
    for n in range(12):
        noted(house, tutor, Proof(type=CredentialType.AWARD, name=f"Prize {n}"))
    cache.clear()
    with counting() as much:
        ruth.get(address)
    assert len(much) == len(little)


def test_markup_in_names_stays_text(house, ruth):
    tutor = newcomer(house, "<script>alert(1)</script> Adams")
    for address in [
        "/recruiting/",
        "/recruiting/tutors/",
        f"/recruiting/tutors/{tutor.public_id}/",
    ]:
        page = text(ruth.get(address))
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


# --- Proof --------------------------------------------------------------------------------------


def test_a_credential_is_noted_and_its_number_never_shown(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    form = {
        "type": "licence", "status": "active", "profession": "physician", "jurisdiction": "GB",
        "number": "GMC 7290114", "expires_on": str(TODAY + timedelta(days=400)),
    }  # fmt: skip
    answer = ruth.post(f"/recruiting/tutors/{tutor.public_id}/credentials/add/", form)
    assert answer.status_code == 303
    page = text(ruth.get(f"/recruiting/tutors/{tutor.public_id}/"))
    assert "Licence, physician" in page and "7290114" not in page


def test_a_licence_without_place_and_end_is_refused(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    form = {"type": "licence", "status": "active"}
    answer = ruth.post(f"/recruiting/tutors/{tutor.public_id}/credentials/add/", form)
    assert answer.status_code == 422
    assert "A licence holds somewhere: say where." in text(answer)
    assert Credential.objects.count() == 0


def test_a_credential_is_verified_in_place(house, ruth):
    credential = noted(house, newcomer(house, "Alice Adams"))
    assert "Degree, MD" in text(ruth.get("/recruiting/verification/"))
    form = {"outcome": "confirmed", "level": "primary_source", "source": "The faculty's list"}
    address = f"/recruiting/credentials/{credential.public_id}/check/?from=verification"
    answer = ruth.post(address, form)
    assert answer["Location"] == "/recruiting/verification/"
    credential.refresh_from_db()
    assert (credential.verified, credential.status) == ("primary_source", "active")
    assert "All credentials are checked." in text(ruth.get("/recruiting/verification/"))


def test_a_refused_credential_counts_for_nothing_until_it_is_confirmed(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    credential = noted(house, tutor)
    address = f"/recruiting/credentials/{credential.public_id}/check/"
    form = {"outcome": "refused", "level": "primary_source", "source": "No such entry"}
    assert ruth.post(address, form).status_code == 303
    credential.refresh_from_db()
    assert credential.status == "refused"
    assert Event.objects.filter(kind="tutors.credential_refused").count() == 1
    assert queue(at=NOW).by_step == {Step.ASK_CREDENTIAL: 1}
    ruth.post(address, {**form, "outcome": "confirmed", "source": "Found under her old name"})
    credential.refresh_from_db()
    assert credential.status == "active"


def test_the_second_of_two_people_must_be_another_person(house, ruth):
    credential = noted(house, newcomer(house, "Alice Adams"))
    address = f"/recruiting/credentials/{credential.public_id}/check/"
    form = {"outcome": "confirmed", "level": "document", "source": "Diploma"}
    ruth.post(address, form)
    answer = ruth.post(address, {**form, "level": "two_people"})
    assert answer.status_code == 422
    assert "another person goes first" in text(answer)
    rita = come_in(house.rita)
    assert rita.post(address, {**form, "level": "two_people"}).status_code == 303


def test_nobody_checks_her_own_credential(house):
    tutor = newcomer(house, "Alice Adams")
    from workforce.operations.admitting import grant_role

    grant_role(account=tutor.account, role=Role.RECRUITER, actor=None, at=NOW)
    credential = noted(house, tutor)
    form = {"outcome": "confirmed", "level": "document", "source": "My own diploma"}
    answer = come_in(tutor.account).post(
        f"/recruiting/credentials/{credential.public_id}/check/", form
    )
    assert answer.status_code == 422
    assert "Somebody else has to check this for you." in text(answer)


def test_a_grant_can_be_undone(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    form = {"speciality": "medicine.psychiatry", "level": "2", "expires_at": ""}
    answer = ruth.post(f"/recruiting/tutors/{tutor.public_id}/qualifications/grant/", form)
    assert answer.status_code == 303
    held = Qualification.objects.get()
    undo = f"/recruiting/qualifications/{held.public_id}/undo/"
    assert undo in text(ruth.get(answer["Location"]))
    ruth.post(undo)
    held.refresh_from_db()
    assert held.state == "revoked"
    assert ruth.post(undo).status_code == 409


def test_a_qualification_is_revoked_with_a_reason_that_is_kept(house, ruth):
    hire(house)
    held = Qualification.objects.get()
    address = f"/recruiting/qualifications/{held.public_id}/revoke/"
    assert ruth.post(address, {"reason": " "}).status_code == 422
    held.refresh_from_db()
    assert held.state == "granted"
    assert ruth.post(address, {"reason": "The licence was withdrawn."}).status_code == 303
    held.refresh_from_db()
    assert (held.state, held.revoke_reason) == ("revoked", "The licence was withdrawn.")


def test_an_expiry_in_the_past_is_refused(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    form = {"speciality": "medicine.psychiatry", "level": "2",
            "expires_at": str(TODAY - timedelta(days=2))}  # fmt: skip
    answer = ruth.post(f"/recruiting/tutors/{tutor.public_id}/qualifications/grant/", form)
    assert answer.status_code == 422 and Qualification.objects.count() == 0


def test_a_dialog_gets_the_form_alone_and_a_page_the_whole(house, ruth):
    tutor = newcomer(house, "Alice Adams")
    address = f"/recruiting/tutors/{tutor.public_id}/credentials/add/"
    assert "<html" in text(ruth.get(address))
    part = text(ruth.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part and "<form" in part
    wrong = ruth.post(address, {"type": "award"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422 and "<html" not in text(wrong)


def test_an_admin_looks_and_cannot_act(house):
    ada = come_in(person("Ada", Role.ADMIN))
    tutor = newcomer(house, "Alice Adams")
    page = text(ada.get(f"/recruiting/tutors/{tutor.public_id}/"))
    assert "Alice Adams" in page and "/edit/" not in page and "/credentials/add/" not in page
    assert ada.post("/recruiting/tutors/add/", FORM).status_code == 403
    assert Tutor.objects.count() == 1
