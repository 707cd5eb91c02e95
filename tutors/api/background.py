"""Right to work, ties, identity and years of tutors; the organisations that ties are to."""

from typing import Any

from rest_framework import serializers

from tutors import doors
from tutors.operations.authorising import (
    add_authorisation,
    end_authorisation,
    verify_authorisation,
)
from tutors.operations.experiencing import (
    FIELD_MAX,
    Post,
    add_experience,
    verify_experience,
    withdraw_experience,
)
from tutors.operations.identifying import check_identity, withdraw_identity_check
from tutors.operations.tying import (
    Bond,
    declare_tie,
    describe_organisation,
    end_tie,
    keep_organisation,
    withdraw_tie,
)
from tutors.queries import background
from tutors.rules.experience import YEARS_MAX
from tutors.rules.parties import TAGS_MAX, WORD_MAX
from tutors.rules.states import IdentityMethod, Verified
from workforce.doors.desk import Body, Call, Desk, door
from workforce.rules.roles import Role

RECRUITERS = [Role.RECRUITER]
DESCRIBERS = [Role.RECRUITER, Role.MANAGER]
TEXT_MAX = 200
CHECKED = [v.value for v in Verified if v is not Verified.SELF]


class CheckedAnswer(serializers.Serializer[Any]):
    verified = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    checked_at = serializers.DateTimeField(allow_null=True)


class AuthorisationAnswer(CheckedAnswer):
    id = serializers.CharField(source="public_id")
    place = serializers.CharField()
    basis = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class ExperienceAnswer(CheckedAnswer):
    id = serializers.CharField(source="public_id")
    field = serializers.CharField()
    role = serializers.CharField()
    years = serializers.IntegerField(allow_null=True)
    from_on = serializers.DateField(allow_null=True)
    until_on = serializers.DateField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class IdentityCheckAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    method = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    checked_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class OrganisationAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    word = serializers.CharField(help_text="Rules name it `org:` and this word.")
    name = serializers.CharField()
    client = serializers.CharField(allow_blank=True, help_text="Which client it is, such as C-12.")
    tags = serializers.ListField(child=serializers.CharField(), help_text="Its kinds.")


class TieAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    organisation = OrganisationAnswer(allow_null=True)
    tag = serializers.CharField(allow_blank=True, help_text="The kind, of an unnamed one.")
    relation = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    declared_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class AuthorisationRequest(Body):
    place = serializers.CharField(max_length=6, help_text="GB, or US-NY.")
    basis = serializers.CharField(max_length=TEXT_MAX, help_text="Such as citizen, or the visa.")
    valid_until = serializers.DateField(default=None, allow_null=True, help_text="Its last day.")


class CheckRequest(Body):
    verified = serializers.ChoiceField(CHECKED)
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=500, help_text="What was looked at, and where."
    )


class AuthorisationCheckRequest(CheckRequest):
    valid_until = serializers.DateField(required=False)


class ExperienceRequest(Body):
    field = serializers.CharField(max_length=FIELD_MAX, help_text="Such as psychiatry.")
    role_there = serializers.CharField(max_length=TEXT_MAX, help_text="What she did.")
    years = serializers.IntegerField(
        min_value=1, max_value=YEARS_MAX, default=None, allow_null=True
    )
    from_on = serializers.DateField(default=None, allow_null=True)
    until_on = serializers.DateField(default=None, allow_null=True)


class IdentityRequest(Body):
    method = serializers.ChoiceField([m.value for m in IdentityMethod])
    source = serializers.CharField(max_length=500)  # type: ignore[assignment]


class TieRequest(Body):
    party = serializers.CharField(
        max_length=WORD_MAX + 10,
        default="",
        allow_blank=True,
        help_text="`org:<word>`, `client:C-12`, or `tag:<word>` for an unnamed one of a kind.",
    )
    name = serializers.CharField(
        max_length=TEXT_MAX, default="", allow_blank=True, help_text="Instead of a party."
    )
    relation = serializers.CharField(max_length=TEXT_MAX, help_text="What the tie is.")
    since = serializers.DateField(default=None, allow_null=True)
    until = serializers.DateField(default=None, allow_null=True, help_text="Null: it lasts.")


class TaggedTieRequest(TieRequest):
    tags = serializers.ListField(
        child=serializers.CharField(max_length=WORD_MAX),
        max_length=TAGS_MAX,
        default=list,
        help_text="Kinds of organisation it is of, such as ai-lab; added to what is known.",
    )


class TieEndRequest(Body):
    until = serializers.DateField()


class OrganisationRequest(Body):
    name = serializers.CharField(max_length=TEXT_MAX)
    client = serializers.RegexField(r"^C-[1-9][0-9]{0,18}$", default="", allow_blank=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=WORD_MAX), max_length=TAGS_MAX, default=list
    )


class NewOrganisationRequest(OrganisationRequest):
    word = serializers.CharField(
        max_length=WORD_MAX, default="", allow_blank=True, help_text="From its name if left out."
    )


