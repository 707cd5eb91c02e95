"""People on their way in: each waits at another step, so that the recruiter's day has a queue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tutors.models import Tutor
from tutors.operations.agreeing import offer_agreement
from tutors.operations.contracting import Offered, offer, sign
from tutors.operations.onboarding import Profile, add_tutor
from tutors.operations.qualifying import grant
from tutors.operations.vetting import Proof, add_credential, verify_credential
from tutors.rules.signing import Signature
from tutors.rules.states import AgreementKind, CredentialStatus, CredentialType, Verified
from workforce.models import Account

STEPS = ("invited", "proof", "checked", "qualified", "offered", "signed")
"""How far somebody has come, in the order of the road."""


@dataclass(frozen=True, kw_only=True)
class OnTheWay:
    """Who waits where, and for how many days by now."""

    name: str
    speciality: str
    country: str
    zone: str
    headline: str
    proof: str
    reached: str
    days: int

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.org"

    def has(self, step: str) -> bool:
        return STEPS.index(self.reached) >= STEPS.index(step)


PEOPLE = (
    OnTheWay(
        name="Henrik Solberg", speciality="stem.physics", country="NO", zone="Europe/Oslo",
        headline="Theoretical physicist, ten years of teaching", proof="PhD", reached="signed",
        days=1,
    ),
    OnTheWay(
        name="Lucie Marchand", speciality="finance.audit", country="FR", zone="Europe/Paris",
        headline="Auditor, listed companies", proof="Master", reached="qualified", days=2,
    ),
    OnTheWay(
        name="Tomas Reyes", speciality="medicine.cardiology", country="ES", zone="Europe/Madrid",
        headline="Cardiologist at a teaching hospital", proof="MD", reached="checked", days=3,
    ),
    OnTheWay(
        name="Amara Nwosu", speciality="medicine.psychiatry", country="GB", zone="Europe/London",
        headline="Psychiatrist, twelve years on the ward", proof="MBChB", reached="proof", days=4,
    ),
    OnTheWay(
        name="Priya Shah", speciality="visual.design", country="IN", zone="Asia/Kolkata",
        headline="Interaction designer", proof="", reached="invited", days=6,
    ),
    OnTheWay(
        name="Oskar Lind", speciality="stem.computer-science", country="SE",
        zone="Europe/Stockholm", headline="Compiler engineer", proof="MSc", reached="offered",
        days=1,
    ),
)  # fmt: skip


def bring_in(*, recruiter: Account, password: str, at: datetime) -> None:
    """Everybody to where she waits; whoever was only invited has no password yet."""
    for each in PEOPLE:
        began = at - timedelta(days=each.days)
        tutor = _add(each, recruiter=recruiter, password=password, at=began)
        if each.has("proof"):
            _prove(tutor, each, recruiter=recruiter, at=began)
        if each.has("qualified"):
            grant(
                tutor=tutor, speciality=each.speciality, level=2,
                expires_at=at + timedelta(days=365), actor=recruiter, at=began,
            )  # fmt: skip
        if each.has("offered"):
            _agree(tutor, each, recruiter=recruiter, at=began)


def _add(each: OnTheWay, *, recruiter: Account, password: str, at: datetime) -> Tutor:
    profile = Profile(
        email=each.email, name=each.name, country=each.country, time_zone=each.zone,
        domains=[each.speciality], languages=[("en", "C1")], headline=each.headline,
    )  # fmt: skip
    known = password if each.has("proof") else None
    return add_tutor(profile=profile, actor=recruiter, at=at, password=known, is_demo=True).tutor


def _prove(tutor: Tutor, each: OnTheWay, *, recruiter: Account, at: datetime) -> None:
    proof = Proof(
        type=CredentialType.DEGREE, status=CredentialStatus.AWARDED, name=each.proof,
        issuer="Invented University",
    )  # fmt: skip
    credential = add_credential(tutor=tutor, proof=proof, actor=recruiter, at=at)
    if each.has("checked"):
        verify_credential(
            credential=credential, level=Verified.PRIMARY_SOURCE,
            source="The university's register (demonstration).", actor=recruiter, at=at,
        )  # fmt: skip


def _agree(tutor: Tutor, each: OnTheWay, *, recruiter: Account, at: datetime) -> None:
    offer_agreement(
        tutor=tutor, kind=AgreementKind.CONDUCT, party="lectern", actor=recruiter, at=at
    )
    terms = Offered(starts_on=at.date(), cap_seconds_week=20 * 3600)
    contract = offer(tutor=tutor, offered=terms, actor=recruiter, at=at)
    if each.has("signed"):
        account = tutor.account
        hand = Signature(typed_name=account.name, viewed_at=at)
        sign(contract=contract, signature=hand, account=account, at=at)
