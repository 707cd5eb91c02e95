"""Papers apart from the contract: NDA, IP, conduct, data."""

from typing import Any

from rest_framework import serializers

from tutors import doors
from tutors.api.contracts import EvidenceAnswer, StateFilters
from tutors.doors import SignatureRequest, signature_of
from tutors.operations.agreeing import offer_agreement, sign_agreement
from tutors.queries import people
from tutors.rules.states import AgreementKind
from workforce.doors.desk import Body, Call, Desk, door
from workforce.rules.roles import STAFF, Role

SEERS = STAFF | {Role.TUTOR}
RECRUITERS = [Role.RECRUITER]
PARTY = r"^(lectern|client:C-[1-9][0-9]{0,18})$"


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


class AgreementRequest(Body):
    kind = serializers.ChoiceField([k.value for k in AgreementKind])
    party = serializers.RegexField(
        PARTY, max_length=32, help_text="`lectern`, or `client:C-12` for an NDA."
    )
    version = serializers.IntegerField(
        min_value=1, max_value=1_000, default=None, allow_null=True, help_text="Newest if null."
    )


class Agreements(Desk):
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
    def offer(self, call: Call) -> Any:
        return offer_agreement(
            tutor=call.found,
            kind=AgreementKind(call.body["kind"]),
            party=call.body["party"],
            version=call.body["version"],
            actor=call.account,
            at=call.at,
        )

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
