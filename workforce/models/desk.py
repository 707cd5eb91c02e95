"""What somebody finds on her desk: notices, and views of lists that she keeps."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from workforce.models.accounts import Account
from workforce.models.fields import PublicId


class Notice(PublicId):
    """One thing that somebody is told. `key` says what it tells of, and is told once."""

    prefix = "N"

    account = models.ForeignKey(Account, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=1000, default="", blank=True)
    url = models.CharField(max_length=300, default="", blank=True)
    important = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["account", "-id"], name="notice_by_account"),
            models.Index(
                fields=["account"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        ]


class SavedView(PublicId):
    """A list's filters under a name: its owner's, and everybody's once shared."""

    prefix = "SV"

    account = models.ForeignKey(Account, models.CASCADE, related_name="views")
    page = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, default="", blank=True)
    is_shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "account",
                "page",
                Lower("name"),
                condition=Q(removed_at__isnull=True),
                name="saved_view_named_once",
            )
        ]
        indexes = [models.Index(fields=["page", "account"], name="saved_view_by_page")]
