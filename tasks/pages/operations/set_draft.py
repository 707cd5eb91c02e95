"""A requirement set on the builder's desk: what was typed, moved about, and written as a document.

A rule is a list of ways (“or”), each a list of conditions (“and”): one way of one condition is a
leaf, one way of several is `all`, several are `any`. `parse` alone says what is wrong.
"""

import copy
import re
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from tasks.pages.operations.set_kinds import KINDS, Input, Kind, Shape, kind_of
from tutors.rules.places import place_called
from tutors.rules.requirements import (
    LEAVES_MAX,
    RULES_MAX,
    SCHEMA,
    AllOf,
    AnyOf,
    Leaf,
    Mode,
    RequirementSet,
    Rule,
)
from tutors.rules.requirements.values import Value

TYPED_CHARS_MAX = 2_000
UNITS = {"minutes": 1, "hours": 60, "days": 60 * 24}
HERE = "residence"
"""What a right to work is asked for where no place is named."""

_FIELD = re.compile(r"r([0-9]{1,2})-b([0-9])-l([0-9])-kind", re.ASCII)
_ACT = re.compile(r"([a-z]+):?([0-9.]*):?([a-z_]*)", re.ASCII)
_COMMAS = re.compile(r"[,;\n]+")
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,9}([.,][0-9]{1,3})?", re.ASCII)

Values = dict[str, list[str]]


@dataclass
class LeafDraft:
    """A condition as typed: for each field the texts that came for it."""

    kind: Kind
    values: Values

    def text(self, key: str) -> str:
        return next(iter(self.values.get(key, ())), "").strip()


@dataclass
class RuleDraft:
    id: str
    ways: list[list[LeafDraft]]
    soft: bool = False
    relax: str = "4"
    unit: str = "hours"
    why: str = ""

    @property
    def leaves(self) -> int:
        return sum(len(way) for way in self.ways)


@dataclass
class Draft:
    """The whole desk. `touched` is the place that the last act changed, for the focus."""

    name: str = ""
    client: str = ""
    rules: list[RuleDraft] = field(default_factory=list)
    touched: int | None = None


# --- Read -------------------------------------------------------------------------------------


def from_post(posted: QueryDict) -> Draft:
    """The desk as a form sends it; what it does not know it passes over."""
    draft = Draft(name=_typed(posted, "name"), client=_typed(posted, "client"))
    places = sorted(
        (int(found[1]), int(found[2]), int(found[3]))
        for name in posted
        if (found := _FIELD.fullmatch(name)) and posted[name] in KINDS
    )
    for rule in sorted({place[0] for place in places}):
        at = f"r{rule}"
        ways: dict[int, list[LeafDraft]] = {}
        for _rule, way, leaf in (place for place in places if place[0] == rule):
            ways.setdefault(way, []).append(_leaf(posted, f"{at}-b{way}-l{leaf}"))
        unit = _typed(posted, f"{at}-unit")
        draft.rules.append(
            RuleDraft(
                id=_typed(posted, f"{at}-id").lower(),
                ways=list(ways.values()),
                soft=_typed(posted, f"{at}-mode") == Mode.SOFT.value,
                relax=_typed(posted, f"{at}-relax"),
                unit=unit if unit in UNITS else "minutes",
                why=_typed(posted, f"{at}-why"),
            )
        )
    return draft


def _typed(posted: QueryDict, name: str) -> str:
    return str(posted.get(name, ""))[:TYPED_CHARS_MAX].strip()


def _leaf(posted: QueryDict, at: str) -> LeafDraft:
    kind = KINDS[str(posted[f"{at}-kind"])]
    values = {
        each.key: [text[:TYPED_CHARS_MAX] for text in posted.getlist(f"{at}-{each.key}")]
        for each in kind.inputs
    }
    return LeafDraft(kind=kind, values=values)


def from_requirement(requirement: RequirementSet) -> Draft:
    """The desk for a set that was read."""
    return Draft(name=requirement.name, rules=[_rule_of(rule) for rule in requirement.rules])


