"""The form of an answer with its values, and what comes back from it.

`bound` puts an answer into the questions of `fields.tree_of`; `read` makes an answer out of a
posted form. Both follow the same names: ``a.grades[0].evidence[1].line``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.pages.work.fields import Node

ROOT = "a"
ITEMS_READ_MAX = 200
"""Entries of one list that a posted form may hold."""

SPAN = ("in", "start", "end", "quote")


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A node of the form in its place. `spare` is the entry that the page copies for a new one."""

    node: Node
    name: str
    value: Any = None
    children: tuple["Bound", ...] = ()
    spare: "Bound | None" = None
    errors: tuple[str, ...] = ()
    depth: int = 0

    @property
    def is_span(self) -> bool:
        return {"start", "end", "quote"} <= {each.key for each in self.node.fields}

    @property
    def chosen_branch(self) -> str:
        """The branch whose telling field is filled; the plainest one when none is."""
        names = [name for name, _label in self.node.branches]
        given = self.value if isinstance(self.value, Mapping) else {}
        return next((name for name in reversed(names) if given.get(name) is not None), names[0])

    @property
    def shown(self) -> str:
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return str(self.value)


@dataclass(frozen=True)
class _Binding:
    errors: Mapping[str, Sequence[str]]
    spare_entries: int
    more: str = ""

    def bind(self, node: Node, value: Any, name: str, depth: int) -> Bound:
        path = re.sub(r"@\w+", "", name.removeprefix(ROOT).removeprefix("."))
        own = Bound(
            node=node, name=name, value=value, depth=depth,
            errors=tuple(self.errors.get(path, ())),
        )  # fmt: skip
        if node.kind == "list":
            return self._list(own)
        if node.kind == "pairs":
            return self._pairs(own)
        if node.kind == "ranking":
            ranks = _ranks(value)
            return _with(
                own, [self.bind(f, ranks.get(f.key), f"{name}.{f.key}", depth) for f in node.fields]
            )
        if node.fields:
            return _with(own, [self._field(f, value, name, depth) for f in node.fields])
        return own

    def _field(self, each: Node, value: Any, name: str, depth: int) -> Bound:
        if isinstance(value, list) and each.key.isdigit():
            here = value[int(each.key)] if int(each.key) < len(value) else None
        else:
            here = value.get(each.key) if isinstance(value, Mapping) else None
        suffix = f"@{each.branch}" if each.branch else ""
        return self.bind(each, here, f"{name}.{each.key}{suffix}", depth + 1)

    def _list(self, own: Bound) -> Bound:
        assert own.node.item is not None
        given = list(own.value) if isinstance(own.value, list) else []
        blank = self.spare_entries if own.depth == 1 else int(bool(self.spare_entries))
        count = len(given) + (1 if self.more == own.name else blank)
        rows = [
            self.bind(
                own.node.item,
                given[n] if n < len(given) else None,
                f"{own.name}[{n}]",
                own.depth + 1,
            )
            for n in range(min(count, own.node.most or ITEMS_READ_MAX))
        ]
        spare = _Binding({}, 0).bind(
            own.node.item, None, f"{own.name}[__{own.depth}__]", own.depth + 1
        )
        return Bound(
            node=own.node, name=own.name, value=own.value, children=tuple(rows), spare=spare,
            errors=own.errors, depth=own.depth,
        )  # fmt: skip

    def _pairs(self, own: Bound) -> Bound:
        given = list(own.value.items()) if isinstance(own.value, Mapping) else []
        given += [("", None)] * (2 if self.spare_entries else 0)
        rows = [_pair(own, n, key, value) for n, (key, value) in enumerate(given)]
        spare = _pair(own, f"__{own.depth}__", "", None)
        return Bound(
            node=own.node, name=own.name, value=own.value, children=tuple(rows), spare=spare,
            errors=own.errors, depth=own.depth,
        )  # fmt: skip


def _pair(own: Bound, number: Any, key: str, value: Any) -> Bound:
    return Bound(node=Node(kind="pair", key=key), name=f"{own.name}[{number}]", value=value)


def _with(own: Bound, children: list[Bound]) -> Bound:
    return Bound(
        node=own.node, name=own.name, value=own.value, children=tuple(children),
        errors=own.errors, depth=own.depth,
    )  # fmt: skip


def bound(
    tree: Node,
    answer: Any,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    spare_entries: int = 0,
    more: str = "",
) -> Bound:
    """The form with `answer` in it. `spare_entries` blank ones stand at the end of each list, for
    browsers without scripts; `more` is the name of a list that shall have one more.
    """
    return _Binding(errors or {}, spare_entries, more).bind(tree, answer, ROOT, 0)


