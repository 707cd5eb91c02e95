"""What happened, sealed in order, and what still has to be passed on."""

from django.db import models

from workforce.models.accounts import Account
from workforce.models.fields import PublicId, database_now


class Event(PublicId):
    """One fact, written in the transaction that made it true. A trigger refuses any change."""

    prefix = "EV"

    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=32)
    body = models.JSONField()
    actor = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=database_now())

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="event_by_subject"),
            models.Index(fields=["kind", "-id"], name="event_by_kind"),
        ]


class Outbox(models.Model):
    """Events not yet relayed. A trigger on Event fills it, the relay empties it."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="+")


class Seal(models.Model):
    """An event's place in the hash chain; appended by the relay, never changed."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=database_now())
