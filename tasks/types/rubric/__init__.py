"""Grade an answer against criteria with evidence, or write the criteria."""

from tasks.types.declaring import Declaration
from tasks.types.rubric.compare import compare
from tasks.types.rubric.rules import answer_rules, input_rules

DECLARATION = Declaration(
    title="Rubric",
    description="Grade an answer against criteria with evidence, or write the criteria yourself.",
    input_rules=input_rules,
    answer_rules=answer_rules,
    compare=compare,
)