class Authorisations(Desk):
    @door(
        "authorisations_create",
        summary="Note a right to work",
        roles=RECRUITERS,
        find=doors.tutor,
        body=AuthorisationRequest,
        answer=AuthorisationAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        return add_authorisation(tutor=call.found, **call.body, actor=call.account, at=call.at)

    @door(
        "authorisations_verify",
        summary="Write down a check of a right to work",
        roles=RECRUITERS,
        find=doors.authorisation,
        body=AuthorisationCheckRequest,
        answer=AuthorisationAnswer,
        idempotent=True,
    )
    def verify(self, call: Call) -> Any:
        return verify_authorisation(
            authorisation=call.found,
            level=Verified(call.body["verified"]),
            source=call.body["source"],
            valid_until=call.body.get("valid_until"),
            actor=call.account,
            at=call.at,
        )

    @door(
        "authorisations_end",
        summary="End a right to work",
        roles=RECRUITERS,
        find=doors.authorisation,
        answer=AuthorisationAnswer,
        idempotent=True,
    )
    def end(self, call: Call) -> Any:
        """Work in flight is left alone; no new claim that asks for it passes from now on."""
        return end_authorisation(authorisation=call.found, actor=call.account, at=call.at)


class Experiences(Desk):
    @door(
        "experience_create",
        summary="Note years in a field",
        roles=RECRUITERS,
        find=doors.tutor,
        body=ExperienceRequest,
        answer=ExperienceAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """A post with its dates, or a number of years without."""
        said = dict(call.body)
        post = Post(role=said.pop("role_there"), **said)
        return add_experience(tutor=call.found, post=post, actor=call.account, at=call.at)

    @door(
        "experience_verify",
        summary="Write down a check of years in a field",
        roles=RECRUITERS,
        find=doors.experience,
        body=CheckRequest,
        answer=ExperienceAnswer,
        idempotent=True,
    )
    def verify(self, call: Call) -> Any:
        return verify_experience(
            experience=call.found,
            level=Verified(call.body["verified"]),
            source=call.body["source"],
            actor=call.account,
            at=call.at,
        )

    @door(
        "experience_withdraw",
        summary="Withdraw years in a field",
        roles=RECRUITERS,
        find=doors.experience,
        answer=ExperienceAnswer,
        idempotent=True,
    )
    def withdraw(self, call: Call) -> Any:
        return withdraw_experience(experience=call.found, actor=call.account, at=call.at)


class IdentityChecks(Desk):
    @door(
        "identity_checks_create",
        summary="Write down a check of identity",
        roles=RECRUITERS,
        find=doors.tutor,
        body=IdentityRequest,
        answer=IdentityCheckAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        return check_identity(
            tutor=call.found,
            method=IdentityMethod(call.body["method"]),
            source=call.body["source"],
            actor=call.account,
            at=call.at,
        )

    @door(
        "identity_checks_withdraw",
        summary="Withdraw a check of identity",
        roles=RECRUITERS,
        find=doors.identity_check,
        answer=IdentityCheckAnswer,
        idempotent=True,
    )
    def withdraw(self, call: Call) -> Any:
        """One written by mistake; an earlier one counts again."""
        return withdraw_identity_check(check=call.found, actor=call.account, at=call.at)


class Ties(Desk):
    @door(
        "ties_create",
        summary="Note a tie",
        roles=RECRUITERS,
        find=doors.tutor,
        body=TaggedTieRequest,
        answer=TieAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        bond = Bond(**call.body)
        return declare_tie(tutor=call.found, bond=bond, actor=call.account, at=call.at)

    @door(
        "ties_end",
        summary="Say when a tie ended",
        roles=RECRUITERS,
        find=doors.tie,
        body=TieEndRequest,
        answer=TieAnswer,
        idempotent=True,
    )
    def end(self, call: Call) -> Any:
        return end_tie(tie=call.found, **call.body, actor=call.account, at=call.at)

    @door(
        "ties_withdraw",
        summary="Withdraw a tie",
        roles=RECRUITERS,
        find=doors.tie,
        answer=TieAnswer,
        idempotent=True,
    )
    def withdraw(self, call: Call) -> Any:
        """One noted by mistake, which never held."""
        return withdraw_tie(tie=call.found, actor=call.account, at=call.at)


class Organisations(Desk):
    @door(
        "organisations_list",
        summary="Organisations that ties are to",
        roles=[*DESCRIBERS, Role.ADMIN],
        answer=OrganisationAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return background.organisations(account=call.account)

    @door(
        "organisations_create",
        summary="Keep an organisation",
        roles=DESCRIBERS,
        body=NewOrganisationRequest,
        answer=OrganisationAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """Such as a client with its kinds, so that rules find ties to it."""
        return keep_organisation(**call.body, actor=call.account, at=call.at)

    @door(
        "organisations_change",
        summary="Say what an organisation is",
        roles=DESCRIBERS,
        find=doors.organisation,
        body=OrganisationRequest,
        answer=OrganisationAnswer,
        idempotent=True,
    )
    def change(self, call: Call) -> Any:
        """Another organisation with the same client becomes one with it."""
        return describe_organisation(
            organisation=call.found, **call.body, actor=call.account, at=call.at
        )
