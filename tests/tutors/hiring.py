"""Ruth hires Alice: the steps of the road, through the API or the operations."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rest_framework.test import APIClient

from tests.people import knock, person
from tutors.models import Contract, Tutor
from tutors.operations.contracting import Offered, countersign, offer, sign
from tutors.operations.onboarding import Profile, add_tutor
from tutors.operations.qualifying import grant
from tutors.rules.signing import Signature
from workforce.models import Account
from workforce.operations.founding import found
from workforce.rules.roles import Role

NOW = datetime.now(UTC)
TODAY = NOW.date()
HOUR = 3600

ALICE: dict[str, Any] = {
    "email": "alice@example.org",
    "name": "Alice Adams",
    "country": "GB",
    "time_zone": "Europe/London",
    "domains": ["medicine.psychiatry"],
    "languages": [{"tag": "en", "level": "native"}, {"tag": "de", "level": "C1"}],
    "capacity": 2,
    "headline": "Psychiatrist, twelve years on the ward.",
}
LICENCE: dict[str, Any] = {
    "type": "licence",
    "profession": "physician",
    "jurisdiction": "GB",
    "issuer": "General Medical Council",
    "number": "GMC 7290114",
    "expires_on": str(TODAY + timedelta(days=400)),
}


@dataclass
class House:
    """Ruth and Rita recruit; reference data is loaded."""

    ruth: Account
    rita: Account
    api: APIClient

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.api.post(f"/api/v1/{path}", body or {}, format="json", **options)


def open_house() -> House:
    found(at=NOW)
    ruth, rita = person("Ruth", Role.RECRUITER), person("Rita", Role.RECRUITER)
    return House(ruth=ruth, rita=rita, api=knock(ruth))


def hire(
    house: House,
    *,
    name: str = "Alice Adams",
    speciality: str = "medicine.psychiatry",
    level: int = 2,
    at: datetime = NOW,
) -> Tutor:
    """A tutor with a qualification, without a contract, through the operations."""
    first = name.split()[0].lower()
    profile = Profile(
        email=f"{first}@example.org",
        name=name,
        country="GB",
        time_zone="Europe/London",
        domains=[speciality],
        languages=[("en", "native")],
    )
    tutor = add_tutor(profile=profile, actor=house.ruth, at=at).tutor
    grant(
        tutor=tutor,
        speciality=speciality,
        level=level,
        expires_at=at + timedelta(days=365),
        actor=house.ruth,
        at=at,
    )
    return tutor


def hand(account: Account, *, at: datetime = NOW) -> Signature:
    return Signature(typed_name=account.name, viewed_at=at)


def put_under_contract(
    house: House, tutor: Tutor, *, at: datetime = NOW, **conditions: Any
) -> Contract:
    """Offered by Ruth, signed by the tutor, countersigned by Ruth."""
    offered = Offered(**{"starts_on": at.date(), **conditions})
    contract = offer(tutor=tutor, offered=offered, actor=house.ruth, at=at)
    sign(
        contract=contract,
        signature=hand(tutor.account, at=at),
        account=tutor.account,
        at=at,
    )
    return countersign(
        contract=contract, signature=hand(house.ruth, at=at), account=house.ruth, at=at
    )
