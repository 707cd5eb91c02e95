"""Contracts and agreements through HTTP, on both sides: offered, read, signed, countersigned."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.tasks.statements import counting
from tests.tutors.hiring import NOW, TODAY, House, hire, put_under_contract
from tutors.models import Agreement, Contract, Tutor
from tutors.operations.agreeing import offer_agreement
from tutors.operations.contracting import Offered, offer
from tutors.operations.presence import set_availability
from tutors.rules.states import AgreementKind
from workforce.doors import now
from workforce.models import Account, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(house: House) -> Tutor:
    return hire(house)


@pytest.fixture
def ruth(house: House) -> Client:
    return come_in(house.ruth)


def come_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def text(answer: Any) -> str:
    return answer.content.decode()


def conditions(**changed: Any) -> dict[str, Any]:
    return {
        "rate": "", "speciality": "", "currency": "USD", "cap_hours": "20",
        "starts_on": str(TODAY), "ends_on": "", "zone": "Europe/London", "notice_days": "14",
        **changed,
    }  # fmt: skip


def offer_url(tutor: Tutor) -> str:
    return f"/recruiting/tutors/{tutor.public_id}/contract/offer/"


def signature(client: Client, address: str, name: str, **more: str) -> dict[str, str]:
    """What the form would send: the digest of the text that the page shows."""
    page = text(client.get(address))
    sha256 = page.partition('name="sha256" value="')[2].partition('"')[0]
    return {"typed_name": name, "sha256": sha256, **more}


def offered(house: House, tutor: Tutor) -> Contract:
    terms = Offered(starts_on=TODAY, cap_seconds_week=72_000)
    return offer(tutor=tutor, offered=terms, actor=house.ruth, at=NOW)


def test_from_the_offer_to_the_contract_in_force(house, ruth, alice):
    """Looked over, sent, opened, signed by Alice, countersigned by Ruth."""
    look = ruth.post(offer_url(alice), conditions(rate="200.50"))
    assert look.status_code == 200 and Contract.objects.count() == 0
    assert "$200.50/h" in text(look) and "$4,010.00" in text(look)
    sent = ruth.post(offer_url(alice), conditions(rate="200.50", confirmed="1"))
    contract = Contract.objects.get()
    assert sent["Location"] == f"/recruiting/offers/{contract.public_id}/"
    assert contract.versions.get().rates.get().rate_minor_hourly == 20_050

    me = come_in(alice.account)
    assert "Read and sign" in text(me.get("/work/contract/"))
    address = f"/sign/{contract.public_id}/"
    page = text(me.get(address))
    assert "$200.50 USD an hour" in page
    version = contract.versions.get()
    assert version.viewed_at is not None
    assert "Viewed" in text(ruth.get("/recruiting/offers/?state=viewed"))
    form = signature(me, address, "Alice Adams", consent="on")
    assert me.post(address, form)["Location"] == "/work/contract/"
    assert "You signed this." in text(me.get(address))

    desk = f"/recruiting/offers/{contract.public_id}/"
    assert contract.public_id in text(ruth.get("/recruiting/offers/?state=signed"))
    assert ruth.post(desk, signature(ruth, desk, house.ruth.name)).status_code == 303
    contract.refresh_from_db()
    assert contract.state == "active"
    assert "Both have signed this." in text(me.get(address))
    assert "In force" in text(me.get("/work/contract/"))


def test_opening_is_noted_once_and_only_for_the_signer(house, ruth, alice):
    contract = offered(house, alice)
    ruth.get(f"/recruiting/offers/{contract.public_id}/")
    assert contract.versions.get().viewed_at is None
    me = come_in(alice.account)
    me.get(f"/sign/{contract.public_id}/")
    first = contract.versions.get().viewed_at
    me.get(f"/sign/{contract.public_id}/")
    assert contract.versions.get().viewed_at == first
    assert Event.objects.filter(kind="tutors.paper_viewed").count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rate": "66,50"}, "is not an amount. Write it like 66.50."),
        ({"rate": "1.00"}, "Write a rate from $"),
        ({"cap_hours": "many"}, "Hours like 20 or 37.5."),
        ({"cap_hours": "500"}, "The cap must be"),
        ({"ends_on": str(TODAY - timedelta(days=1))}, "is before the start"),
        ({"notice_days": "3"}, "needs a second approver"),
        ({"starts_on": ""}, "This field is required."),
    ],
)
def test_a_refused_offer_says_why_and_writes_nothing(house, ruth, alice, change, told):
    before = Event.objects.count()
    for more in ({}, {"confirmed": "1"}):
        answer = ruth.post(offer_url(alice), conditions(**change, **more))
        assert answer.status_code == 422
        assert told in text(answer)
    assert (Contract.objects.count(), Event.objects.count()) == (0, before)


def test_a_second_offer_is_refused_while_one_is_out(house, ruth, alice):
    offered(house, alice)
    answer = ruth.post(offer_url(alice), conditions(confirmed="1"))
    assert answer.status_code == 422 and "on the table already" in text(answer)
    assert Contract.objects.count() == 1


def test_an_offer_can_be_undone(house, ruth, alice):
    sent = ruth.post(offer_url(alice), conditions(confirmed="1"))
    contract = Contract.objects.get()
    undo = f"/recruiting/offers/{contract.public_id}/undo/"
    assert undo in text(ruth.get(sent["Location"]))
    ruth.post(undo)
    contract.refresh_from_db()
    assert contract.state == "ended"
    page = text(come_in(alice.account).get(f"/sign/{contract.public_id}/"))
    assert "This contract is over." in page and "typed_name" not in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"typed_name": "Somebody Else"}, "This is not the name in your account."),
        ({"consent": ""}, "Tick this to sign electronically."),
        ({"sha256": "0" * 64}, "You were shown another text."),
    ],
)
def test_a_signature_that_does_not_fit_changes_nothing(house, alice, change, told):
    contract = offered(house, alice)
    me = come_in(alice.account)
    address = f"/sign/{contract.public_id}/"
    form = signature(me, address, "Alice Adams", consent="on")
    before = Event.objects.count()
    answer = me.post(address, {**form, **change})
    assert answer.status_code == 422 and told in text(answer)
    contract.refresh_from_db()
    assert (contract.state, Event.objects.count()) == ("offered", before)


def test_a_signed_paper_is_not_signed_again(house, alice):
    contract = put_under_contract(house, alice)
    me = come_in(alice.account)
    form = {"typed_name": "Alice Adams", "sha256": "", "consent": "on"}
    assert me.post(f"/sign/{contract.public_id}/", form).status_code == 409


def test_somebody_elses_paper_is_not_there(house, alice):
    bob = hire(house, name="Bob Brown")
    contract = offered(house, alice)
    paper = offer_agreement(
        tutor=alice, kind=AgreementKind.CONDUCT, party="lectern", actor=house.ruth, at=NOW
    )
    him = come_in(bob.account)
    for thing in (contract, paper):
        for address in (f"/sign/{thing.public_id}/", f"/work/contract/{thing.public_id}/text/"):
            assert him.get(address).status_code == 404
    assert contract.versions.get().viewed_at is None


def test_a_wrong_countersignature_changes_nothing(house, ruth, alice):
    contract = offered(house, alice)
    me = come_in(alice.account)
    address = f"/sign/{contract.public_id}/"
    me.post(address, signature(me, address, "Alice Adams", consent="on"))
    desk = f"/recruiting/offers/{contract.public_id}/"
    answer = ruth.post(desk, signature(ruth, desk, "Alice Adams"))
    assert answer.status_code == 422 and "not the name in your account" in text(answer)
    contract.refresh_from_db()
    assert contract.state == "signed"


def test_an_amendment_is_looked_over_and_shows_what_changes(house, ruth, alice):
    contract = put_under_contract(house, alice)
    address = f"/recruiting/offers/{contract.public_id}/amend/"
    assert ruth.post(address, {"rate": "", "speciality": ""}).status_code == 422
    look = ruth.post(address, {"rate": "210", "speciality": ""})
    assert look.status_code == 200 and "$210.00/h" in text(look)
    assert contract.versions.count() == 1
    sent = ruth.post(address, {"rate": "210", "speciality": "", "confirmed": "1"})
    assert sent.status_code == 303 and contract.versions.count() == 2
    page = text(come_in(alice.account).get(f"/sign/{contract.public_id}/"))
    assert "What changes since version 1" in page and "$210.00 USD an hour" in page
    assert "Amendment out" in text(ruth.get("/recruiting/offers/"))


def test_notice_follows_the_contract_and_says_so_when_it_is_too_short(house, ruth, alice):
    contract = put_under_contract(house, alice)
    address = f"/recruiting/offers/{contract.public_id}/end/"
    early = {"reason": "The project ends.", "ends_on": str(TODAY + timedelta(days=3))}
    answer = ruth.post(address, early)
    assert answer.status_code == 422 and "Notice is 14 days, so the earliest" in text(answer)
    contract.refresh_from_db()
    assert contract.state == "active"
    assert ruth.post(address, {"reason": "The project ends.", "ends_on": ""}).status_code == 303
    contract.refresh_from_db()
    assert contract.state == "notice" and contract.ends_at >= now() + timedelta(days=13)


def test_an_agreement_is_offered_withdrawn_and_signed(house, ruth, alice):
    offer_paper = f"/recruiting/tutors/{alice.public_id}/agreements/offer/"
    wrong = ruth.post(offer_paper, {"kind": "nda", "client": ""})
    assert wrong.status_code == 422 and "An NDA is with a client." in text(wrong)
    ruth.post(offer_paper, {"kind": "nda", "client": "c-12"})
    first = Agreement.objects.get()
    assert first.party == "client:C-12"
    ruth.post(f"/recruiting/agreements/{first.public_id}/withdraw/")
    me = come_in(alice.account)
    assert "This paper was withdrawn." in text(me.get(f"/sign/{first.public_id}/"))
    ruth.post(offer_paper, {"kind": "nda", "client": "C-12"})
    second = Agreement.objects.exclude(pk=first.pk).get()
    address = f"/sign/{second.public_id}/"
    assert me.post(address, signature(me, address, "alice adams", consent="on")).status_code == 303
    second.refresh_from_db()
    assert second.state == "signed"
    gone = ruth.post(f"/recruiting/agreements/{second.public_id}/withdraw/")
    assert gone.status_code == 409


def test_the_text_can_be_taken_along(house, alice):
    contract = put_under_contract(house, alice)
    answer = come_in(alice.account).get(f"/work/contract/{contract.public_id}/text/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert text(answer) == contract.versions.get().paper.text


def test_the_lists_of_contracts_and_their_csv(house, ruth, alice):
    put_under_contract(house, alice)
    offered(house, hire(house, name="Bob Brown"))
    assert "Bob Brown" not in text(ruth.get("/recruiting/offers/?state=active"))
    answer = ruth.get("/recruiting/offers/?state=offered&format=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2 and "Bob Brown" in lines[1] and "20.00" in lines[1]
    assert "No contract stands at" in text(ruth.get("/recruiting/offers/?state=notice"))


def test_the_list_of_contracts_asks_as_much_for_many_as_for_few(house, ruth, alice):
    offered(house, alice)
    ruth.get("/recruiting/offers/")
    cache.clear()
    with counting() as few:
        ruth.get("/recruiting/offers/")
    for n in range(12):
        offered(house, hire(house, name=f"Many{n} Person"))
    cache.clear()
    with counting() as many:
        ruth.get("/recruiting/offers/")
    assert len(many) == len(few)


# --- The tutor's other pages --------------------------------------------------------------------


def test_qualifications_tell_what_is_held_and_what_is_open(house, alice):
    page = text(come_in(alice.account).get("/work/qualifications/"))
    assert "Psychiatry" in page and "Level 2, Experienced" in page
    assert "No proof is noted yet" in page


def test_the_week_is_saved_as_spans_and_shown_again(house, alice):
    me = come_in(alice.account)
    form = {
        "half": [
            "monday-09:30", "monday-10:00", "monday-10:30", "monday-14:00",
            "friday-23:30", "someday-03:00", "monday-03:15",
        ],
        "away0-start": str(TODAY), "away0-end": str(TODAY + timedelta(days=2)),
        "away1-start": "", "away1-end": "",
    }  # fmt: skip
    assert me.post("/work/availability/", form).status_code == 303
    alice.refresh_from_db()
    week = alice.availability["week"]
    assert week["monday"] == [["09:30", "11:00"], ["14:00", "14:30"]]
    assert week["friday"] == [["23:30", "24:00"]]
    page = text(me.get("/work/availability/"))
    ticked = re.findall(r'value="([a-z]+-[0-9:]+)"\s+checked', page)
    assert sorted(ticked) == [
        "friday-23:30", "monday-09:30", "monday-10:00", "monday-10:30", "monday-14:00",
    ]  # fmt: skip
    assert '<output id="hours">2.5</output>' in page
    assert str(TODAY + timedelta(days=2)) in page


def test_the_home_leads_to_the_week_from_the_presence_block(house, alice):
    page = come_in(alice.account).get("/work/").content.decode()
    menus = re.findall(r'class="menu presence-menu".*?presence-note', page, re.S)
    assert len(menus) == 2
    assert all('href="/work/availability/"' in menu.partition("Or pause")[2] for menu in menus)


def test_the_week_shows_every_half_hour_that_a_kept_span_touches(house, alice):
    plan = {"week": {"sunday": [["09:15", "10:00"], ["23:45", "24:00"]]}, "time_off": []}
    set_availability(tutor=alice, **plan, actor=alice.account, at=NOW)
    me = come_in(alice.account)
    page = text(me.get("/work/availability/"))
    ticked = re.findall(r'value="([a-z]+-[0-9:]+)"\s+checked', page)
    assert ticked == ["sunday-09:00", "sunday-09:30", "sunday-23:30"]
    many = [f"monday-{hour:02}:00" for hour in range(9)]
    answer = me.post("/work/availability/", {"half": many})
    assert answer.status_code == 422 and "At most 8 separate stretches a day." in text(answer)


def test_time_off_that_ends_before_it_begins_is_refused(house, alice):
    me = come_in(alice.account)
    form = {"away0-start": str(TODAY), "away0-end": str(TODAY - timedelta(days=2))}
    answer = me.post("/work/availability/", form)
    assert answer.status_code == 422 and "The same day or a later one." in text(answer)
    alice.refresh_from_db()
    assert alice.availability == {}
