"""Judge claims about a picture, and box what shows it."""

from tasks.types.declaring import Declaration
from tasks.types.image.compare import compare
from tasks.types.image.rules import answer_rules, input_rules

DECLARATION = Declaration(
    title="Image",
    description="Judge claims about a picture, box the evidence, put the caption right.",
    input_rules=input_rules,
    answer_rules=answer_rules,
    compare=compare,
)
