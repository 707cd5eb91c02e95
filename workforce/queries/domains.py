"""Questions about domains."""

from workforce.models import Domain

QUEUES_MAX = 200


def queue_names() -> list[str]:
    """The Celery queue of each top-level domain, in order."""
    tops = Domain.objects.filter(parent__isnull=True).order_by("slug")
    return list(tops.values_list("slug", flat=True)[:QUEUES_MAX])
