"""What stands between somebody and open projects whose field is hers: papers, words, consent, ties.

For the recruiter who looks at her: what she would do to bring more work within reach, most
projects first. The field itself (qualification, proof, record) is another road, so projects that
want another one are left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tutors.rules.eligibility import Facts, Finding, left_to_do
from tutors.rules.requirements import Leaf, LeafKind, RequirementSet

KINDS = frozenset(LeafKind) - {
    LeafKind.QUALIFICATION,
    LeafKind.CREDENTIAL,
    LeafKind.STANDING,
}
"""What is asked of a person beside her field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """An open project and what it asks of those who answer."""

    project: str
    name: str
    client: str
    requirement: RequirementSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing asked for that she does not meet, and the projects that ask it."""

    leaf: Leaf
    finding: Finding
    projects: tuple[Asking, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """How many projects are of her field, and what she does not meet of what they ask."""

    projects: int
    gaps: tuple[Gap, ...]


def within_reach(*, facts: Facts, asked: Iterable[Asking], at: datetime) -> Within:
    """What projects of her field ask beside it and she does not meet, most projects first."""
    near = 0
    found: dict[tuple[Leaf, Finding], list[Asking]] = {}
    for asking in asked:
        missing = [
            each
            for rule in asking.requirement.rules
            for each in left_to_do(rule=rule, facts=facts, client=asking.client, at=at)
        ]
        if all(leaf.kind in KINDS for leaf, _ in missing):
            near += 1
            for each in dict.fromkeys(missing):
                found.setdefault(each, []).append(asking)
    ordered = sorted(found.items(), key=lambda line: (-len(line[1]), line[0][1].turn))
    gaps = tuple(
        Gap(leaf=leaf, finding=finding, projects=tuple(projects))
        for (leaf, finding), projects in ordered
    )
    return Within(projects=near, gaps=gaps)
