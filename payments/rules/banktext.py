"""Names in the characters that every bank takes: basic Latin, digits, / - ? : ( ) . , ' +."""

import re
import unicodedata

_SPELLED = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o",
        "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th",
        "ı": "i", "Ħ": "H", "ħ": "h", "Ŋ": "N", "ŋ": "n", "&": "+", "_": "-", "@": "(at)",
        "’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "€": "EUR",
    }
)  # fmt: skip
_CYRILLIC = zip(
    "абвгдежзиклмнопрстуфхцчшщыэюяієґў",
    "a b v g d e zh z i k l m n o p r s t u f kh ts ch sh shch y e iu ia i ie g u".split(),  # noqa: SIM905
    strict=True,
)
_GREEK = zip(
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),  # noqa: SIM905
    strict=True,
)
_LETTERS = {**dict(_CYRILLIC), **dict(_GREEK), "ъ": "", "ь": ""}
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_EDGES = re.compile(r"^[/ ]+|[/ ]+$")
NAME_CHARS_MAX = 70
"""Longest name that SEPA carries (the schema would take 140)."""
NOT_WRITABLE = "NOTPROVIDED"


def fold(text: str, *, chars_max: int = NAME_CHARS_MAX) -> str:
    """The text in bank characters: accents dropped, ß spelt out, the rest as `.`; never empty.

    No slash at either end and none doubled, as the EPC asks; cut to `chars_max`.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_SPELLED)).translate(_SPELLED)
    bare = "".join(_letter(c) for c in plain if not unicodedata.combining(c))
    known = re.sub(r"\s+", " ", _FOREIGN.sub(_stand_in, bare))
    single = re.sub(r"/{2,}", "/", known)
    cut = _EDGES.sub("", _EDGES.sub("", single)[:chars_max])
    return cut if re.search(r"[A-Za-z0-9]", cut) else NOT_WRITABLE


def _letter(char: str) -> str:
    folded = _LETTERS.get(char.lower())
    if folded is None:
        return char
    return folded.capitalize() if char != char.lower() else folded


def _stand_in(match: re.Match[str]) -> str:
    return " " if match[0].isspace() or unicodedata.category(match[0])[0] == "C" else "."
