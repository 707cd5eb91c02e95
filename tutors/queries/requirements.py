"""Requirement sets by signature."""

from collections.abc import Iterable

from tutors.models import RequirementSet as Row
from tutors.rules.requirements import RequirementSet, parse


def sets_by_signature(*, signatures: Iterable[str]) -> dict[str, tuple[RequirementSet, str]]:
    """Signature → the set and its client (`C-12`, or an empty text); unknown ones are left out."""
    rows = Row.objects.filter(signature__in=list(signatures))
    return {row.signature: (parse(row.document), row.client) for row in rows}
