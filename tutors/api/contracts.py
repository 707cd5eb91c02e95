"""Contracts: offered, signed, countersigned, amended, ended."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tutors import doors
from tutors.doors import SignatureRequest, signature_of
from tutors.operations import contracting
from tutors.operations.contracting import Amendment, Offered
from tutors.queries import people
from tutors.rules.contracts import (
    CAP_SECONDS_WEEK_MAX,
    NOTICE_DAYS,
    NOTICE_DAYS_MAX,
    PAYMENT_DUE_DAYS,
    SPECIAL_RATES_MAX,
    SpecialRate,
)
from tutors.rules.states import WorkRole
from workforce.doors.desk import Body, Call, Desk, door
from workforce.doors.paging import Filters
from workforce.rules.roles import STAFF, Role

SEERS = STAFF | {Role.TUTOR}
RECRUITERS = [Role.RECRUITER]
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


class SpecialRateRequest(Body):
    rate_minor_hourly = serializers.IntegerField(min_value=1, max_value=RATE_MAX)
    project = serializers.RegexField(
        r"^P-[1-9][0-9]{0,18}$", default="", allow_blank=True, max_length=24
    )
    role = serializers.ChoiceField([r.value for r in WorkRole], default=None, allow_null=True)


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
    special_rates = serializers.ListSerializer[Any](
        child=SpecialRateRequest(),
        max_length=SPECIAL_RATES_MAX,
        default=list,
        help_text="Rates for a project, a role, or both.",
    )
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
            message = _("Change the rate, the cap or the notice.")
            raise serializers.ValidationError({name: [message] for name in changes})
        return attrs


class EndRequest(Body):
    reason = serializers.CharField(max_length=500)
    ends_on = serializers.DateField(
        default=None, allow_null=True, help_text="Last day; without it, as early as notice allows."
    )


class StateFilters(Filters):
    state = serializers.CharField(max_length=24, required=False)


def _shown(call: Call, contract: Any) -> Any:
    return people.contract_by_id(account=call.account, contract_id=contract.pk)


class ContractOffers(Desk):
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
    def create(self, call: Call) -> Any:
        """Refused while another contract is in force or on the table."""
        body = dict(call.body)
        special = tuple(
            SpecialRate(
                minor_hourly=rate["rate_minor_hourly"],
                project=rate["project"],
                role=WorkRole(rate["role"]) if rate["role"] else None,
            )
            for rate in body.pop("special_rates")
        )
        offered = Offered(
            starts_on=body.pop("start"), ends_on=body.pop("end"), special_rates=special, **body
        )
        contract = contracting.offer(
            tutor=call.found, offered=offered, actor=call.account, at=call.at
        )
        return _shown(call, contract)


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
