"""Text that leaves in a table, where a spreadsheet might take it for a formula."""

import re

_FORMULA = re.compile(r"(^|[\n\r])\s*[=+\-@\t\r]")


def quoted(text: str) -> str:
    """The text, with a leading quote where any of its lines starts like a formula."""
    return f"'{text}" if _FORMULA.search(text) else text
