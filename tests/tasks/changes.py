"""What may change about somebody between an offer and its acceptance, each by the operation that
a person would use, or by time alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.tasks.backgrounds import GROUNDS, Ground
from tests.tasks.crew import Crew, moment
from tutors.models import Contract, Tutor
from tutors.operations.contracting import end
from tutors.operations.onboarding import change_profile
from tutors.operations.presence import set_presence
from tutors.operations.qualifying import grant, revoke
from tutors.operations.vetting import Proof, add_credential, verify_credential
from tutors.rules.states import CredentialStatus, CredentialType, Presence, Verified
from workforce.operations.admitting import close_account

Act = Callable[[Crew, Tutor], Any]


def _nothing(crew: Crew, tutor: Tutor) -> None:
    """She has it from the start."""


@dataclass(frozen=True)
class Change:
    """`give` and `take` of a fact; `rule` asks for it where it is not asked of everybody.

    Without `take` it is lost by time: `later` after now.
    """

    code: str
    take: Act | None = None
    give: Act = _nothing
    rule: dict[str, Any] | None = None
    later: timedelta = field(default=timedelta())

    @classmethod
    def of(cls, ground: Ground) -> "Change":
        return cls(ground.code, take=ground.take, give=ground.give, rule=ground.rule)


def _revoke(crew: Crew, tutor: Tutor) -> None:
    for held in tutor.qualifications.filter(state="granted"):
        revoke(qualification=held, reason="x", actor=crew.ruth, at=moment())


def _qualified_for_an_hour(crew: Crew, tutor: Tutor) -> None:
    grant(
        tutor=tutor,
        speciality="stem.mathematics",
        level=1,
        expires_at=moment() + timedelta(hours=1),
        actor=crew.ruth,
        at=moment(),
    )


def _degree(crew: Crew, tutor: Tutor) -> None:
    proof = Proof(
        type=CredentialType.DEGREE,
        status=CredentialStatus.AWARDED,
        field="mathematics",
        name="PhD",
        expires_on=(moment() + timedelta(days=1)).date(),
    )
    made = add_credential(tutor=tutor, proof=proof, actor=crew.ruth, at=moment())
    _check(made, crew, status=None)


def _no_degree(crew: Crew, tutor: Tutor) -> None:
    _check(tutor.credentials.get(), crew, status=CredentialStatus.REFUSED)


def _check(credential: Any, crew: Crew, *, status: CredentialStatus | None) -> None:
    verify_credential(
        credential=credential,
        level=Verified.DOCUMENT,
        source="The register",
        status=status,
        actor=crew.ruth,
        at=moment(),
    )


def _ends(crew: Crew, tutor: Tutor) -> None:
    held = Contract.objects.get(tutor=tutor)
    end(contract=held, reason="x", actor=tutor.account, at=moment())


def _notice(crew: Crew, tutor: Tutor) -> None:
    held = Contract.objects.get(tutor=tutor)
    last = (moment() + timedelta(days=2)).date()
    end(contract=held, reason="x", actor=tutor.account, at=moment(), ends_on=last)


def _speaks(*languages: tuple[str, str]) -> Act:
    return lambda crew, tutor: change_profile(
        tutor=tutor, changes={"languages": languages}, actor=crew.ruth, at=moment()
    )


def _pause(crew: Crew, tutor: Tutor) -> None:
    set_presence(tutor=tutor, state=Presence.PAUSED, actor=tutor.account, at=moment())


def _leave(crew: Crew, tutor: Tutor) -> None:
    close_account(account=tutor.account, reason="x", actor=crew.max, at=moment())


DEGREE = {
    "kind": "credential",
    "type": "degree",
    "degrees": ["PhD"],
    "field": "mathematics",
    "status": ["awarded"],
    "verified": "document",
}
GERMAN = {"kind": "language", "tag": "de", "min": "C1"}

CHANGES: dict[str, Change] = {
    "qualification revoked": Change("qualification_missing", take=_revoke),
    "qualification lapses": Change(
        "qualification_expiring", give=_qualified_for_an_hour, later=timedelta(hours=2)
    ),
    "credential refused": Change("credential_status", take=_no_degree, give=_degree, rule=DEGREE),
    "credential lapses": Change(
        "credential_expiring", give=_degree, rule=DEGREE, later=timedelta(days=3)
    ),
    "contract ended": Change("contract_ended", take=_ends),
    "contract runs out": Change("contract_ended", give=_notice, later=timedelta(days=4)),
    "account closed": Change("account_closed", take=_leave),
    "paused": Change("paused", take=_pause),
    "language changed": Change(
        "language_missing",
        take=_speaks(("en", "C2")),
        give=_speaks(("en", "C2"), ("de", "C1")),
        rule=GERMAN,
    ),
    **{name: Change.of(ground) for name, ground in GROUNDS.items()},
}