def _ranks(ranking: Any) -> dict[str, int]:
    groups = ranking if isinstance(ranking, list) else []
    return {name: place for place, group in enumerate(groups, start=1) for name in group}


# --- Reading --------------------------------------------------------------------------------


@dataclass
class _Posted:
    given: Mapping[str, str]
    texts: Mapping[str, str]
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.given:
            for found in re.finditer(r"\[(\d{1,4})\]", name):
                stem, number = name[: found.start()], int(found[1])
                self.counts[stem] = min(ITEMS_READ_MAX, max(self.counts.get(stem, 0), number + 1))

    def at(self, name: str) -> str:
        return self.given.get(name, "").replace("\r\n", "\n")


def read(tree: Node, posted: Mapping[str, str], *, texts: Mapping[str, str]) -> dict[str, Any]:
    """The answer that a posted form holds; what was left blank is not in it.

    `texts` are the task's texts by place: a quote without numbers is looked up there.
    """
    found = _read(tree, _Posted(posted, texts), ROOT)
    return found if isinstance(found, dict) else {}


def _read(node: Node, posted: _Posted, name: str) -> Any:
    reader = _READERS.get(node.kind)
    return reader(node, posted, name) if reader else _plain(node, posted.at(name))


def _plain(node: Node, text: str) -> Any:
    if not text.strip():
        return None
    if node.kind == "choice" and text in ("true", "false") and len(node.choices) == 2:
        return text == "true"
    if node.number:
        try:
            return int(text)
        except ValueError:
            return text
    return text if node.kind == "long" or node.key == "quote" else text.strip()


def _flag(node: Node, posted: _Posted, name: str) -> Any:
    return True if posted.at(name) else (False if node.required else None)


def _object(node: Node, posted: _Posted, name: str) -> Any:
    branch = posted.at(f"{name}.@") if node.branches else ""
    found: dict[str, Any] = {}
    for each in node.fields:
        if each.branch and branch and each.branch != branch:
            continue
        suffix = f"@{each.branch}" if each.branch else ""
        value = _read(each, posted, f"{name}.{each.key}{suffix}")
        if value is not None and not (each.key in found and not branch):
            found[each.key] = value
    _locate(found, node, posted)
    only_flags = all(value is False for value in found.values())
    return None if only_flags and name != ROOT else found


def _locate(found: dict[str, Any], node: Node, posted: _Posted) -> None:
    """A quote says where it stands, when it stands in its text once."""
    wants = {each.key for each in node.fields} >= {"start", "end", "quote"}
    if not wants or "line" in found or "quote" not in found or "start" in found or "end" in found:
        return
    start = posted.texts.get(str(found.get("in")), "").find(found["quote"])
    if start >= 0:
        found.update(start=start, end=start + len(found["quote"]))


def _list(node: Node, posted: _Posted, name: str) -> Any:
    assert node.item is not None
    rows = (_read(node.item, posted, f"{name}[{n}]") for n in range(posted.counts.get(name, 0)))
    found = [row for row in rows if row is not None]
    if node.item.numbered:
        found = [{"n": number, **row} for number, row in enumerate(found, start=1)]
    return found if found or node.required else None


def _map(node: Node, posted: _Posted, name: str) -> Any:
    rows = {each.key: _read(each, posted, f"{name}.{each.key}") for each in node.fields}
    found = {
        each.key: rows[each.key] if rows[each.key] is not None else _flags(each)
        for each in node.fields
    }
    kept = {key: row for key, row in found.items() if row}
    return kept or None


def _flags(node: Node) -> dict[str, Any]:
    """A group of the task's own in which nothing is ticked says no."""
    return {each.key: False for each in node.fields if each.kind == "flag" and each.required}


def _pairs(node: Node, posted: _Posted, name: str) -> Any:
    found = {}
    for number in range(posted.counts.get(name, 0)):
        key, value = posted.at(f"{name}[{number}].key"), posted.at(f"{name}[{number}].value")
        if key.strip() and value.strip():
            found[key.strip()] = value.strip()
    return found or None


def _tuple(node: Node, posted: _Posted, name: str) -> Any:
    found = [_plain(each, posted.at(f"{name}.{each.key}")) for each in node.fields]
    return None if all(value is None for value in found) else found


def _ranking(node: Node, posted: _Posted, name: str) -> Any:
    places: dict[str, list[str]] = {}
    for each in node.fields:
        place = posted.at(f"{name}.{each.key}")
        if place:
            places.setdefault(place, []).append(each.key)
    return [places[place] for place in sorted(places)] or None


_READERS = {
    "object": _object,
    "list": _list,
    "map": _map,
    "pairs": _pairs,
    "tuple": _tuple,
    "ranking": _ranking,
    "flag": _flag,
}
