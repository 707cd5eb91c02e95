"""Mark what happens when in a clip, and judge claims about it."""

from tasks.types.declaring import Declaration
from tasks.types.video.compare import compare
from tasks.types.video.rules import answer_rules, input_rules

DECLARATION = Declaration(
    title="Video",
    description="Mark on a timeline what happens when, and judge claims about it.",
    input_rules=input_rules,
    answer_rules=answer_rules,
    compare=compare,
)
