"""Criticise an answer point by point, and rewrite it."""

from tasks.types.critique.compare import compare
from tasks.types.critique.rules import answer_rules, input_rules
from tasks.types.declaring import Declaration

DECLARATION = Declaration(
    title="Critique",
    description="Find what is wrong with an answer, point by point, and rewrite it.",
    input_rules=input_rules,
    answer_rules=answer_rules,
    compare=compare,
)
