"""A requirement set made of the few rules that most projects want."""

import re
from dataclasses import dataclass
from typing import Any

_SPLIT = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a form says about who may do the work; empty means: not asked for."""

    name: str
    speciality: str = ""
    level: int = 1
    language: str = ""
    language_level: str = ""
    places_in: tuple[str, ...] = ()
    places_out: tuple[str, ...] = ()
    nda: bool = False


def places(text: str) -> tuple[str, ...]:
    """`gb, us-ny` as it was typed → the codes in capitals, each once."""
    return tuple(dict.fromkeys(p.upper() for p in _SPLIT.split(text) if p))


def document(wanted: Wanted) -> dict[str, Any]:
    """The set as `tutors.rules.requirements` reads it; every rule holds for ever."""
    rules: list[tuple[str, dict[str, Any]]] = []
    if wanted.speciality:
        test = {"speciality": wanted.speciality, "level_min": wanted.level}
        rules.append(("field", {"kind": "qualification", **test}))
    if wanted.language:
        test = {"tag": wanted.language, "min": wanted.language_level}
        rules.append(("language", {"kind": "language", **test}))
    place: dict[str, Any] = {}
    if wanted.places_in:
        place["in"] = list(wanted.places_in)
    if wanted.places_out:
        place["not_in"] = list(wanted.places_out)
    if place:
        rules.append(("residence", {"kind": "residence", **place}))
    if wanted.nda:
        rules.append(("papers", {"kind": "agreement", "type": "nda", "party": "client"}))
    return {
        "schema": 1,
        "name": wanted.name,
        "rules": [{"id": rule, "mode": "hard", "test": test} for rule, test in rules],
    }
