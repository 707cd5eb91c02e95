"""The life of a contract, and everything that must not happen to it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.people import knock
from tests.tutors.hiring import (
    HOUR,
    NOW,
    TODAY,
    House,
    hand,
    hire,
    put_under_contract,
)
from tutors.models import Contract, ContractRate, ContractVersion, SignatureEvidence, Tutor
from tutors.operations.contracting import (
    Amendment,
    CannotCountersign,
    Offered,
    amend,
    countersign,
    end,
    end_lapsed,
    offer,
    sign,
)
from tutors.queries.cards import cards_at
from tutors.queries.facts import facts_for
from tutors.queries.invariants import checks
from tutors.rules.eligibility.conditions import contract as judge_contract
from tutors.rules.rates import resolve
from tutors.rules.states import WorkRole
from workforce.doors import now
from workforce.models import Event
from workforce.operations.admitting import grant_role
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + timedelta(minutes=10)
"""After whatever was offered through the API, which reads the clock."""


@pytest.fixture
def alice(house: House) -> Tutor:
    return hire(house)


def code(tutor: Tutor, at: datetime) -> str:
    return judge_contract(facts_for(tutor_ids=[tutor.pk], at=at)[tutor.pk].contract, at=at).code


def rate(
    tutor: Tutor,
    at: datetime,
    *,
    project_id: str = "P-1",
    role: WorkRole = WorkRole.ATTEMPT,
) -> int:
    found = resolve(
        facts=facts_for(tutor_ids=[tutor.pk], at=at)[tutor.pk],
        cards=cards_at(at=at),
        domain="medicine.psychiatry",
        role=role,
        complexity=1,
        project_id=project_id,
        at=at,
    )
    return found.minor_hourly if found else 0


def everything() -> tuple[object, ...]:
    return (
        list(Contract.objects.values_list("id", "state", "ends_at")),
        list(ContractVersion.objects.values_list("id", "state", "effective")),
        ContractRate.objects.count(),
        SignatureEvidence.objects.count(),
        Event.objects.filter(kind__startswith="tutors.").count(),
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end": str(TODAY - DAY)}, "end"),
        ({"start": str(TODAY - 400 * DAY)}, "start"),
        ({"start": "soon"}, "start"),
        ({"start": "0001-01-01"}, "start"),
        ({"end": "9999-12-31"}, "end"),
        ({"rate_minor_hourly": 11_499}, "rate_minor_hourly"),
        ({"rate_minor_hourly": 35_001}, "rate_minor_hourly"),
        ({"rate_minor_hourly": 0}, "rate_minor_hourly"),
        ({"rate_minor_hourly": 20_000, "speciality": "stem"}, "rate_minor_hourly"),
        ({"rate_minor_hourly": 20_000, "currency": "EUR"}, "rate_minor_hourly"),
        ({"currency": "dollars"}, "currency"),
        ({"cap_seconds_week": 0}, "cap_seconds_week"),
        ({"notice_days": 0}, "notice_days"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"state": "active"}, "state"),
        ({"signed_at": NOW.isoformat()}, "signed_at"),
    ],
)
def test_bad_conditions_are_refused_and_change_nothing(
    house: House, alice: Tutor, change: dict[str, Any], field: str
) -> None:
    before = everything()
    body = {"start": str(TODAY), **change}
    answer = house.post(f"tutors/{alice.public_id}/contracts/", body)
    assert answer.status_code == 400, answer.json()
    assert field in answer.json()["errors"]
    assert everything() == before


def test_without_a_rate_the_tier_pays_and_is_a_floor(house: House, alice: Tutor) -> None:
    contract = put_under_contract(house, alice)
    (agreed,) = contract.versions.get().rates.all()
    assert (agreed.source, agreed.rate_minor_hourly) == ("tier", 17_500)
    assert rate(alice, NOW) == 17_500


def test_an_override_within_the_range_pays(house: House, alice: Tutor) -> None:
    put_under_contract(house, alice, rate_minor_hourly=20_000)
    assert rate(alice, NOW) == 20_000


def test_rates_for_a_project_and_a_role(house: House, alice: Tutor) -> None:
    body = {
        "start": str(TODAY),
        "rate_minor_hourly": 20_000,
        "special_rates": [
            {"rate_minor_hourly": 22_000, "project": "P-1"},
            {"rate_minor_hourly": 25_000, "role": "review"},
        ],
    }
    answer = house.post(f"tutors/{alice.public_id}/contracts/", body)
    assert answer.status_code == 201, answer.json()
    text = answer.json()["versions"][0]["text"]
    assert "$220.00 USD an hour (agreed) on project P-1" in text
    contract = Contract.objects.select_related("tutor").get()
    later = now() + timedelta(minutes=1)
    sign(
        contract=contract, signature=hand(alice.account, at=later), account=alice.account, at=later
    )
    countersign(
        contract=contract, signature=hand(house.ruth, at=later), account=house.ruth, at=later
    )
    assert rate(alice, later) == 22_000
    assert rate(alice, later, project_id="P-2") == 20_000
    assert rate(alice, later, project_id="P-2", role=WorkRole.REVIEW) == 25_000


@pytest.mark.parametrize(
    "special",
    [
        [{"rate_minor_hourly": 20_000}],
        [{"rate_minor_hourly": 20_000, "project": "P-1"}] * 2,
        [{"rate_minor_hourly": 50_000, "project": "P-1"}],
        [{"rate_minor_hourly": 20_000, "project": "Project 1"}],
        [{"rate_minor_hourly": 20_000, "project": "P-1", "state": "signed"}],
    ],
)
def test_a_special_rate_that_is_none(house: House, alice: Tutor, special: Any) -> None:
    body = {"start": str(TODAY), "special_rates": special}
    answer = house.post(f"tutors/{alice.public_id}/contracts/", body)
    assert answer.status_code == 400
    assert any(name.startswith("special_rates") for name in answer.json()["errors"])
    assert Contract.objects.count() == 0


def test_days_are_days_in_the_contracts_zone(house: House, alice: Tutor) -> None:
    contract = put_under_contract(
        house, alice, zone="Asia/Kolkata", starts_on=TODAY + DAY, ends_on=TODAY + DAY
    )
    assert contract.ends_at is not None
    assert contract.ends_at - contract.starts_at == DAY
    assert contract.starts_at.isoformat()[11:16] == "18:30"
    assert code(alice, contract.starts_at - timedelta(seconds=1)) == "contract_not_started"
    assert code(alice, contract.starts_at) == "contract_in_force"
    assert code(alice, contract.ends_at - timedelta(seconds=1)) == "contract_in_force"
    assert code(alice, contract.ends_at) == "contract_ended"


def test_a_second_offer_waits(house: House, alice: Tutor) -> None:
    path, body = f"tutors/{alice.public_id}/contracts/", {"start": str(TODAY)}
    assert house.post(path, body).status_code == 201
    before = everything()
    again = house.post(path, body)
    assert (again.status_code, again.json()["code"]) == (409, "contract_in_the_way")
    assert everything() == before


def test_only_the_tutor_signs_and_only_the_house_countersigns(house: House, alice: Tutor) -> None:
    contract = offer(tutor=alice, offered=Offered(starts_on=TODAY), actor=house.ruth, at=NOW)
    path = f"/api/v1/contracts/{contract.public_id}"
    bob = hire(house, name="Bob Brown")
    before = everything()
    grant_role(account=house.rita, role=Role.TUTOR, actor=None, at=NOW)

    wrong = [
        (house.ruth, "sign", 403, "not_allowed"),
        (house.rita, "sign", 403, "not_the_signer"),
        (bob.account, "sign", 404, "not_found"),
        (alice.account, "countersign", 403, "not_allowed"),
        (house.rita, "countersign", 409, "contract_not_signed"),
    ]
    for account, verb, status, reason in wrong:
        answer = knock(account).post(f"{path}/{verb}/", {"typed_name": account.name}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (status, reason), (account, verb)
    assert everything() == before


def test_a_tutor_who_recruits_cannot_countersign_herself(house: House, alice: Tutor) -> None:
    grant_role(account=alice.account, role=Role.RECRUITER, actor=None, at=NOW)
    her = knock(alice.account)
    own = her.post(
        f"/api/v1/tutors/{alice.public_id}/contracts/", {"start": str(TODAY)}, format="json"
    )
    assert (own.status_code, own.json()["code"]) == (403, "not_by_oneself")
    contract = offer(tutor=alice, offered=Offered(starts_on=TODAY), actor=house.ruth, at=NOW)
    body, path = {"typed_name": "Alice Adams"}, f"/api/v1/contracts/{contract.public_id}"
    assert her.post(f"{path}/sign/", body, format="json").status_code == 200
    refused = her.post(f"{path}/countersign/", body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_signer")
    contract.refresh_from_db()
    assert contract.state == "signed"


@pytest.mark.parametrize(
    ("signature", "status", "field"),
    [
        ({"typed_name": "Alice A."}, 400, "typed_name"),
        ({}, 400, "typed_name"),
        ({"typed_name": "Alice Adams", "viewed_at": "2020-01-01T00:00:00Z"}, 400, "viewed_at"),
        ({"typed_name": "Alice Adams", "viewed_at": "2999-01-01T00:00:00Z"}, 400, "viewed_at"),
        ({"typed_name": "Alice Adams", "sha256": "0" * 64}, 409, None),
    ],
)
def test_a_signature_that_is_none(
    house: House, alice: Tutor, signature: dict[str, str], status: int, field: str | None
) -> None:
    contract = offer(tutor=alice, offered=Offered(starts_on=TODAY), actor=house.ruth, at=NOW)
    before = everything()
    answer = knock(alice.account).post(
        f"/api/v1/contracts/{contract.public_id}/sign/", signature, format="json"
    )
    assert answer.status_code == status
    assert field is None or field in answer.json()["errors"]
    assert everything() == before


def test_a_raise_counts_from_countersigning(house: House, alice: Tutor) -> None:
    contract = put_under_contract(house, alice, rate_minor_hourly=20_000)
    later = NOW + timedelta(hours=1)
    amend(
        contract=contract,
        amendment=Amendment(rate_minor_hourly=21_000),
        actor=house.ruth,
        at=later,
    )
    assert rate(alice, later) == 20_000
    sign(
        contract=contract, signature=hand(alice.account, at=later), account=alice.account, at=later
    )
    assert rate(alice, later) == 20_000
    last = later + timedelta(hours=1)
    countersign(contract=contract, signature=hand(house.ruth, at=last), account=house.ruth, at=last)
    assert rate(alice, last - timedelta(seconds=1)) == 20_000
    assert rate(alice, last) == 21_000
    spans = [(v.effective.lower, v.effective.upper) for v in contract.versions.order_by("number")]
    assert spans == [(contract.starts_at, last), (last, None)]


def test_a_lower_rate_counts_after_notice(house: House, alice: Tutor) -> None:
    contract = put_under_contract(house, alice, rate_minor_hourly=20_000)
    amend(
        contract=contract,
        amendment=Amendment(rate_minor_hourly=19_000),
        actor=house.ruth,
        at=NOW,
    )
    sign(contract=contract, signature=hand(alice.account), account=alice.account, at=NOW)
    countersign(contract=contract, signature=hand(house.ruth), account=house.ruth, at=NOW)
    assert rate(alice, NOW + 14 * DAY - timedelta(seconds=1)) == 20_000
    assert rate(alice, NOW + 14 * DAY) == 19_000


def test_a_lower_rate_that_could_never_count_is_not_countersigned(
    house: House, alice: Tutor
) -> None:
    contract = put_under_contract(house, alice, rate_minor_hourly=20_000, ends_on=TODAY + 5 * DAY)
    lower = Amendment(rate_minor_hourly=19_000)
    amend(contract=contract, amendment=lower, actor=house.ruth, at=NOW)
    sign(contract=contract, signature=hand(alice.account), account=alice.account, at=NOW)
    before = everything()
    with pytest.raises(CannotCountersign):
        countersign(contract=contract, signature=hand(house.ruth), account=house.ruth, at=NOW)
    assert everything() == before


def test_a_contract_that_has_not_begun_can_be_amended(house: House, alice: Tutor) -> None:
    contract = put_under_contract(
        house, alice, rate_minor_hourly=20_000, starts_on=TODAY + 30 * DAY
    )
    higher = Amendment(rate_minor_hourly=21_000)
    amend(contract=contract, amendment=higher, actor=house.ruth, at=NOW)
    sign(contract=contract, signature=hand(alice.account), account=alice.account, at=NOW)
    countersign(contract=contract, signature=hand(house.ruth), account=house.ruth, at=NOW)
    assert rate(alice, contract.starts_at + timedelta(seconds=1)) == 21_000


def test_an_amendment_keeps_what_it_does_not_name(house: House, alice: Tutor) -> None:
    contract = put_under_contract(house, alice, cap_seconds_week=20 * HOUR)
    answer = house.post(f"contracts/{contract.public_id}/amend/", {"cap_seconds_week": 30 * HOUR})
    second = answer.json()["versions"][1]
    assert (second["cap_seconds_week"], second["state"]) == (30 * HOUR, "offered")
    assert second["rates"][0]["rate_minor_hourly"] == 17_500
    third = house.post(
        f"contracts/{contract.public_id}/amend/", {"cap_seconds_week": 10 * HOUR}
    ).json()
    assert [v["state"] for v in third["versions"]] == ["in_force", "withdrawn", "offered"]
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"rate_minor_hourly": 50_000}, 400),
        ({"notice_days": 1}, 400),
        ({"cap_seconds_week": HOUR, "effective_on": str(TODAY - 10 * DAY)}, 400),
        ({"cap_seconds_week": HOUR, "effective_on": "0001-01-01"}, 400),
        ({"cap_seconds_week": HOUR, "effective_on": "9999-12-31"}, 400),
    ],
)
def test_a_bad_amendment_changes_nothing(
    house: House, alice: Tutor, body: dict[str, Any], status: int
) -> None:
    contract = put_under_contract(house, alice)
    before = everything()
    answer = house.post(f"contracts/{contract.public_id}/amend/", body)
    assert answer.status_code == status, answer.json()
    assert everything() == before


def test_what_is_not_in_force_cannot_be_amended(house: House, alice: Tutor) -> None:
    contract = offer(tutor=alice, offered=Offered(starts_on=TODAY), actor=house.ruth, at=NOW)
    answer = house.post(f"contracts/{contract.public_id}/amend/", {"cap_seconds_week": HOUR})
    assert (answer.status_code, answer.json()["code"]) == (409, "contract_not_in_force")


def test_the_house_gives_notice(house: House, alice: Tutor) -> None:
    contract = put_under_contract(house, alice)
    path = f"contracts/{contract.public_id}/end/"
    early = house.post(path, {"reason": "Less work.", "ends_on": str(TODAY + 3 * DAY)})
    assert early.status_code == 400
    assert "ends_on" in early.json()["errors"]
    told = house.post(path, {"reason": "Less work."}).json()
    assert told["state"] == "notice"
    contract.refresh_from_db()
    assert contract.ends_at is not None
    assert code(alice, contract.ends_at - timedelta(seconds=1)) == "contract_in_force"
    assert code(alice, contract.ends_at) == "contract_ended"
    assert end_lapsed(at=contract.ends_at - timedelta(seconds=1)) == 0
    assert end_lapsed(at=contract.ends_at) == 1
    assert end_lapsed(at=contract.ends_at) == 0
    contract.refresh_from_db()
    assert contract.state == "ended"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_contract_ends_outside_time(house: House, alice: Tutor, day: str) -> None:
    contract = put_under_contract(house, alice)
    body = {"reason": "A typing mistake.", "ends_on": day}
    answer = house.post(f"contracts/{contract.public_id}/end/", body)
    assert answer.status_code == 400
    contract.refresh_from_db()
    assert (contract.state, contract.ends_at) == ("active", None)


def test_the_tutor_may_leave_at_once(house: House, alice: Tutor) -> None:
    contract = put_under_contract(house, alice)
    answer = knock(alice.account).post(
        f"/api/v1/contracts/{contract.public_id}/end/", {"reason": "A new post."}, format="json"
    )
    assert answer.json()["state"] == "ended"
    again = knock(alice.account).post(
        f"/api/v1/contracts/{contract.public_id}/end/", {"reason": "Again."}, format="json"
    )
    assert (again.status_code, again.json()["code"]) == (409, "contract_is_over")


def test_an_offer_is_withdrawn_and_made_anew(house: House, alice: Tutor) -> None:
    contract = offer(tutor=alice, offered=Offered(starts_on=TODAY), actor=house.ruth, at=NOW)
    end(contract=contract, reason="A typing mistake.", actor=house.ruth, at=NOW)
    assert contract.versions.get().state == "withdrawn"
    signed = knock(alice.account).post(
        f"/api/v1/contracts/{contract.public_id}/sign/",
        {"typed_name": "Alice Adams"},
        format="json",
    )
    assert (signed.status_code, signed.json()["code"]) == (409, "contract_not_on_offer")
    assert put_under_contract(house, alice).state == "active"


def test_a_contract_follows_one_that_has_run_out(house: House, alice: Tutor) -> None:
    first = put_under_contract(house, alice, ends_on=TODAY)
    assert first.ends_at is not None
    second = put_under_contract(house, alice, at=first.ends_at)
    first.refresh_from_db()
    assert (first.state, second.state) == ("ended", "active")


def test_hours_of_then_are_under_the_contract_of_then(house: House, alice: Tutor) -> None:
    first = put_under_contract(house, alice, rate_minor_hourly=20_000, ends_on=TODAY)
    assert first.ends_at is not None
    put_under_contract(house, alice, at=first.ends_at, rate_minor_hourly=30_000)
    assert (code(alice, NOW), rate(alice, NOW)) == ("contract_in_force", 20_000)
    later = first.ends_at + timedelta(hours=1)
    assert (code(alice, later), rate(alice, later)) == ("contract_in_force", 30_000)


def test_a_withdrawn_offer_was_never_in_force(house: House, alice: Tutor) -> None:
    offered = Offered(starts_on=TODAY - 10 * DAY)
    contract = offer(tutor=alice, offered=offered, actor=house.ruth, at=NOW)
    end(contract=contract, reason="A typing mistake.", actor=house.ruth, at=NOW)
    assert code(alice, NOW - DAY) == "contract_ended"


def test_what_was_signed_stays(house: House, alice: Tutor) -> None:
    contract = put_under_contract(house, alice)
    for change in (
        lambda: contract.versions.update(cap_seconds_week=1),
        lambda: contract.versions.update(state="offered"),
        lambda: contract.versions.update(countersigned_at=NOW + DAY),
        lambda: contract.versions.all().delete(),
        lambda: ContractRate.objects.update(rate_minor_hourly=1),
        lambda: SignatureEvidence.objects.update(typed_name="Mallory"),
        lambda: SignatureEvidence.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert [c.name for c in checks(at=NOW) if list(c.problems)] == []


def test_a_forged_signature_is_found(house: House, alice: Tutor) -> None:
    from django.db import connection

    put_under_contract(house, alice)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE tutors_signatureevidence SET typed_name = 'Mallory'")
    found = {c.name: list(c.problems) for c in checks(at=NOW)}
    assert len(found["signature_chain_holds"]) == 2
