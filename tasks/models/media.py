"""Pictures and clips that tasks show."""

from django.db import models

from tasks.models.clients import Client
from tasks.rules.states import MediaKind
from workforce.models.fields import PublicId, state_check, state_field


class Media(PublicId):
    """One stored file. `client` null: it belongs to the samples that each instance has.

    Width and height are those after EXIF rotation.
    """

    prefix = "M"

    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="media")
    sha256 = models.CharField(max_length=64)
    kind = state_field(MediaKind, default=MediaKind.IMAGE)
    mime = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField(null=True)
    path = models.CharField(max_length=255)
    uploaded_by = models.ForeignKey(
        "workforce.Account", models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            state_check(MediaKind, name="media_kind_known", field="kind"),
            models.UniqueConstraint(
                fields=["client", "sha256"], name="media_once_per_client", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="media_by_sha256")]
