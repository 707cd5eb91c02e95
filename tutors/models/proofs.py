"""Proof brought along, who checked it, and the right to take work that follows."""

from django.db import models
from django.db.models import F, Q

from tutors.models.people import Tutor
from tutors.rules.states import (
    LEVELS,
    CredentialStatus,
    CredentialType,
    QualificationState,
    Verified,
)
from workforce.models import Account, Domain
from workforce.models.fields import PublicId, state_check, state_field


class Credential(PublicId):
    """One proof. `number_closed` is encrypted; its fingerprint finds the same number again."""

    prefix = "CR"

    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="credentials")
    type = state_field(CredentialType, default=CredentialType.DEGREE)
    status = state_field(CredentialStatus, default=CredentialStatus.ACTIVE)
    verified = state_field(Verified, default=Verified.SELF)
    field = models.CharField(max_length=120, default="", blank=True)
    name = models.CharField(max_length=120, default="", blank=True)
    rank = models.CharField(max_length=120, default="", blank=True)
    issuer = models.CharField(max_length=200, default="", blank=True)
    profession = models.CharField(max_length=120, default="", blank=True)
    jurisdiction = models.CharField(max_length=6, default="", blank=True)
    restricted = models.BooleanField(default=False)
    grade = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveSmallIntegerField(default=1)
    number_closed = models.TextField(default="", blank=True)
    number_fingerprint = models.CharField(max_length=64, default="", blank=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    added_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            state_check(CredentialType, name="credential_type_known", field="type"),
            state_check(CredentialStatus, name="credential_status_known", field="status"),
            state_check(Verified, name="credential_verified_known", field="verified"),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gte=F("issued_on")),
                name="credential_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["number_fingerprint"],
                condition=~Q(number_fingerprint=""),
                name="credential_by_number",
            ),
            models.Index(fields=["expires_on"], name="credential_by_expiry"),
        ]


class CredentialCheck(models.Model):
    """Somebody looked: who, when, how, at what source. A trigger refuses any change."""

    credential = models.ForeignKey(Credential, models.PROTECT, related_name="checks")
    level = state_field(Verified, default=Verified.DOCUMENT)
    source = models.CharField(max_length=500)
    checked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [state_check(Verified, name="check_level_known", field="level")]


class Qualification(PublicId):
    """The right to take work in a field, at a level, until it expires or is revoked."""

    prefix = "Q"

    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="qualifications")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    state = state_field(QualificationState, default=QualificationState.GRANTED)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            state_check(QualificationState, name="qualification_state_known"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="qualification_level_known"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("granted_at")),
                name="qualification_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", revoked_at__isnull=True)
                | (~Q(state="granted") & Q(revoked_at__isnull=False)),
                name="qualification_revoked_at_when_revoked",
            ),
            models.UniqueConstraint(
                fields=["tutor", "domain"],
                condition=Q(state="granted"),
                name="qualification_once_per_field",
            ),
        ]
        indexes = [
            models.Index(
                fields=["domain", "tutor"],
                condition=Q(state="granted"),
                name="qualification_by_domain",
            )
        ]
