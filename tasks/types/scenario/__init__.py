"""Write a realistic case that a fluent answer fails."""

from tasks.types.declaring import Declaration
from tasks.types.scenario.compare import compare
from tasks.types.scenario.rules import answer_rules, input_rules

DECLARATION = Declaration(
    title="Scenario",
    description="Write a realistic case that a fluent answer fails, and a better answer.",
    input_rules=input_rules,
    answer_rules=answer_rules,
    compare=compare,
)
