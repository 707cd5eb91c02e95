"""Rank two or more answers, with strength and reasons per criterion."""

from tasks.types.declaring import Declaration
from tasks.types.preference.compare import compare
from tasks.types.preference.rules import answer_rules, input_rules

DECLARATION = Declaration(
    title="Preference",
    description="Rank two or more answers, say by how much and why, criterion by criterion.",
    input_rules=input_rules,
    answer_rules=answer_rules,
    compare=compare,
)
