"""Questions about notices."""

from django.db import connection
from django.db.models import QuerySet

from workforce.models import Account, Notice
from workforce.rules.problems import NotFound

UNREAD_SHOWN_MAX = 99
"""The bell counts this far."""

_UNREAD = """
SELECT count(*) FROM (SELECT 1 FROM workforce_notice
                       WHERE account_id = %s AND read_at IS NULL LIMIT %s) found
"""


def unread_count(*, account: Account) -> int:
    """How many wait, counted to `UNREAD_SHOWN_MAX` + 1 at most: the bell says 99+ from there."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [account.pk, UNREAD_SHOWN_MAX + 1])
        return int(cursor.fetchone()[0])


def notices_of(*, account: Account, unread: bool | None = None) -> QuerySet[Notice]:
    """The account's notices: all, or those unread (True) or read (False)."""
    rows = Notice.objects.filter(account=account)
    return rows if unread is None else rows.filter(read_at__isnull=unread)


def notice_of(*, account: Account, notice_id: int) -> Notice:
    found = Notice.objects.filter(account=account, pk=notice_id).first()
    if found is None:
        raise NotFound
    return found
