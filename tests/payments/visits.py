"""How the pay tests come to the pages: signed in, confirmed a moment ago, with a week's work."""

import time
from datetime import timedelta
from typing import Any

from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from payments.operations.earning import post_earnings
from payments.operations.handing import file_of
from payments.operations.paying import approve_batch, build_batch, send_batch
from payments.operations.settling import import_bank_message
from payments.operations.stating import close_periods
from payments.providers.demobank import Mood, answer
from payments.rules.weeks import week_of
from tasks.models import TimeEntry
from tests.payments.people import Hired, fay, finn
from workforce.doors import now
from workforce.models import Account

PAYER = {
    "name": "Lectern Operations",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
}


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def confirmed(account: Account, *, method: str = "password") -> Client:
    """Signed in as after a password (or `mfa`, a second factor) given a moment ago."""
    client = signed_in(account)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time()}]
    session["account_authentication_methods_user"] = user_id_to_str(account)
    session.save()
    return client


def page(account: Account, path: str) -> str:
    got = signed_in(account).get(path)
    assert got.status_code == 200, got.status_code
    return got.content.decode()


def last_week() -> Any:
    return week_of(instant=now() - timedelta(days=7), zone="UTC").starts_at


def worked(hired: Hired, *seconds: int, rate: int = 4500) -> list[TimeEntry]:
    """Approved and priced, last week."""
    hired.clock = max(hired.clock, last_week() + timedelta(hours=9))
    entries = [hired.works(s, rate=rate) for s in seconds]
    post_earnings(entries=[e.pk for e in entries], at=now())
    return entries


def stated(hired: Hired, *seconds: int, rate: int = 4500) -> Any:
    """Last week's work on its statement."""
    worked(hired, *seconds, rate=rate)
    closed = close_periods(until=now(), contracts=None, reason="", actor=fay(), at=now())
    return closed.statements[0]


def sent(*, maker: Account | None = None) -> Any:
    """Everything that waits, built, approved by somebody else, and sent."""
    maker = maker or fay()
    batch = build_batch(pay_on=None, statements=None, actor=maker, at=now())
    approve_batch(batch=batch, content_hash=None, actor=finn(), at=now())
    return send_batch(batch=batch, actor=maker, at=now())


def answered(batch: Any, *, mood: Mood | None = None) -> None:
    """The bank's answers to a batch that was sent, all read."""
    for message in answer(file=file_of(batch=batch), at=now(), mood=mood):
        import_bank_message(content=message, actor=batch.built_by, at=now())
