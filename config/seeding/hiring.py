"""A tutor from nothing to ready for work, in the words of the operations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from payments.demo import give_bank_account
from tutors.models import Tutor
from tutors.operations.agreeing import offer_agreement, sign_agreement
from tutors.operations.contracting import Offered, countersign, offer, sign
from tutors.operations.onboarding import Profile, add_tutor
from tutors.operations.presence import set_presence
from tutors.operations.qualifying import grant
from tutors.rules.signing import Signature
from tutors.rules.states import AgreementKind, Presence
from workforce.models import Account
from workforce.rules.roles import Role

PRESENT_FOR = timedelta(days=7) - timedelta(minutes=1)
STARTED_BEFORE = timedelta(days=30)
CAP_SECONDS_WEEK = 40 * 3600


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Who is hired and for what. `qualified` maps specialities to levels."""

    name: str
    email: str
    country: str
    time_zone: str
    domains: Sequence[str]
    qualified: Mapping[str, int]
    roles: Sequence[Role] = (Role.TUTOR,)
    languages: Sequence[tuple[str, str]] = (("en", "C2"),)
    capacity: int = 3
    password: str = ""
    is_demo: bool = False


def bring_in(*, newcomer: Newcomer, recruiter: Account, at: datetime) -> Tutor:
    """The account, the profile and the qualifications; no contract yet."""
    added = add_tutor(
        profile=Profile(
            email=newcomer.email,
            name=newcomer.name,
            country=newcomer.country,
            time_zone=newcomer.time_zone,
            domains=newcomer.domains,
            languages=newcomer.languages,
            capacity=newcomer.capacity,
        ),
        actor=recruiter,
        at=at,
        roles=newcomer.roles,
        password=newcomer.password,
        is_demo=newcomer.is_demo,
    )
    for speciality, level in newcomer.qualified.items():
        grant(
            tutor=added.tutor,
            speciality=speciality,
            level=level,
            expires_at=at + timedelta(days=365),
            actor=recruiter,
            at=at - STARTED_BEFORE,  # as old as the contract: past hours have their rate
        )
    return added.tutor


def take_on(*, tutor: Tutor, recruiter: Account, at: datetime, clients: Sequence[str] = ()) -> None:
    """The contract signed by both, the papers signed, and taking work for a week."""
    contract = offer(
        tutor=tutor,
        offered=Offered(
            starts_on=(at - STARTED_BEFORE).date(),
            cap_seconds_week=CAP_SECONDS_WEEK,
            currency="USD",
        ),
        actor=recruiter,
        at=at,
    )
    account = tutor.account
    give_bank_account(tutor=tutor, at=at)
    sign(contract=contract, signature=_hand(account, at=at), account=account, at=at)
    countersign(contract=contract, signature=_hand(recruiter, at=at), account=recruiter, at=at)
    papers = [(AgreementKind.IP, "lectern"), (AgreementKind.CONDUCT, "lectern")]
    papers += [(AgreementKind.NDA, f"client:{client}") for client in clients]
    for kind, party in papers:
        agreement = offer_agreement(tutor=tutor, kind=kind, party=party, actor=recruiter, at=at)
        sign_agreement(agreement=agreement, signature=_hand(account, at=at), account=account, at=at)
    set_presence(
        tutor=tutor, state=Presence.TAKING_WORK, until=at + PRESENT_FOR, actor=account, at=at
    )


def _hand(account: Account, *, at: datetime) -> Signature:
    return Signature(typed_name=account.name, viewed_at=at)
