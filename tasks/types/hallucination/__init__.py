"""Mark what an answer makes up, gets wrong or leaves out, with evidence."""

from tasks.types.declaring import Declaration
from tasks.types.hallucination.compare import compare
from tasks.types.hallucination.rules import answer_rules, input_rules

DECLARATION = Declaration(
    title="Hallucination",
    description="Mark what an answer makes up, gets wrong or leaves out, and show the evidence.",
    input_rules=input_rules,
    answer_rules=answer_rules,
    compare=compare,
)
