"""Requirement sets by signature, and those kept by name."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from tutors.models import NamedSet
from tutors.models import RequirementSet as Row
from tutors.rules.requirements import RequirementSet, parse
from workforce.rules.problems import NotFound


def sets_by_signature(*, signatures: Iterable[str]) -> dict[str, tuple[RequirementSet, str]]:
    """Signature → the set and its client (`C-12`, or an empty text); unknown ones are left out."""
    rows = Row.objects.filter(signature__in=list(signatures))
    return {row.signature: (parse(row.document), row.client) for row in rows}


def named_sets(*, ended: bool = False) -> QuerySet[NamedSet]:
    """Sets kept by name, with who made them; those replaced or put away only if asked for."""
    rows = NamedSet.objects.select_related("made_by")
    return rows if ended else rows.filter(ended_at__isnull=True)


NAMING_LOOKED_MAX = 500
"""Sets in use that are looked through, newest first, for those that name an organisation."""


def sets_naming(*, parties: Collection[str]) -> list[NamedSet]:
    """Sets in use that forbid ties to one of these: `org:word`, `tag:word`."""
    rows = named_sets().order_by("-pk")[:NAMING_LOOKED_MAX]
    return [row for row in rows if parse(row.document).forbids(parties)]


def named_set(*, set_id: int) -> NamedSet:
    """Live or not, with what it replaced and what replaced it; `NotFound` when there is none."""
    found = (
        NamedSet.objects.select_related("made_by", "ended_by", "replaces", "successor")
        .filter(pk=set_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
