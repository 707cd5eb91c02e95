"""Tutors: profiles, credentials, qualifications."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tutors import doors
from tutors.api.background import (
    AuthorisationAnswer,
    ExperienceAnswer,
    IdentityCheckAnswer,
    TieAnswer,
)
from tutors.operations.onboarding import Profile, add_tutor, change_profile, invite_again
from tutors.operations.qualifying import grant, revoke
from tutors.operations.vetting import Proof, add_credential, verify_credential
from tutors.queries import people
from tutors.rules.languages import Level
from tutors.rules.profiles import (
    CAPACITY_DEFAULT,
    CAPACITY_MAX,
    DOMAINS_MAX,
    HEADLINE_MAX,
    LANGUAGES_MAX,
    NAME_MAX,
)
from tutors.rules.states import CredentialStatus, CredentialType, Verified
from workforce.doors.desk import Body, Call, Desk, door
from workforce.doors.paging import Filters
from workforce.rules.roles import STAFF, Role

SEERS = STAFF | {Role.TUTOR}
RECRUITERS = [Role.RECRUITER]
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,2}$"
COUNT_MAX = 1_000
NOTED = [s.value for s in CredentialStatus if s is not CredentialStatus.REFUSED]
"""Refused is what a check finds, never what a person brings."""


class LanguageAnswer(serializers.Serializer[Any]):
    tag = serializers.CharField()
    level = serializers.CharField()


class PresenceAnswer(serializers.Serializer[Any]):
    state = serializers.CharField(source="presence")
    until = serializers.DateTimeField(source="presence_until", allow_null=True)
    reason = serializers.CharField(source="presence_reason", allow_blank=True)


class CredentialAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    type = serializers.CharField()
    status = serializers.CharField()
    verified = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    rank = serializers.CharField(allow_blank=True)
    issuer = serializers.CharField(allow_blank=True)
    profession = serializers.CharField(allow_blank=True)
    jurisdiction = serializers.CharField(allow_blank=True)
    restricted = serializers.BooleanField()
    grade = serializers.IntegerField()
    count = serializers.IntegerField()
    has_number = serializers.SerializerMethodField(help_text="The number itself is encrypted.")
    issued_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    added_at = serializers.DateTimeField()

    def get_has_number(self, credential: Any) -> bool:
        return bool(credential.number_closed)


class QualificationAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    speciality = serializers.CharField(source="domain.slug")
    level = serializers.IntegerField()
    state = serializers.CharField()
    granted_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    revoke_reason = serializers.CharField(allow_blank=True)


class TutorAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.public_id")
    email = serializers.EmailField(source="account.email")
    name = serializers.CharField(source="account.name")
    country = serializers.CharField()
    region = serializers.CharField(allow_blank=True)
    residence_since = serializers.DateField(allow_null=True)
    time_zone = serializers.CharField(source="account.time_zone")
    headline = serializers.CharField(allow_blank=True)
    domains = serializers.SerializerMethodField()
    languages = LanguageAnswer(many=True)
    capacity = serializers.IntegerField()
    presence = PresenceAnswer(source="*")
    added_at = serializers.DateTimeField()

    def get_domains(self, tutor: Any) -> list[str]:
        return sorted(domain.slug for domain in tutor.domains.all())


class PaperAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.CharField()
    party = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)


class HeldContractAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    state = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class ProfileAnswer(TutorAnswer):
    authorisations = AuthorisationAnswer(many=True)
    experience = ExperienceAnswer(many=True)
    identity_checks = IdentityCheckAnswer(many=True)
    ties = TieAnswer(many=True)
    content = serializers.SerializerMethodField(help_text="What she agreed to see.")
    credentials = CredentialAnswer(many=True)
    qualifications = QualificationAnswer(many=True)
    agreements = PaperAnswer(many=True)
    contracts = HeldContractAnswer(many=True)

    def get_content(self, tutor: Any) -> list[str]:
        return [given.content for given in tutor.opt_ins.all()]


class LanguageRequest(Body):
    tag = serializers.CharField(max_length=16, help_text="Such as en or pt-BR.")
    level = serializers.ChoiceField([level.value for level in Level])


class ProfileFields(Body):
    """The parts of a profile; each is checked again by the operation."""

    name = serializers.CharField(max_length=NAME_MAX)
    country = serializers.CharField(max_length=2)
    region = serializers.CharField(max_length=6, default="", allow_blank=True)
    residence_since = serializers.DateField(default=None, allow_null=True)
    time_zone = serializers.CharField(max_length=64)
    domains = serializers.ListField(
        child=serializers.RegexField(SLUG, max_length=120), min_length=1, max_length=DOMAINS_MAX
    )
    languages = serializers.ListSerializer[Any](
        child=LanguageRequest(), min_length=1, max_length=LANGUAGES_MAX
    )
    capacity = serializers.IntegerField(
        min_value=1, max_value=CAPACITY_MAX, default=CAPACITY_DEFAULT
    )
    headline = serializers.CharField(max_length=HEADLINE_MAX, default="", allow_blank=True)


class TutorRequest(ProfileFields):
    email = serializers.EmailField(max_length=254)


class TutorChangeRequest(ProfileFields):
    """Whatever is named is changed; at least one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "partial": True})

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError({"": [_("Name at least one field to change.")]})
        return attrs


