"""Requirement sets by signature: what a pool of tasks asks for."""

from django.db import models
from django.db.models import Q

from workforce.models.fields import PublicId


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
                condition=Q(signature__regex=r"^[0-9a-f]{64}$"), name="requirement_signature_shape"
            )
        ]
