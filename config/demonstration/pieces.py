"""What a reader hands on: one intake item, its pictures, and what is known to be true of it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A PNG that this project drew."""

    name: str
    png: bytes = field(repr=False)
    width: int
    height: int
    alt: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.png).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One task to hand in. `hints` is what the scripted people know; it never leaves the house.

    `gold`: the known answer, of the few that have one.
    """

    task_type: str
    external_id: str
    input: Json
    hints: Json
    meta: dict[str, str] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    complexity: int = 1
    gold: Json | None = None

    def item(self) -> Json:
        """The item as `POST /projects/{id}/batches/` takes it."""
        known = {} if self.gold is None else {"gold": self.gold}
        return {
            "external_id": self.external_id,
            "input": self.input,
            "meta": {**self.meta, "made_by": "Lectern demonstration"},
            "complexity": self.complexity,
            **known,
        }


def span(*, text: str, quote: str, where: str, start: int = 0) -> Json:
    """The first place of `quote` in `text`, in code points, as the schemas want a span."""
    at = text.index(quote, start)
    return {"in": where, "start": at, "end": at + len(quote), "quote": quote}
