"""Clients' endpoints for news: registered, changed, switched on and off, given new secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.events import WebhookEndpointChanged, WebhookEndpointMade
from tasks.models import Client, WebhookEndpoint
from tasks.providers.callbacks import own_machine_allowed
from tasks.rules.states import EndpointState
from tasks.rules.webhooks import ENDPOINTS_MAX, ROTATION, new_secret, url_fault
from workforce.models import Account
from workforce.operations import record
from workforce.providers import vault
from workforce.rules.problems import Conflict, Invalid

CONTEXT = "tasks.webhook.secret"


class CannotRegister(Invalid):
    code = "endpoint_not_valid"


class TooManyEndpoints(Conflict):
    code = "too_many_endpoints"


@dataclass(frozen=True, kw_only=True)
class Registered:
    """An endpoint and its secret, which is shown this once and kept only encrypted."""

    endpoint: WebhookEndpoint
    secret: str


@transaction.atomic
def register(
    *, client: Client, url: str, kinds: Sequence[str], actor: Account, at: datetime
) -> Registered:
    """Make an endpoint that gets these kinds of news, or all of them when none are named.

    `CannotRegister` for an address that we would not call, `TooManyEndpoints` past 20.
    """
    _check(url)
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if client.webhook_endpoints.count() >= ENDPOINTS_MAX:
        raise TooManyEndpoints(_("A client has %(n)d endpoints at most.") % {"n": ENDPOINTS_MAX})
    secret = new_secret()
    endpoint = WebhookEndpoint.objects.create(
        client=client,
        url=url,
        kinds=sorted(set(kinds)),
        secret=_closed(secret),
        created_by=actor,
        created_at=at,
    )
    event = WebhookEndpointMade(subject=endpoint.public_id, client=client.public_id)
    record(event=event, actor=actor, at=at)
    return Registered(endpoint=endpoint, secret=secret)


@transaction.atomic
def change_endpoint(
    *, endpoint: WebhookEndpoint, fields: dict[str, Any], actor: Account, at: datetime
) -> WebhookEndpoint:
    """Set address or kinds; `CannotRegister` for an address that we would not call."""
    if "url" in fields:
        _check(fields["url"])
        endpoint.url = fields["url"]
    if "kinds" in fields:
        endpoint.kinds = sorted(set(fields["kinds"]))
    endpoint.save(update_fields=["url", "kinds"])
    _changed(endpoint, sorted(fields), actor=actor, at=at)
    return endpoint


@transaction.atomic
def switch_on(*, endpoint: WebhookEndpoint, actor: Account, at: datetime) -> WebhookEndpoint:
    """Send news there again, from now on. Being on already is no error."""
    if WebhookEndpoint.objects.filter(pk=endpoint.pk, state=EndpointState.DISABLED).update(
        state=EndpointState.ACTIVE, disabled_reason="", failing_since=None
    ):
        _changed(endpoint, ["state"], actor=actor, at=at)
    endpoint.refresh_from_db()
    return endpoint


@transaction.atomic
def rotate(*, endpoint: WebhookEndpoint, actor: Account, at: datetime) -> Registered:
    """Give the endpoint a new secret; the one before signs beside it for another 24 hours."""
    held = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    secret = new_secret()
    held.secret_before, held.secret = held.secret, _closed(secret)
    held.secret_before_until = at + ROTATION
    held.save(update_fields=["secret", "secret_before", "secret_before_until"])
    _changed(held, ["secret"], actor=actor, at=at)
    return Registered(endpoint=held, secret=secret)


def live_secrets(*, endpoint: WebhookEndpoint, at: datetime) -> list[str]:
    """The newest secret, and while rotating the one before."""
    closed = [endpoint.secret]
    until = endpoint.secret_before_until
    if endpoint.secret_before and until is not None and until > at:
        closed.append(endpoint.secret_before)
    return [vault.ring().open(value, context=CONTEXT) for value in closed]


def _closed(secret: str) -> str:
    return vault.ring().close(secret, context=CONTEXT)


def _check(url: str) -> None:
    fault = url_fault(url, own_machine=own_machine_allowed())
    if fault:
        raise CannotRegister(fault, errors={"url": [fault]})


def _changed(
    endpoint: WebhookEndpoint, changed: Sequence[str], *, actor: Account, at: datetime
) -> None:
    event = WebhookEndpointChanged(subject=endpoint.public_id, changed=tuple(changed))
    record(event=event, actor=actor, at=at)
