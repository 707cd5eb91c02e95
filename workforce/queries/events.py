"""Questions about the event log and jobs."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from workforce.models import Event, Job
from workforce.rules.jobs import JobState


def events(
    *, subject: str | None = None, kind: str | None = None, actor: int | None = None
) -> QuerySet[Event]:
    found = Event.objects.select_related("actor", "seal")
    if subject:
        found = found.filter(subject=subject)
    if actor is not None:
        found = found.filter(actor=actor)
    return found.filter(kind=kind) if kind else found


def events_about(*, subjects: Collection[str], limit: int) -> Sequence[Event]:
    """The newest events of several things, newest first, with who did them."""
    found = Event.objects.select_related("actor").filter(subject__in=list(subjects))
    return list(found.order_by("-id")[:limit])


def jobs(*, state: str | None = None) -> QuerySet[Job]:
    return Job.objects.filter(state=state) if state else Job.objects.all()


def event_of(*, event_id: int) -> Event:
    return Event.objects.get(pk=event_id)


PARKED_SHOWN_MAX = 1_000


def parked_count() -> int:
    """How many jobs are parked, counted up to a limit."""
    return Job.objects.filter(state=JobState.PARKED).values("pk")[:PARKED_SHOWN_MAX].count()
