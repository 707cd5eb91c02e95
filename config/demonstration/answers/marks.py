"""The mark that a scripted text bears."""

SCRIPTED = "Scripted: "
PADDING = " This text was written by the demonstration, not by a person."


def scripted_text(text: str, *, at_least: int = 0) -> str:
    """The text with its mark, made long enough for schemas that ask for a length."""
    marked = SCRIPTED + text
    while len(marked) < at_least:
        marked += PADDING
    return marked
