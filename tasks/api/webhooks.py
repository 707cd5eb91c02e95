"""Where clients' machines hear of their work, and how each delivery went."""

from typing import Any

from rest_framework import serializers

from tasks.api.clients import STAFF_AND_CLIENTS
from tasks.api.projects import client_of
from tasks.operations import delivering, registering
from tasks.queries import visible
from tasks.rules.states import DeliveryState, EndpointState
from tasks.rules.webhooks import KINDS, URL_CHARS_MAX
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.roles import Role

SWITCHED_OFF = "Switched off by hand."


class EndpointRequest(Body):
    client = serializers.CharField(max_length=24, required=False, help_text="Managers name it.")
    url = serializers.CharField(max_length=URL_CHARS_MAX)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(KINDS), default=list, max_length=len(KINDS),
        help_text="Left out: all kinds of news.",
    )  # fmt: skip


class EndpointPatchRequest(Body):
    url = serializers.CharField(max_length=URL_CHARS_MAX, required=False)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(KINDS), required=False, max_length=len(KINDS)
    )


class EndpointAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    client = serializers.CharField(source="client.public_id")
    url = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField([s.value for s in EndpointState])
    disabled_reason = serializers.CharField(allow_blank=True)
    failing_since = serializers.DateTimeField(allow_null=True)
    secret_before_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then two secrets sign."
    )
    created_at = serializers.DateTimeField()


class RegisteredAnswer(EndpointAnswer):
    secret = serializers.CharField(help_text="Shown this once.")


class DeliveryFilters(Filters):
    endpoint = serializers.CharField(max_length=24, required=False)
    state = serializers.ChoiceField([s.value for s in DeliveryState], required=False)


class DeliveryAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id", help_text="Sent as Webhook-Id.")
    endpoint = serializers.CharField(source="endpoint.public_id")
    kind = serializers.CharField()
    body = serializers.CharField(help_text="The exact text that is signed and sent.")
    state = serializers.ChoiceField([s.value for s in DeliveryState])
    attempts = serializers.IntegerField()
    replays = serializers.IntegerField()
    next_try_at = serializers.DateTimeField()
    last_status = serializers.IntegerField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)


def _endpoint(call: Call, id: str) -> Any:
    return visible.one(visible.endpoints(account=call.account), key_of("WE", id))


def _delivery(call: Call, id: str) -> Any:
    return visible.one(visible.deliveries(account=call.account), key_of("WD", id))


def _registered(made: registering.Registered) -> Any:
    endpoint: Any = made.endpoint
    endpoint.__dict__["secret"] = made.secret
    return endpoint


KEEPERS = (Role.MANAGER, Role.CLIENT)


class WebhookEndpoints(Desk):
    @door(
        "webhook_endpoints_list",
        summary="Webhook endpoints",
        roles=STAFF_AND_CLIENTS,
        answer=EndpointAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return visible.endpoints(account=call.account)

    @door(
        "webhook_endpoints_create",
        summary="Register a webhook endpoint",
        roles=KEEPERS,
        body=EndpointRequest,
        answer=RegisteredAnswer,
        status=201,
    )
    def create(self, call: Call) -> Any:
        """Each delivery carries `Webhook-Id`, `Webhook-Timestamp` and `Webhook-Signature`.

        The signature is `v1,<hex>`, HMAC-SHA256 with the secret over id, timestamp and raw body,
        joined by dots; while a secret is rotated there are two, apart by a blank. Refuse old
        timestamps, take each id once, answer 2xx. Redirects are not followed.
        """
        made = registering.register(
            client=client_of(call, call.body.get("client")),
            url=call.body["url"],
            kinds=call.body["kinds"],
            actor=call.account,
            at=call.at,
        )
        return _registered(made)

    @door(
        "webhook_endpoints_show",
        summary="One webhook endpoint",
        roles=STAFF_AND_CLIENTS,
        find=_endpoint,
        answer=EndpointAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "webhook_endpoints_change",
        summary="Change a webhook endpoint",
        roles=KEEPERS,
        find=_endpoint,
        body=EndpointPatchRequest,
        answer=EndpointAnswer,
        conflict=False,
    )
    def change(self, call: Call) -> Any:
        return registering.change_endpoint(
            endpoint=call.found, fields=call.body, actor=call.account, at=call.at
        )

    @door(
        "webhook_endpoints_disable",
        summary="Switch a webhook endpoint off",
        roles=KEEPERS,
        find=_endpoint,
        answer=EndpointAnswer,
        unsafe=True,
        conflict=False,
    )
    def disable(self, call: Call) -> Any:
        """It stays listed with its deliveries, and can be switched on again."""
        return delivering.switch_off(
            endpoint=call.found, reason=SWITCHED_OFF, actor=call.account, at=call.at
        )

    @door(
        "webhook_endpoints_enable",
        summary="Switch a webhook endpoint on",
        roles=KEEPERS,
        find=_endpoint,
        answer=EndpointAnswer,
        idempotent=True,
        conflict=False,
    )
    def enable(self, call: Call) -> Any:
        """News from now on; what was given up meanwhile can be replayed."""
        return registering.switch_on(endpoint=call.found, actor=call.account, at=call.at)

    @door(
        "webhook_endpoints_rotate",
        summary="Give a webhook endpoint a new secret",
        roles=KEEPERS,
        find=_endpoint,
        answer=RegisteredAnswer,
        unsafe=True,
        conflict=False,
    )
    def rotate(self, call: Call) -> Any:
        """The secret before goes on signing beside the new one for 24 hours."""
        made = registering.rotate(endpoint=call.found, actor=call.account, at=call.at)
        return _registered(made)


class WebhookDeliveries(Desk):
    @door(
        "webhook_deliveries_list",
        summary="Webhook deliveries",
        roles=STAFF_AND_CLIENTS,
        filters=DeliveryFilters,
        answer=DeliveryAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        rows = visible.deliveries(account=call.account)
        if (state := call.params.get("state")) is not None:
            rows = rows.filter(state=state)
        if (endpoint := call.params.get("endpoint")) is None:
            return rows
        try:
            return rows.filter(endpoint_id=internal_id("WE", endpoint))
        except NotAnId:
            return rows.none()

    @door(
        "webhook_deliveries_show",
        summary="One webhook delivery",
        roles=STAFF_AND_CLIENTS,
        find=_delivery,
        answer=DeliveryAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "webhook_deliveries_replay",
        summary="Deliver again",
        roles=KEEPERS,
        find=_delivery,
        answer=DeliveryAnswer,
        status=202,
        idempotent=True,
    )
    def replay(self, call: Call) -> Any:
        """Under the same id, from the first try."""
        return delivering.replay(delivery=call.found, actor=call.account, at=call.at)
