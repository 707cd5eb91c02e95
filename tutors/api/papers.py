"""Contracts and agreements: offered, signed, countersigned, amended, ended."""

from typing import Any

from rest_framework import serializers

from tutors import doors
from tutors.doors import SignatureRequest, signature_of
from tutors.operations import contracting
from tutors.operations.agreeing import offer_agreement, sign_agreement
from tutors.operations.contracting import Amendment, Offered
from tutors.queries import people
from tutors.rules.contracts import (
    CAP_SECONDS_WEEK_MAX,
    NOTICE_DAYS,
    NOTICE_DAYS_MAX,
    PAYMENT_DUE_DAYS,
)
from tutors.rules.states import AgreementKind
from workforce.doors.desk import Body, Call, Desk, door
from workforce.doors.paging import Filters
from workforce.rules.roles import STAFF, Role

SEERS = STAFF | {Role.TUTOR}
RECRUITERS = [Role.RECRUITER]
PARTY = r"^(lectern|client:C-[1-9][0-9]{0,18})$"
RATE_MAX = 10_000_000
PAYMENT_DUE_DAYS_MAX = 60


class RateAnswer(serializers.Serializer[Any]):
    rate_minor_hourly = serializers.IntegerField()
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="`tier`: at least this; `override`: agreed."
    )
    speciality = serializers.CharField(source="domain.slug", default=None, allow_null=True)
    role = serializers.CharField(allow_blank=True)
    project = serializers.CharField(allow_blank=True)


class VersionAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.CharField()
    effective_from = serializers.DateTimeField(source="effective.lower", allow_null=True)
    effective_until = serializers.DateTimeField(source="effective.upper", allow_null=True)
    currency = serializers.CharField()
    rates = RateAnswer(many=True)
    cap_seconds_week = serializers.IntegerField(allow_null=True)
    notice_days = serializers.IntegerField()
    payment_due_days = serializers.IntegerField()
    offered_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    countersigned_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField(source="paper.sha256")
    text = serializers.CharField(source="paper.text", help_text="The exact text to be signed.")


class ContractAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    tutor = serializers.CharField(source="tutor.public_id")
    state = serializers.CharField()
    zone = serializers.CharField()
    currency = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    offered_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    countersigned_at = serializers.DateTimeField(allow_null=True)
    notice_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField(allow_blank=True)
    versions = VersionAnswer(many=True)


class AgreementAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    tutor = serializers.CharField(source="tutor.public_id")
    kind = serializers.CharField()
    party = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    offered_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField(source="paper.sha256")
    text = serializers.CharField(source="paper.text", help_text="The exact text to be signed.")


class EvidenceAnswer(serializers.Serializer[Any]):
    part = serializers.CharField()
    version = serializers.IntegerField()
    account = serializers.CharField(source="account.public_id")
    typed_name = serializers.CharField()
    sha256 = serializers.CharField()
    consent_version = serializers.IntegerField()
    viewed_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField()
    address = serializers.CharField(allow_null=True)
    user_agent = serializers.CharField(allow_blank=True)
    method = serializers.CharField()
    previous = serializers.CharField()
    digest = serializers.CharField()


class ContractRequest(Body):
    start = serializers.DateField(help_text="First day, in the contract's zone.")
    end = serializers.DateField(default=None, allow_null=True, help_text="Last day; open if null.")
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="USD")
    zone = serializers.CharField(
        max_length=64, default=None, allow_null=True, help_text="Without it, the tutor's own."
    )
    rate_minor_hourly = serializers.IntegerField(
        min_value=1,
        max_value=RATE_MAX,
        default=None,
        allow_null=True,
        help_text="Within the tier's range; without it, the tier's rate of each field.",
    )
    speciality = serializers.CharField(max_length=120, default="", allow_blank=True)
    cap_seconds_week = serializers.IntegerField(
        min_value=1, max_value=CAP_SECONDS_WEEK_MAX, default=None, allow_null=True
    )
    notice_days = serializers.IntegerField(
        min_value=0, max_value=NOTICE_DAYS_MAX, default=NOTICE_DAYS
    )
    payment_due_days = serializers.IntegerField(
        min_value=0, max_value=PAYMENT_DUE_DAYS_MAX, default=PAYMENT_DUE_DAYS
    )


