"""News for clients' machines: a row for each delivery, tried until it is taken or given up."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tasks.events import WebhookEndpointDisabled, WebhookReplayed
from tasks.models import WebhookDelivery, WebhookEndpoint
from tasks.operations.registering import live_secrets
from tasks.providers import callbacks
from tasks.providers.callbacks import CannotCall
from tasks.queries.news import news_of
from tasks.rules.states import DeliveryState, EndpointState
from tasks.rules.webhooks import FAILING_FOR_MAX, GONE, signature, wait_before
from workforce.models import Account
from workforce.operations import enqueue, record
from workforce.rules.jobs import JobSpec
from workforce.rules.problems import Conflict

KIND = "tasks.deliver_webhook"
ERROR_CHARS_MAX = 500


class CannotReplay(Conflict):
    code = "delivery_not_ended"


@transaction.atomic
def announce(*, event_id: int, at: datetime) -> int:
    """Make the deliveries of one event, one for each endpoint that wants it; how many are new."""
    made = 0
    for news in news_of(event_id=event_id):
        endpoints = WebhookEndpoint.objects.filter(
            client_id=news.client_id, state=EndpointState.ACTIVE
        )
        for endpoint in endpoints:
            if endpoint.kinds and news.kind not in endpoint.kinds:
                continue
            delivery, new = WebhookDelivery.objects.get_or_create(
                endpoint=endpoint,
                event_id=event_id,
                defaults={"kind": news.kind, "body": _text(news.body), "next_try_at": at},
            )
            if new:
                _queue(delivery, run_at=None)
                made += 1
    return made


def _text(body: dict[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _queue(delivery: WebhookDelivery, *, run_at: datetime | None) -> None:
    name = delivery.public_id
    enqueue(
        specs=[
            JobSpec(kind=KIND, queue="notify", key=name, subject={"delivery": name}, run_at=run_at)
        ]
    )


def deliver(*, delivery_id: int, at: datetime, finish: Callable[[], None]) -> None:
    """Try one delivery: outside any transaction, its outcome in one together with `finish`.

    2xx is taken. Anything else, a redirect too, is tried again after the next wait, and given up
    after about three days; an endpoint that failed all that time, or said 410, is switched off.
    """
    delivery = WebhookDelivery.objects.select_related("endpoint").get(pk=delivery_id)
    if delivery.state != DeliveryState.DUE or delivery.endpoint.state != EndpointState.ACTIVE:
        with transaction.atomic():
            _give_up(delivery.endpoint) if delivery.state == DeliveryState.DUE else None
            finish()
        return
    status, error = _send(delivery, at=at)
    with transaction.atomic():
        if status is not None and 200 <= status < 300:
            _taken(delivery, status=status, at=at)
        else:
            _failed(delivery, status=status, error=error, at=at)
        finish()


def _send(delivery: WebhookDelivery, *, at: datetime) -> tuple[int | None, str]:
    body, stamp = delivery.body.encode(), int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Lectern-Webhooks/1",
        "Webhook-Id": delivery.public_id,
        "Webhook-Timestamp": str(stamp),
        "Webhook-Signature": signature(
            secrets=live_secrets(endpoint=delivery.endpoint, at=at),
            message_id=delivery.public_id,
            timestamp=stamp,
            body=body,
        ),
    }
    try:
        reply = callbacks.post(url=delivery.endpoint.url, headers=headers, body=body)
    except CannotCall as problem:
        return None, str(problem)
    return reply.status, f"{reply.status}: {reply.excerpt}"


def _taken(delivery: WebhookDelivery, *, status: int, at: datetime) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.DUE).update(
        state=DeliveryState.DELIVERED,
        attempts=F("attempts") + 1,
        last_status=status,
        last_error="",
        delivered_at=at,
    )
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id, failing_since__isnull=False).update(
        failing_since=None
    )


def _failed(delivery: WebhookDelivery, *, status: int | None, error: str, at: datetime) -> None:
    attempts = delivery.attempts + 1
    wait = wait_before(attempts=attempts)
    again = at + (wait or timedelta())
    noted = WebhookDelivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.DUE, attempts=delivery.attempts
    ).update(
        attempts=attempts,
        last_status=status,
        last_error=_printable(error),
        next_try_at=again,
        state=DeliveryState.DUE if wait else DeliveryState.FAILED,
    )
    if not noted:
        return
    since = _failing_since(delivery.endpoint, at=at)
    if status == GONE or wait is None or at - since >= FAILING_FOR_MAX:
        reason = "It answered 410 Gone." if status == GONE else "It took nothing for three days."
        switch_off(endpoint=delivery.endpoint, reason=reason, actor=None, at=at)
    else:
        _queue(delivery, run_at=again)


def _printable(error: str) -> str:
    return error.replace("\x00", "")[:ERROR_CHARS_MAX]


def _failing_since(endpoint: WebhookEndpoint, *, at: datetime) -> datetime:
    WebhookEndpoint.objects.filter(pk=endpoint.pk, failing_since__isnull=True).update(
        failing_since=at
    )
    endpoint.refresh_from_db(fields=["failing_since"])
    return endpoint.failing_since or at


@transaction.atomic
def switch_off(
    *, endpoint: WebhookEndpoint, reason: str, actor: Account | None, at: datetime
) -> WebhookEndpoint:
    """Send nothing there any more; what waits is given up. Twice is no error."""
    switched = WebhookEndpoint.objects.filter(pk=endpoint.pk, state=EndpointState.ACTIVE).update(
        state=EndpointState.DISABLED, disabled_reason=reason
    )
    if switched:
        _give_up(endpoint)
        event = WebhookEndpointDisabled(subject=endpoint.public_id, reason=reason)
        record(event=event, actor=actor, at=at)
    endpoint.refresh_from_db(fields=["state", "disabled_reason"])
    return endpoint


def _give_up(endpoint: WebhookEndpoint) -> None:
    WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.DUE).update(
        state=DeliveryState.FAILED
    )


@transaction.atomic
def replay(*, delivery: WebhookDelivery, actor: Account, at: datetime) -> WebhookDelivery:
    """Send it again under its own id, from the first try.

    `CannotReplay` while it still waits for a try, or while its endpoint is switched off.
    """
    if delivery.endpoint.state != EndpointState.ACTIVE:
        raise CannotReplay(_("This endpoint is switched off. Switch it on first."))
    moved = WebhookDelivery.objects.filter(
        pk=delivery.pk, state__in=[DeliveryState.DELIVERED, DeliveryState.FAILED]
    ).update(
        state=DeliveryState.DUE,
        attempts=0,
        replays=F("replays") + 1,
        next_try_at=at,
        delivered_at=None,
    )
    if not moved:
        raise CannotReplay(_("This delivery still waits for its next try."))
    event = WebhookReplayed(subject=delivery.public_id, endpoint=delivery.endpoint.public_id)
    record(event=event, actor=actor, at=at)
    _queue(delivery, run_at=None)
    delivery.refresh_from_db()
    return delivery
