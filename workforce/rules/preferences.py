"""How somebody likes her pages: read from what was stored, whatever its age."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Mail(StrEnum):
    """Which notices are sent by e-mail as well."""

    NONE = "none"
    IMPORTANT = "important"  # those that ask for something
    ALL = "all"


DEFAULT_KEYS: Mapping[str, str] = {
    "next": "j",
    "previous": "k",
    "select": "x",
    "filter": "/",
    "create": "c",
    "skip": "s",
    "pause": "p",
    "guide": "g",
    "new": "n",
}
"""Single keys that can be given to other acts' letters; each works outside text fields only."""

FIXED_KEYS = frozenset("?123456789")
"""Keys that keep their meaning everywhere."""


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What a person chose; the defaults are what she gets before choosing."""

    theme: Theme = Theme.SYSTEM
    shortcuts: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    sound: bool = False
    title_count: bool = True
    mail: Mail = Mail.IMPORTANT

    def key(self, act: str) -> str:
        return self.keys.get(act, DEFAULT_KEYS[act])

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def read(raw: Any) -> Preferences:
    """Preferences out of what is stored; anything unknown or broken falls back to the default."""
    if not isinstance(raw, Mapping):
        return Preferences()
    plain = Preferences()
    keys = raw.get("keys")
    return Preferences(
        theme=_word(Theme, raw.get("theme"), plain.theme),
        shortcuts=_flag(raw.get("shortcuts"), plain.shortcuts),
        keys=_keys(keys) if isinstance(keys, Mapping) else {},
        sound=_flag(raw.get("sound"), plain.sound),
        title_count=_flag(raw.get("title_count"), plain.title_count),
        mail=_word(Mail, raw.get("mail"), plain.mail),
    )


def clashes(keys: Mapping[str, str]) -> dict[str, str]:
    """Acts whose chosen key cannot be had, with why: `form`, `fixed` or the act that has it."""
    found: dict[str, str] = {}
    taken: dict[str, str] = {}
    for act in DEFAULT_KEYS:
        key = keys.get(act, DEFAULT_KEYS[act])
        if len(key) != 1 or not key.isprintable() or key.isspace():
            found[act] = "form"
        elif key in FIXED_KEYS:
            found[act] = "fixed"
        elif key in taken:
            found[act] = taken[key]
        else:
            taken[key] = act
    return found


def _keys(raw: Mapping[Any, Any]) -> dict[str, str]:
    return {
        act: raw[act]
        for act in DEFAULT_KEYS
        if isinstance(raw.get(act), str) and len(raw[act]) == 1 and raw[act] != DEFAULT_KEYS[act]
    }


def _flag(value: Any, default: bool) -> bool:
    return value if isinstance(value, bool) else default


def _word(words: Any, value: Any, default: Any) -> Any:
    return words(value) if isinstance(value, str) and value in set(words) else default