class AmendRequest(Body):
    effective_on = serializers.DateField(default=None, allow_null=True)
    rate_minor_hourly = serializers.IntegerField(
        min_value=1, max_value=RATE_MAX, default=None, allow_null=True
    )
    speciality = serializers.CharField(max_length=120, default="", allow_blank=True)
    cap_seconds_week = serializers.IntegerField(
        min_value=1, max_value=CAP_SECONDS_WEEK_MAX, default=None, allow_null=True
    )
    notice_days = serializers.IntegerField(
        min_value=0, max_value=NOTICE_DAYS_MAX, default=None, allow_null=True
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        changes = ("rate_minor_hourly", "cap_seconds_week", "notice_days")
        if all(attrs.get(name) is None for name in changes):
            message = "Change the rate, the cap or the notice."
            raise serializers.ValidationError({name: [message] for name in changes})
        return attrs


class EndRequest(Body):
    reason = serializers.CharField(max_length=500)
    ends_on = serializers.DateField(
        default=None, allow_null=True, help_text="Last day; without it, as early as notice allows."
    )


class AgreementRequest(Body):
    kind = serializers.ChoiceField([k.value for k in AgreementKind])
    party = serializers.RegexField(
        PARTY, max_length=32, help_text="`lectern`, or `client:C-12` for an NDA."
    )
    version = serializers.IntegerField(
        min_value=1, max_value=1_000, default=None, allow_null=True, help_text="Newest if null."
    )


class StateFilters(Filters):
    state = serializers.CharField(max_length=24, required=False)


def _shown(call: Call, contract: Any) -> Any:
    return people.contract_by_id(account=call.account, contract_id=contract.pk)


class TutorPapers(Desk):
    """What a recruiter offers to one tutor."""

    @door(
        "contracts_create",
        summary="Offer a contract",
        roles=RECRUITERS,
        find=doors.tutor,
        body=ContractRequest,
        answer=ContractAnswer,
        status=201,
        idempotent=True,
    )
    def offer_contract(self, call: Call) -> Any:
        """Refused while another contract is in force or on the table."""
        body = dict(call.body)
        offered = Offered(starts_on=body.pop("start"), ends_on=body.pop("end"), **body)
        contract = contracting.offer(
            tutor=call.found, offered=offered, actor=call.account, at=call.at
        )
        return _shown(call, contract)

    @door(
        "agreements_create",
        summary="Offer a paper to sign",
        roles=RECRUITERS,
        find=doors.tutor,
        body=AgreementRequest,
        answer=AgreementAnswer,
        status=201,
        idempotent=True,
    )
    def offer_agreement(self, call: Call) -> Any:
        return offer_agreement(
            tutor=call.found,
            kind=AgreementKind(call.body["kind"]),
            party=call.body["party"],
            version=call.body["version"],
            actor=call.account,
            at=call.at,
        )


class Contracts(Desk):
    @door(
        "contracts_list",
        summary="Contracts",
        roles=SEERS,
        filters=StateFilters,
        answer=ContractAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        rows = people.contracts_visible_to(account=call.account)
        return people.in_state(rows=rows, state=call.params.get("state"))

    @door(
        "contracts_show",
        summary="One contract",
        roles=SEERS,
        find=doors.contract,
        answer=ContractAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "contracts_evidence",
        summary="Who signed a contract, and how",
        roles=SEERS,
        find=doors.contract,
        answer=EvidenceAnswer,
        many=True,
    )
    def evidence(self, call: Call) -> Any:
        return people.evidence_of(subject=call.found.public_id)

    @door(
        "contracts_sign",
        summary="Sign as the tutor",
        roles=[Role.TUTOR],
        find=doors.contract,
        body=SignatureRequest,
        answer=ContractAnswer,
        idempotent=True,
    )
    def sign(self, call: Call) -> Any:
        """Signs the version on the table: the first one, or an amendment."""
        signature = signature_of(call)
        signed = contracting.sign(
            contract=call.found, signature=signature, account=call.account, at=call.at
        )
        return _shown(call, signed)

    @door(
        "contracts_countersign",
        summary="Countersign for the house",
        roles=RECRUITERS,
        find=doors.contract,
        body=SignatureRequest,
        answer=ContractAnswer,
        idempotent=True,
    )
    def countersign(self, call: Call) -> Any:
        """In force from its start on; an amendment not before now, a lower rate after notice."""
        signature = signature_of(call)
        signed = contracting.countersign(
            contract=call.found, signature=signature, account=call.account, at=call.at
        )
        return _shown(call, signed)

    @door(
        "contracts_amend",
        summary="Offer an amendment",
        roles=RECRUITERS,
        find=doors.contract,
        body=AmendRequest,
        answer=ContractAnswer,
        idempotent=True,
    )
    def amend(self, call: Call) -> Any:
        """A new version, to be signed and countersigned; one that still waited is withdrawn."""
        amended = contracting.amend(
            contract=call.found,
            amendment=Amendment(**call.body),
            actor=call.account,
            at=call.at,
        )
        return _shown(call, amended)

    @door(
        "contracts_end",
        summary="End a contract, or withdraw an offer",
        roles=[Role.RECRUITER, Role.TUTOR],
        find=doors.contract,
        body=EndRequest,
        answer=ContractAnswer,
        idempotent=True,
    )
    def end(self, call: Call) -> Any:
        """The house gives notice; the tutor may leave at once."""
        ended = contracting.end(
            contract=call.found,
            reason=call.body["reason"],
            ends_on=call.body["ends_on"],
            actor=call.account,
            at=call.at,
        )
        return _shown(call, ended)


class Agreements(Desk):
    @door(
        "agreements_list",
        summary="Papers apart from the contract",
        roles=SEERS,
        filters=StateFilters,
        answer=AgreementAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        rows = people.agreements_visible_to(account=call.account)
        return people.in_state(rows=rows, state=call.params.get("state"))

    @door(
        "agreements_show",
        summary="One paper",
        roles=SEERS,
        find=doors.agreement,
        answer=AgreementAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "agreements_evidence",
        summary="Who signed a paper, and how",
        roles=SEERS,
        find=doors.agreement,
        answer=EvidenceAnswer,
        many=True,
    )
    def evidence(self, call: Call) -> Any:
        return people.evidence_of(subject=call.found.public_id)

    @door(
        "agreements_sign",
        summary="Sign a paper",
        roles=[Role.TUTOR],
        find=doors.agreement,
        body=SignatureRequest,
        answer=AgreementAnswer,
        idempotent=True,
    )
    def sign(self, call: Call) -> Any:
        return sign_agreement(
            agreement=call.found, signature=signature_of(call), account=call.account, at=call.at
        )
