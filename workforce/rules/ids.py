"""Public ids: a prefix and a number, such as `T-88412`."""

import re

_LARGEST = 2**63 - 1
_SHAPE = re.compile(r"([A-Z]{1,3})-([1-9][0-9]{0,18})", re.ASCII)


class NotAnId(ValueError):
    """The text is not a public id of the wanted kind."""


def public_id(prefix: str, number: int) -> str:
    return f"{prefix}-{number}"


def internal_id(prefix: str, text: str) -> int:
    """The number behind a public id; `NotAnId` for any other text or another prefix."""
    match = _SHAPE.fullmatch(text)
    if match is None or match[1] != prefix or int(match[2]) > _LARGEST:
        raise NotAnId(text)
    return int(match[2])
