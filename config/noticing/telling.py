"""What the tellers share: whose account it is, where a notice leads, how things are said."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from tutors.models import Tutor
from workforce.models import Event
from workforce.operations.noticing import Telling
from workforce.queries.accounts import staff_accounts
from workforce.rules.ids import internal_id
from workforce.rules.roles import Role

Teller = Callable[[Event], Iterator[Telling]]


def url(name: str, *args: Any) -> str:
    """The address of a page; empty while it is not routed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def account_of_tutor(tutor: str) -> int | None:
    """The account behind a tutor's public id."""
    key = internal_id(Tutor.prefix, tutor)
    return Tutor.objects.filter(pk=key).values_list("account_id", flat=True).first()


def name_of_tutor(tutor: str) -> str:
    key = internal_id(Tutor.prefix, tutor)
    found = Tutor.objects.filter(pk=key).values_list("account__name", flat=True).first()
    return found or tutor


def day_of(text: str) -> str:
    """`20 November 2026` of an ISO moment in an event's body."""
    moment = datetime.fromisoformat(text)
    return f"{moment.day} {moment:%B %Y}"


def to_account(event: Event, account: int | None, **said: Any) -> Iterator[Telling]:
    """One notice for one account, told once for this event."""
    if account is not None:
        key = said.pop("key", f"event:{event.pk}")
        yield Telling(account_id=account, kind=event.kind, key=key, **said)


def to_tutor(event: Event, **said: Any) -> Iterator[Telling]:
    """One notice for the tutor whom the event names."""
    yield from to_account(event, account_of_tutor(event.body["tutor"]), **said)


def to_roles(event: Event, *roles: Role, but: set[int | None], **said: Any) -> Iterator[Telling]:
    """The same notice for everybody who holds one of the roles, except those in `but`."""
    told = {account for role in roles for account in staff_accounts(role=role)} - but
    for account in sorted(told):
        yield from to_account(event, account, **said)
