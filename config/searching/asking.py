"""The shape of a question and of an answer, and who may follow it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from workforce.models import Account
from workforce.rules.roles import Role

ASKED_MAX = 6
"""Rows that one question fetches: one more than are shown would be waste."""

_ID = re.compile(r"([A-Za-z]{1,3})-([1-9][0-9]{0,17})", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody typed: the words, and the id in them if they are one."""

    account: Account
    text: str
    prefix: str = ""
    key: int = 0

    @classmethod
    def of(cls, account: Account, text: str) -> "Asked":
        words = " ".join(text.replace("\x00", "").split())
        match = _ID.fullmatch(words)
        if match is None:
            return cls(account=account, text=words)
        return cls(account=account, text=words, prefix=match[1].upper(), key=int(match[2]))

    def key_of(self, prefix: str) -> int | None:
        """The key asked for, by `T-12`; None for any other text."""
        return self.key if self.prefix == prefix else None

    @property
    def number(self) -> int | None:
        return int(self.text) if _NUMBER.fullmatch(self.text) else None


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found."""

    title: str
    url: str
    detail: str = ""
    id: str = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """One kind of thing that some roles find."""

    label: Any
    icon: str
    roles: frozenset[Role]
    find: Callable[[Asked], Sequence[Hit]]


def url(name: str, *args: Any) -> str:
    """The address of a page; empty while it is not routed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def may_open(account: Account, address: str) -> bool:
    """Whether the page at this address lets the person's roles in."""
    if not address:
        return False
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return False
    spec = getattr(view, "page", None)
    return spec is None or bool(account.roles & spec.roles)
