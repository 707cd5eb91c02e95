"""Where named requirement sets are used."""

from collections.abc import Iterable

from django.db.models import Count

from tasks.models import Project

USES_MAX = 100
"""Projects of one set that are listed, newest first."""


def used_by(*, set_id: int) -> list[Project]:
    """Projects that began with the set, newest first."""
    rows = Project.objects.select_related("client", "domain").filter(requirement_set_id=set_id)
    return list(rows.order_by("-id")[:USES_MAX])


def uses_of(*, set_ids: Iterable[int]) -> dict[int, int]:
    """How many projects began with each of these sets."""
    rows = Project.objects.filter(requirement_set_id__in=list(set_ids))
    counts = rows.values_list("requirement_set_id").annotate(times=Count("pk")).order_by()
    return {set_id: times for set_id, times in counts if set_id is not None}
