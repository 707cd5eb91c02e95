"""Exact texts, and the proof that somebody signed them."""

from django.db import models
from django.db.models import Q

from workforce.models import Account


class Paper(models.Model):
    """The exact text that was shown, once per text. A trigger refuses any change."""

    sha256 = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    added_at = models.DateTimeField()


class SignatureEvidence(models.Model):
    """One signature, chained to the one before. A trigger refuses any change.

    `digest` covers every other column and `previous`; `subject` is the public id of what was
    signed (`AG-3`, or `K-7` with the version's number).
    """

    subject = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    part = models.CharField(
        max_length=16, choices=[("tutor", "tutor"), ("countersigner", "countersigner")]
    )
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="signatures")
    sha256 = models.CharField(max_length=64)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=200)
    consent_version = models.PositiveIntegerField()
    viewed_at = models.DateTimeField()
    signed_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, default="", blank=True)
    method = models.CharField(max_length=32)
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "version", "part"], name="evidence_once_per_signature"
            ),
            models.CheckConstraint(
                condition=Q(part__in=["tutor", "countersigner"]), name="evidence_part_known"
            ),
            models.CheckConstraint(
                condition=Q(viewed_at__lte=models.F("signed_at")),
                name="evidence_viewed_before_signed",
            ),
        ]
