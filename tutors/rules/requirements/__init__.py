"""Requirement sets: who may do a piece of work, read, checked, signed and relaxed."""

from tutors.rules.requirements.leaves import Leaf, LeafKind
from tutors.rules.requirements.reading import (
    LEAVES_MAX,
    NAME_MAX,
    RULES_MAX,
    WHY_MAX,
    CannotReadRequirements,
    parse,
)
from tutors.rules.requirements.sets import (
    CLIENT,
    SCHEMA,
    AllOf,
    AnyOf,
    Mode,
    RequirementSet,
    Rule,
    Test,
    json_of_test,
    parties_of,
    party_of,
)

__all__ = [
    "CLIENT",
    "LEAVES_MAX",
    "NAME_MAX",
    "RULES_MAX",
    "SCHEMA",
    "WHY_MAX",
    "AllOf",
    "AnyOf",
    "CannotReadRequirements",
    "Leaf",
    "LeafKind",
    "Mode",
    "RequirementSet",
    "Rule",
    "Test",
    "json_of_test",
    "parse",
    "parties_of",
    "party_of",
]
