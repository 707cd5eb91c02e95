"""News for clients' machines: where it goes and how each delivery went."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tasks.models.clients import Client
from tasks.rules.states import DeliveryState, EndpointState
from workforce.models.fields import PublicId, database_now, state_check, state_field


class WebhookEndpoint(PublicId):
    """An address of a client. `secret` and, while rotating, `secret_before` are encrypted."""

    prefix = "WE"

    client = models.ForeignKey(Client, models.CASCADE, related_name="webhook_endpoints")
    url = models.URLField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=64), default=list)
    secret = models.TextField()
    secret_before = models.TextField(default="", blank=True)
    secret_before_until = models.DateTimeField(null=True)
    state = state_field(EndpointState, default=EndpointState.ACTIVE)
    failing_since = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=200, default="", blank=True)
    created_by = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [state_check(EndpointState, name="webhook_endpoint_state_known")]


class WebhookDelivery(PublicId):
    """One event for one endpoint; `body` is the exact text that is signed and sent."""

    prefix = "WD"

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey("workforce.Event", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=64)
    body = models.TextField()
    state = state_field(DeliveryState, default=DeliveryState.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=database_now())
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=500, default="", blank=True)
    replays = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=database_now())
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(DeliveryState, name="webhook_delivery_state_known"),
            models.UniqueConstraint(
                fields=["endpoint", "event"], name="webhook_delivery_once_per_event"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="due"), name="webhook_delivery_due"
            ),
            models.Index(fields=["event"], name="webhook_delivery_by_event"),
        ]
