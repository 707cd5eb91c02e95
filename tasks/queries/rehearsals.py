"""Rehearsals: one, and the newest of an owner."""

from collections.abc import Sequence

from django.db.models import Q

from tasks.models import Project, Rehearsal
from tasks.rules.limits import REHEARSALS_LISTED_MAX
from tasks.rules.states import RehearsalKind
from workforce.models import Domain
from workforce.rules.problems import NotFound


def rehearsal_of(*, rehearsal_id: int) -> Rehearsal:
    """`NotFound` when there is none."""
    row = (
        Rehearsal.objects.select_related("project__domain", "domain", "author")
        .filter(pk=rehearsal_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def rehearsals_of(*, owner: Project | Domain) -> Sequence[Rehearsal]:
    """The newest dry runs of this owner's policies, without their answers."""
    mine = Q(project=owner) if isinstance(owner, Project) else Q(domain=owner)
    rows = Rehearsal.objects.filter(mine, kind=RehearsalKind.POLICY).select_related("author")
    return list(rows.defer("answer").order_by("-pk")[:REHEARSALS_LISTED_MAX])
