"""Work that nobody here could take is found, so that a manager can decide before it is late."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from tasks.events import PoolExhausted
from tasks.models import Pool, PoolWatch
from tasks.queries.reaching import lacking, pools_to_watch
from workforce.operations import record
from workforce.rules.ids import public_id


def watch_pools(*, at: datetime) -> int:
    """Look whether somebody could take what waits longest, pool by pool; how many were looked at.

    Each pool is a transaction of its own, and looked at again after a while.
    """
    due = pools_to_watch()
    for eldest in due:
        _note(pool_id=eldest.pool_id, code=lacking(eldest=eldest, at=at), at=at)
    return len(due)


@transaction.atomic
def _note(*, pool_id: int, code: str, at: datetime) -> None:
    """Keep what was found; the first time that nobody can is told."""
    seen, _ = PoolWatch.objects.select_for_update().get_or_create(pool_id=pool_id)
    newly = bool(code) and not seen.code
    seen.code = code
    seen.nobody_since = None if not code else at if newly else seen.nobody_since
    seen.looked_at = Now()
    seen.save()
    if not newly:
        return
    pool = Pool.objects.select_related("project").get(pk=pool_id)
    event = PoolExhausted(
        subject=public_id("PL", pool_id),
        project=pool.project.public_id,
        name=pool.project.name,
        role=pool.role,
        code=code,
        queue=pool.queue,
    )
    record(event=event, actor=None, at=at)