def _rule_of(rule: Rule) -> RuleDraft:
    branches = rule.test.branches if isinstance(rule.test, AnyOf) else (rule.test,)
    minutes = rule.relax_after_minutes or UNITS["hours"] * 4
    unit = next(word for word in ("days", "hours", "minutes") if minutes % UNITS[word] == 0)
    return RuleDraft(
        id=rule.id,
        ways=[
            [_leaf_of(leaf) for leaf in (way.leaves if isinstance(way, AllOf) else (way,))]
            for way in branches
        ],
        soft=rule.mode is Mode.SOFT,
        relax=str(minutes // UNITS[unit]),
        unit=unit,
        why=rule.why,
    )


def _leaf_of(leaf: Leaf) -> LeafDraft:
    kind = kind_of(leaf.as_json())
    values = {each.key: _texts(each, leaf.get(each.key)) for each in kind.inputs}
    return LeafDraft(kind=kind, values=values)


def _texts(each: Input, value: Value | None) -> list[str]:
    """A number of days that is none is left empty, as people write it."""
    if value is None or (each.shape is Shape.PLACE and value == HERE):
        return []
    if isinstance(value, tuple):
        return list(value) if each.shape is Shape.TICKS else [", ".join(value)]
    if each.shape is Shape.PERCENT:
        return [f"{float(value) * 100:g}"]
    return [] if value == 0 else [str(value)]


# --- Change -----------------------------------------------------------------------------------


def act(draft: Draft, name: str) -> Draft:
    """The desk after a press on `add:language`, `or:0:degree`, `and:0.1:degree`, `up:2`, `down:2`,
    `copy:2`, `remove:2` or `drop:0.1.0`; unknown presses change nothing.
    """
    found = _ACT.fullmatch(name)
    if found is None:
        return draft
    deed, place, kind = found.groups()
    spots = [int(n) for n in place.split(".") if n]
    made = copy.deepcopy(draft)
    if deed == "add" and kind in KINDS:
        if len(made.rules) < RULES_MAX:
            made.rules.append(_fresh_rule(made, KINDS[kind]))
            made.touched = len(made.rules) - 1
        return made
    if not spots or spots[0] >= len(made.rules):
        return draft
    _ON_RULE.get(deed, lambda *_: None)(made, spots, KINDS.get(kind))
    return made


def _fresh_rule(draft: Draft, kind: Kind) -> RuleDraft:
    return RuleDraft(id=_free_id(draft, kind.rule), ways=[[_fresh_leaf(kind)]])


def _fresh_leaf(kind: Kind) -> LeafDraft:
    return LeafDraft(kind=kind, values={each.key: list(each.start) for each in kind.inputs})


def _free_id(draft: Draft, wanted: str) -> str:
    taken = {rule.id for rule in draft.rules}
    names = [wanted, *(f"{wanted}-{n}" for n in range(2, RULES_MAX + 2))]
    return next(name for name in names if name not in taken)


def _or(draft: Draft, spots: list[int], kind: Kind | None) -> None:
    rule = draft.rules[spots[0]]
    if kind is not None and rule.leaves < LEAVES_MAX:
        rule.ways.append([_fresh_leaf(kind)])
        draft.touched = spots[0]


def _and(draft: Draft, spots: list[int], kind: Kind | None) -> None:
    rule = draft.rules[spots[0]]
    if kind is not None and rule.leaves < LEAVES_MAX and len(spots) > 1:
        if spots[1] < len(rule.ways):
            rule.ways[spots[1]].append(_fresh_leaf(kind))
        draft.touched = spots[0]


def _move(draft: Draft, spots: list[int], by: int) -> None:
    old, new = spots[0], spots[0] + by
    if 0 <= new < len(draft.rules):
        draft.rules.insert(new, draft.rules.pop(old))
        draft.touched = new


def _copy(draft: Draft, spots: list[int], _kind: Kind | None) -> None:
    if len(draft.rules) < RULES_MAX:
        twin = copy.deepcopy(draft.rules[spots[0]])
        twin.id = _free_id(draft, twin.id[:36])
        draft.rules.insert(spots[0] + 1, twin)
        draft.touched = spots[0] + 1


def _remove(draft: Draft, spots: list[int], _kind: Kind | None) -> None:
    draft.rules.pop(spots[0])
    draft.touched = min(spots[0], len(draft.rules) - 1) if draft.rules else None


def _drop(draft: Draft, spots: list[int], _kind: Kind | None) -> None:
    """The last condition of a way takes the way with it, the last way the rule."""
    rule = draft.rules[spots[0]]
    if len(spots) != 3 or spots[1] >= len(rule.ways) or spots[2] >= len(rule.ways[spots[1]]):
        return
    rule.ways[spots[1]].pop(spots[2])
    rule.ways = [way for way in rule.ways if way]
    draft.touched = spots[0]
    if not rule.ways:
        _remove(draft, spots, None)


_ON_RULE: dict[str, Any] = {
    "or": _or,
    "and": _and,
    "up": lambda draft, spots, _kind: _move(draft, spots, -1),
    "down": lambda draft, spots, _kind: _move(draft, spots, 1),
    "copy": _copy,
    "remove": _remove,
    "drop": _drop,
}


# --- Write ------------------------------------------------------------------------------------


def to_document(draft: Draft) -> dict[str, Any]:
    """What `parse` reads. A text that is no number stays as it is, so that it is named there."""
    rules = [rule_document(rule) for rule in draft.rules]
    return {"schema": SCHEMA, "name": draft.name, "rules": rules}


def rule_document(rule: RuleDraft) -> dict[str, Any]:
    ways = [
        _leaf_document(way[0]) if len(way) == 1 else {"all": [_leaf_document(leaf) for leaf in way]}
        for way in rule.ways
    ]
    mode = Mode.SOFT if rule.soft else Mode.HARD
    written: dict[str, Any] = {"id": rule.id, "mode": mode.value}
    if rule.why:
        written["why"] = rule.why
    if rule.soft:
        written["relax_after_minutes"] = _minutes(rule)
    return {**written, "test": ways[0] if len(ways) == 1 else {"any": ways}}


def _minutes(rule: RuleDraft) -> int | str:
    if not _WHOLE.fullmatch(rule.relax):
        return rule.relax
    return int(rule.relax) * UNITS[rule.unit]


def _leaf_document(leaf: LeafDraft) -> dict[str, Any]:
    written: dict[str, Any] = dict(leaf.kind.fixed)
    for each in leaf.kind.inputs:
        value = _WRITERS[each.shape](each, leaf)
        if value is not None:
            written[each.key] = value
    return written


def _whole(each: Input, leaf: LeafDraft) -> int | str | None:
    text = leaf.text(each.key)
    return int(text) if _WHOLE.fullmatch(text) else text or None


def _percent(each: Input, leaf: LeafDraft) -> float | str | None:
    text = leaf.text(each.key)
    if not _DECIMAL.fullmatch(text):
        return text or None
    return round(float(text.replace(",", ".")) / 100, 6)


def _listed(text: str) -> list[str]:
    return [entry.strip() for entry in _COMMAS.split(text) if entry.strip()]


def _words(each: Input, leaf: LeafDraft) -> list[str] | None:
    return _listed(leaf.text(each.key)) or None


def _places(each: Input, leaf: LeafDraft) -> list[str] | None:
    return [place_called(entry) for entry in _listed(leaf.text(each.key))] or None


def _place(each: Input, leaf: LeafDraft) -> str:
    return place_called(leaf.text(each.key)) or HERE


def _ticks(each: Input, leaf: LeafDraft) -> list[str] | None:
    return [text for text in leaf.values.get(each.key, ()) if text] or None


def _flag(each: Input, leaf: LeafDraft) -> str | None:
    return each.value if leaf.text(each.key) == each.value else None


def _text(each: Input, leaf: LeafDraft) -> str | None:
    return leaf.text(each.key) or None


def _word(each: Input, leaf: LeafDraft) -> str | None:
    """Words are small letters with dashes: “Image analysis” is what is kept as `image-analysis`."""
    return "-".join(leaf.text(each.key).lower().split()) or None


_WRITERS: dict[Shape, Any] = {
    Shape.CHOICE: _text,
    Shape.WORD: _word,
    Shape.WHOLE: _whole,
    Shape.LEVEL: _whole,
    Shape.PERCENT: _percent,
    Shape.WORDS: _words,
    Shape.PLACES: _places,
    Shape.PLACE: _place,
    Shape.TICKS: _ticks,
    Shape.FLAG: _flag,
}


def path_of(rule: RuleDraft, at: int, way: int, leaf: int) -> str:
    """Where `parse` finds that condition: `rules.1.test.any.0.all.2`."""
    path = f"rules.{at}.test"
    if len(rule.ways) > 1:
        path += f".any.{way}"
    return f"{path}.all.{leaf}" if len(rule.ways[way]) > 1 else path
