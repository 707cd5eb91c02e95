"""Telling people what concerns them: each thing once, whoever asks how often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils.translation import gettext as _

from workforce.models import Account, Notice
from workforce.operations.enqueueing import enqueue
from workforce.rules.jobs import JobSpec
from workforce.rules.preferences import Mail, read

TITLE_CHARS_MAX = 200
BODY_CHARS_MAX = 1_000
NOTICES_A_STATEMENT = 500


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one account is to be told. The same `key` tells an account once, for ever.

    `important` says that something is asked of her: she is mailed unless she wants no mail.
    """

    account_id: int
    kind: str
    key: str
    title: str
    body: str = ""
    url: str = ""
    important: bool = False


_INSERT = """
INSERT INTO workforce_notice (account_id, kind, key, title, body, url, important, made_at)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                     %s::boolean[], %s::timestamptz[])
    ON CONFLICT (account_id, key) DO NOTHING
RETURNING id, account_id, important
"""


@transaction.atomic
def notify(*, tellings: Sequence[Telling], at: datetime) -> int:
    """Put the notices on their desks; how many were new."""
    made: list[tuple[int, int, bool]] = []
    for start in range(0, len(tellings), NOTICES_A_STATEMENT):
        made += _insert(tellings[start : start + NOTICES_A_STATEMENT], at=at)
    if made:
        _mail(made)
    return len(made)


def _insert(tellings: Sequence[Telling], *, at: datetime) -> list[tuple[int, int, bool]]:
    columns: list[list[Any]] = [
        [t.account_id for t in tellings],
        [t.kind for t in tellings],
        [t.key for t in tellings],
        [t.title[:TITLE_CHARS_MAX] for t in tellings],
        [t.body[:BODY_CHARS_MAX] for t in tellings],
        [t.url for t in tellings],
        [t.important for t in tellings],
        [at for _ in tellings],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)
        return list(cursor.fetchall())


def _mail(made: Sequence[tuple[int, int, bool]]) -> None:
    """Make a letter's job for each notice that its reader wants by e-mail as well."""
    accounts = Account.objects.filter(pk__in={a for _, a, _ in made}, is_active=True, is_demo=False)
    wishes = {pk: read(raw).mail for pk, raw in accounts.values_list("pk", "preferences")}
    specs = [
        JobSpec(
            kind="workforce.mail_notice",
            queue="notify",
            key=str(notice),
            subject={"notice_id": notice},
        )
        for notice, account, important in made
        if _wanted(wishes.get(account, Mail.NONE), important)
    ]
    if specs:
        enqueue(specs=specs)


def _wanted(mail: Mail, important: bool) -> bool:
    return mail is Mail.ALL or (mail is Mail.IMPORTANT and important)


def mail_notice(*, notice_id: int) -> None:
    """Send one notice to its reader, unless she has read it meanwhile or left."""
    notice = (
        Notice.objects.select_related("account")
        .filter(pk=notice_id, read_at__isnull=True, account__is_active=True)
        .first()
    )
    if notice is None:
        return
    link = f"{settings.BASE_URL}{notice.url}" if notice.url else settings.BASE_URL
    send_mail(
        subject=f"Lectern: {' '.join(notice.title.split())}",
        message=_("%(body)s\n\n%(link)s\n\nChoose in your settings what is mailed to you.\n")
        % {"body": notice.body or notice.title, "link": link},
        from_email=None,
        recipient_list=[notice.account.email],
    )


@transaction.atomic
def mark_read(*, account: Account, notice_id: int, at: datetime) -> bool:
    """Note that she has seen it; False when there was nothing to note."""
    mine = Notice.objects.filter(account=account, pk=notice_id, read_at__isnull=True)
    return bool(mine.update(read_at=at))


@transaction.atomic
def mark_all_read(*, account: Account, upto: int, at: datetime) -> int:
    """Note that she has seen all up to this one (what came later she has not); how many."""
    mine = Notice.objects.filter(account=account, read_at__isnull=True, pk__lte=upto)
    return mine.update(read_at=at)


@transaction.atomic
def mark_unread(*, account: Account, read_at: datetime) -> int:
    """Undo what was marked at this moment; how many."""
    return Notice.objects.filter(account=account, read_at=read_at).update(read_at=None)
