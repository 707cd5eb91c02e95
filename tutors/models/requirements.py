"""Requirement sets by signature: what a pool of tasks asks for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tutors.rules.requirements import NAME_MAX
from workforce.models import Account
from workforce.models.fields import PublicId

SIGNATURE = r"^[0-9a-f]{64}$"


class RequirementSet(PublicId):
    """One step of one set for one client. Equal meaning has one row; a trigger keeps it.

    `document` is the readable set (ids and whys of whoever brought it first), `canonical` the
    text whose SHA-256 is the signature. `client` is empty or `C-12`.
    """

    prefix = "RS"

    signature = models.CharField(max_length=64, unique=True)
    client = models.CharField(max_length=24, default="", blank=True)
    document = models.JSONField()
    canonical = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signature__regex=SIGNATURE), name="requirement_signature_shape"
            )
        ]


class NamedSet(PublicId):
    """A requirement set that managers keep by name, to start projects from.

    Nothing in it ever changes: a change is a new row that `replaces` this one, which ends. Projects
    keep the document they began with. `signature` is of the first step, for no client.
    """

    prefix = "RQ"

    name = models.CharField(max_length=NAME_MAX)
    signature = models.CharField(max_length=64)
    document = models.JSONField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="successor")
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signature__regex=SIGNATURE), name="named_set_signature_shape"
            ),
            models.UniqueConstraint(
                Lower("name"), condition=Q(ended_at__isnull=True), name="named_set_name_once"
            ),
            models.UniqueConstraint(
                fields=["signature"],
                condition=Q(ended_at__isnull=True),
                name="named_set_meaning_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="named_set_ended_by_somebody",
            ),
        ]
