"""The builder's desk as a template shows it: fields with their choices and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

from tasks.pages.operations.choosing import domain_choices
from tasks.pages.operations.set_draft import UNITS, Draft, LeafDraft, RuleDraft, path_of
from tasks.pages.operations.set_kinds import GROUPS, Choice, Input, Shape
from tasks.types import all_types
from tutors.queries.vocabulary import parties, vocabulary
from tutors.rules.languages import is_tag
from tutors.rules.requirements import LEAVES_MAX, RULES_MAX, WHY_MAX
from workforce.rules.problems import Errors

SELECTS = frozenset({Shape.CHOICE, Shape.LEVEL})
LISTS = frozenset({Shape.WORD, Shape.WORDS})
NUMBERS = frozenset({Shape.WHOLE, Shape.PERCENT})


class Choices:
    """What the fields let people choose from, read once for a page and only where needed."""

    def of(self, source: str) -> list[Choice]:
        return list(getattr(self, source))

    @cached_property
    def specialities(self) -> list[Choice]:
        return [("", _("Choose a speciality")), *domain_choices()]

    @cached_property
    def languages(self) -> list[Choice]:
        named = {_tag(code): str(info.get("name", "")) for code, info in LANG_INFO.items()}
        known = sorted((name, tag) for tag, name in named.items() if name and is_tag(tag))
        return [("", _("Choose a language")), *((tag, f"{name} ({tag})") for name, tag in known)]

    @cached_property
    def task_types(self) -> list[Choice]:
        return [("", _("All kinds")), *((kind.slug, kind.title) for kind in all_types())]

    @cached_property
    def parties(self) -> list[Choice]:
        return [(party, _party(party, name)) for party, name in parties()]

    @cached_property
    def words(self) -> dict[str, tuple[str, ...]]:
        known = vocabulary()
        ends = {slug.rpartition(".")[2] for slug, _name in self.specialities if slug}
        return {
            "fields": tuple(sorted({*known.fields, *ends})),
            "professions": known.professions,
            "names": known.names,
        }


def _tag(code: str) -> str:
    """`zh-hans` as the rules write it: `zh-Hans`; `pt-br`: `pt-BR`."""
    language, _dash, rest = code.partition("-")
    return f"{language}-{rest.upper() if len(rest) == 2 else rest.title()}" if rest else language


def _party(party: str, name: str) -> str:
    if not name:
        return _("The project's client")
    return _("Any: %(kind)s") % {"kind": name} if party.startswith("tag:") else name


@dataclass(frozen=True, kw_only=True)
class FieldShown:
    """One field with its value. `options` are (value, label, chosen)."""

    name: str
    asked: Input
    value: str
    options: list[tuple[str, Any, bool]]
    errors: Sequence[str]
    id: str

    @property
    def widget(self) -> str:
        shape = self.asked.shape
        if shape in SELECTS:
            return "select"
        if shape in (Shape.TICKS, Shape.FLAG):
            return shape.value
        return "number" if shape in NUMBERS else "text"

    @property
    def list_id(self) -> str:
        """The suggestions for one word; several words have none in browsers."""
        return f"words-{self.asked.source}" if self.asked.shape is Shape.WORD else ""

    @property
    def described(self) -> str:
        ids = [f"{self.id}-help"] if self.asked.help else []
        return " ".join([*ids, *([f"{self.id}-error"] if self.errors else [])])


@dataclass(frozen=True, kw_only=True)
class LeafShown:
    """A condition; `spot` is `0.1.0`: rule, way, condition."""

    at: str
    spot: str
    draft: LeafDraft
    fields: list[FieldShown]
    errors: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class WayShown:
    spot: str
    leaves: list[LeafShown]


@dataclass(frozen=True, kw_only=True)
class RuleShown:
    at: str
    n: int
    draft: RuleDraft
    ways: list[WayShown]
    errors: Mapping[str, Sequence[str]]
    first: bool
    last: bool
    touched: bool

    @property
    def room(self) -> bool:
        return self.draft.leaves < LEAVES_MAX

    @property
    def units(self) -> list[tuple[str, Any, bool]]:
        words = {"minutes": _("minutes"), "hours": _("hours"), "days": _("days")}
        return [(unit, words[unit], unit == self.draft.unit) for unit in UNITS]


@dataclass
class SetForm:
    """The whole form: `faults` are (field id, sentence) for the summary above it."""

    draft: Draft
    errors: Errors = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)

    groups = GROUPS
    why_max = WHY_MAX

    @property
    def full(self) -> bool:
        return len(self.draft.rules) >= RULES_MAX

    @cached_property
    def rules(self) -> list[RuleShown]:
        return [self._rule(n, rule) for n, rule in enumerate(self.draft.rules)]

    @cached_property
    def faults(self) -> list[tuple[str, str]]:
        """Every fault once, in the order of the page, with the field to go to."""
        found = [("name", text) for text in self.errors.get("name", ())]
        found += [("", text) for key in ("", "rules") for text in self.errors.get(key, ())]
        for rule in self.rules:
            about = _("Rule %(n)d") % {"n": rule.n + 1}
            for key, texts in rule.errors.items():
                found += [(f"{rule.at}-{key}", f"{about}: {text}") for text in texts]
            for leaf in (leaf for way in rule.ways for leaf in way.leaves):
                named = f"{about}, {leaf.draft.kind.label}"
                found += [(f"{leaf.at}", f"{named}: {text}") for text in leaf.errors]
                found += [
                    (each.id, f"{named}, {each.asked.label}: {text}")
                    for each in leaf.fields
                    for text in each.errors
                ]
        return found

    def _rule(self, n: int, rule: RuleDraft) -> RuleShown:
        path = f"rules.{n}"
        keys = {"id": "id", "why": "why", "relax_after_minutes": "relax", "mode": "mode"}
        own = {keys[key]: list(self.errors.get(f"{path}.{key}", ())) for key in keys}
        if len(rule.ways) > 1 or rule.leaves > 1:
            own["test"] = list(self.errors.get(f"{path}.test", ()))
        return RuleShown(
            at=f"r{n}",
            n=n,
            draft=rule,
            ways=[self._way(n, rule, way) for way in range(len(rule.ways))],
            errors={key: texts for key, texts in own.items() if texts},
            first=n == 0,
            last=n == len(self.draft.rules) - 1,
            touched=self.draft.touched == n,
        )

    def _way(self, n: int, rule: RuleDraft, way: int) -> WayShown:
        leaves = [self._leaf(n, rule, way, leaf) for leaf in range(len(rule.ways[way]))]
        return WayShown(spot=f"{n}.{way}", leaves=leaves)

    def _leaf(self, n: int, rule: RuleDraft, way: int, leaf: int) -> LeafShown:
        at, path = f"r{n}-b{way}-l{leaf}", path_of(rule, n, way, leaf)
        draft = rule.ways[way][leaf]
        shown = [self._field(at, path, draft, each) for each in draft.kind.inputs]
        return LeafShown(
            at=at,
            spot=f"{n}.{way}.{leaf}",
            draft=draft,
            fields=shown,
            errors=list(self.errors.get(path, ())),
        )

    def _field(self, at: str, path: str, draft: LeafDraft, each: Input) -> FieldShown:
        chosen = draft.values.get(each.key, [])
        return FieldShown(
            name=f"{at}-{each.key}",
            id=f"{at}-{each.key}",
            asked=each,
            value=next(iter(chosen), ""),
            options=self._options(each, chosen),
            errors=list(self.errors.get(f"{path}.{each.key}", ())),
        )

    def _options(self, each: Input, chosen: list[str]) -> list[tuple[str, Any, bool]]:
        """What is chosen stays to choose, also where the list does not know it any more."""
        if each.shape not in SELECTS and each.shape is not Shape.TICKS:
            return []
        known = [*each.choices, *(self.choices.of(each.source) if each.source else ())]
        values = {value for value, _label in known}
        known += [(value, value) for value in chosen if value not in values]
        return [(value, label, value in chosen) for value, label in known]
