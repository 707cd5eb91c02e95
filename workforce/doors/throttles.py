"""How often one account may knock, by the minute and by the kind of request."""

from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from workforce.rules.problems import Refusal

WINDOW_SECONDS = 60


class Throttled(Refusal):
    code = "throttled"
    status = 429
    title = "Too many requests"

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(_("Slow down a little: try again in a few seconds."))
        self.retry_after_seconds = retry_after_seconds


def check(*, account_id: int, kind: str, at: datetime) -> None:
    """Count one request; `Throttled` past the account's limit for this minute.

    Counted by each web process for itself: the limit protects the service, it is no quota.
    """
    limit = settings.THROTTLE_PER_MINUTE[kind]
    if not settings.THROTTLE_ENABLED:
        return
    second = int(at.timestamp())
    key = f"throttle:{kind}:{account_id}:{second // WINDOW_SECONDS}"
    cache.add(key, 0, WINDOW_SECONDS)
    if cache.incr(key) > limit:
        raise Throttled(retry_after_seconds=WINDOW_SECONDS - second % WINDOW_SECONDS)