class CredentialRequest(Body):
    type = serializers.ChoiceField([t.value for t in CredentialType])
    status = serializers.ChoiceField(NOTED, default=CredentialStatus.ACTIVE.value)
    field = serializers.CharField(max_length=120, default="", allow_blank=True)
    name = serializers.CharField(max_length=120, default="", allow_blank=True)
    rank = serializers.CharField(max_length=120, default="", allow_blank=True)
    issuer = serializers.CharField(max_length=200, default="", allow_blank=True)
    number = serializers.CharField(
        max_length=80, default="", allow_blank=True, help_text="Kept encrypted, never shown."
    )
    profession = serializers.CharField(max_length=120, default="", allow_blank=True)
    jurisdiction = serializers.CharField(max_length=6, default="", allow_blank=True)
    restricted = serializers.BooleanField(default=False)
    grade = serializers.IntegerField(min_value=0, max_value=20, default=0)
    count = serializers.IntegerField(min_value=1, max_value=COUNT_MAX, default=1)
    issued_on = serializers.DateField(default=None, allow_null=True)
    expires_on = serializers.DateField(default=None, allow_null=True)


class VerifyRequest(Body):
    verified = serializers.ChoiceField([v.value for v in Verified if v is not Verified.SELF])
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=500, help_text="What was looked at, and where."
    )
    status = serializers.ChoiceField([s.value for s in CredentialStatus], required=False)
    expires_on = serializers.DateField(required=False)


class QualificationRequest(Body):
    speciality = serializers.RegexField(SLUG, max_length=120)
    level = serializers.IntegerField(min_value=1, max_value=4)
    expires_at = serializers.DateTimeField(default=None, allow_null=True)


class GroundsRequest(Body):
    reason = serializers.CharField(max_length=500)


class TutorFilters(Filters):
    domain = serializers.RegexField(SLUG, max_length=120, required=False)
    level = serializers.IntegerField(min_value=1, max_value=4, required=False)
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False)
    language = serializers.CharField(max_length=16, required=False)
    q = serializers.CharField(max_length=people.SEARCH_CHARS_MAX, required=False)


def _values(body: dict[str, Any]) -> dict[str, Any]:
    """The body with languages as pairs."""
    if "languages" not in body:
        return body
    return {**body, "languages": [(s["tag"], s["level"]) for s in body["languages"]]}


class Tutors(Desk):
    @door(
        "tutors_list",
        summary="Tutors",
        roles=SEERS,
        filters=TutorFilters,
        answer=TutorAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        """A tutor sees herself alone."""
        names = ("domain", "level", "country", "language", "q")
        wanted = {name: call.params.get(name) for name in names}
        rows = people.tutors_visible_to(account=call.account)
        return people.listed(rows=people.found(rows=rows, **wanted))

    @door(
        "tutors_create",
        summary="Add a tutor",
        roles=RECRUITERS,
        body=TutorRequest,
        answer=ProfileAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """Makes the account and sends the invitation link by mail."""
        profile = Profile(**_values(call.body))
        added = add_tutor(profile=profile, actor=call.account, at=call.at)
        return people.tutor_by_id(account=call.account, tutor_id=added.tutor.pk)

    @door("tutors_show", summary="One tutor", roles=SEERS, find=doors.tutor, answer=ProfileAnswer)
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "tutors_change",
        summary="Change a profile",
        roles=RECRUITERS,
        find=doors.tutor,
        body=TutorChangeRequest,
        answer=ProfileAnswer,
    )
    def change(self, call: Call) -> Any:
        changes = _values(call.body)
        change_profile(tutor=call.found, changes=changes, actor=call.account, at=call.at)
        return people.tutor_by_id(account=call.account, tutor_id=call.found.pk)

    @door(
        "tutors_invite",
        summary="Send another invitation",
        roles=RECRUITERS,
        find=doors.tutor,
        idempotent=True,
    )
    def invite(self, call: Call) -> None:
        """For somebody who lost the link, or who came by CSV."""
        invite_again(tutor=call.found, actor=call.account, at=call.at)

    @door(
        "credentials_create",
        summary="Note a credential",
        roles=RECRUITERS,
        find=doors.tutor,
        body=CredentialRequest,
        answer=CredentialAnswer,
        status=201,
        idempotent=True,
    )
    def add_credential(self, call: Call) -> Any:
        body = dict(call.body)
        proof = Proof(
            type=CredentialType(body.pop("type")),
            status=CredentialStatus(body.pop("status")),
            **body,
        )
        return add_credential(tutor=call.found, proof=proof, actor=call.account, at=call.at)

    @door(
        "qualifications_create",
        summary="Grant a qualification",
        roles=RECRUITERS,
        find=doors.tutor,
        body=QualificationRequest,
        answer=QualificationAnswer,
        status=201,
        idempotent=True,
    )
    def qualify(self, call: Call) -> Any:
        """Takes the place of an earlier grant for the same field."""
        return grant(tutor=call.found, **call.body, actor=call.account, at=call.at)


class Credentials(Desk):
    @door(
        "credentials_verify",
        summary="Write down a check",
        roles=RECRUITERS,
        find=doors.credential,
        body=VerifyRequest,
        answer=CredentialAnswer,
        idempotent=True,
    )
    def verify(self, call: Call) -> Any:
        """`two_people` needs an earlier check by somebody else."""
        status = call.body.get("status")
        return verify_credential(
            credential=call.found,
            level=Verified(call.body["verified"]),
            source=call.body["source"],
            status=CredentialStatus(status) if status else None,
            expires_on=call.body.get("expires_on"),
            actor=call.account,
            at=call.at,
        )


class Qualifications(Desk):
    @door(
        "qualifications_revoke",
        summary="Take a qualification back",
        roles=RECRUITERS,
        find=doors.qualification,
        body=GroundsRequest,
        answer=QualificationAnswer,
        idempotent=True,
    )
    def revoke(self, call: Call) -> Any:
        """Work in flight is left alone; no new claim passes from this moment on."""
        reason = call.body["reason"]
        return revoke(qualification=call.found, reason=reason, actor=call.account, at=call.at)
