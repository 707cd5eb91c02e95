"""A requirement set as read: its canonical form, signature and relaxation chain."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tutors.rules.requirements.leaves import Leaf, LeafKind

SCHEMA = 1

CLIENT = "client"
"""The party of a leaf that stands for the project's own client."""


class Mode(StrEnum):
    HARD = "hard"  # holds for ever
    SOFT = "soft"  # falls away at `relax_after_minutes` of task age


@dataclass(frozen=True, slots=True)
class AllOf:
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    branches: tuple[Leaf | AllOf, ...]


Test = Leaf | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str
    mode: Mode
    test: Test
    relax_after_minutes: int | None = None
    why: str = ""

    def leaves(self) -> tuple[Leaf, ...]:
        return leaves_of(self.test)


def leaves_of(test: Test) -> tuple[Leaf, ...]:
    match test:
        case Leaf():
            return (test,)
        case AllOf():
            return test.leaves
        case AnyOf():
            return tuple(leaf for branch in test.branches for leaf in leaves_of(branch))


def json_of_test(test: Test) -> dict[str, Any]:
    """The test as a requirement set has it, every key filled in."""
    match test:
        case Leaf():
            return test.as_json()
        case AllOf():
            return {"all": [json_of_test(leaf) for leaf in test.leaves]}
        case AnyOf():
            return {"any": [json_of_test(branch) for branch in test.branches]}


def party_of(leaf: Leaf, *, client: str | None) -> str:
    """The party an agreement must be with: `lectern` or `client:C-12`.

    Without a client, `client` stays as it is and nobody's paper answers to it.
    """
    party = leaf.text("party")
    return f"{CLIENT}:{client}" if party == CLIENT and client else party


def parties_of(leaf: Leaf, *, client: str | None) -> tuple[str, ...]:
    """Whom nobody may have a tie to: `client` means the project's own, where it is known."""
    own = f"{CLIENT}:{client}" if client else CLIENT
    return tuple(sorted({own if party == CLIENT else party for party in leaf.words("with")}))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementSet:
    """At most ten rules, all of which must hold. `document` is what was handed in."""

    name: str
    rules: tuple[Rule, ...]
    document: Mapping[str, Any] = field(compare=False, hash=False)

    @property
    def relax_after_minutes(self) -> tuple[int, ...]:
        """Task ages at which the set relaxes, ascending: step n begins at entry n - 1."""
        return tuple(sorted({r.relax_after_minutes for r in self.rules if r.relax_after_minutes}))

    @property
    def kinds(self) -> frozenset[LeafKind]:
        """The kinds of its leaves."""
        return frozenset(leaf.kind for rule in self.rules for leaf in rule.leaves())

    def forbids(self, parties: Collection[str]) -> bool:
        """Whether a rule asks that nobody has a tie to one of these."""
        leaves = (leaf for rule in self.rules for leaf in rule.leaves())
        named = (leaf.words("with") for leaf in leaves if leaf.kind is LeafKind.NO_CONFLICT)
        return any(not set(parties).isdisjoint(words) for words in named)

    @property
    def qualifications(self) -> tuple[tuple[str, int], ...]:
        """(field, least level) that everybody must hold: rules that are one such leaf."""
        return tuple(
            (rule.test.text("speciality"), rule.test.number("level_min"))
            for rule in self.rules
            if isinstance(rule.test, Leaf) and rule.test.kind is LeafKind.QUALIFICATION
        )

    @property
    def speciality(self) -> str:
        """The narrowest field that everybody must hold a qualification in; empty without one."""
        asked = [field for field, _level in self.qualifications]
        return max(asked, key=lambda field: field.count("."), default="")

    def at_step(self, step: int) -> "RequirementSet":
        """The set after so many relaxations: fewer soft rules, every hard one."""
        if step == 0:
            return self
        age = self.relax_after_minutes[step - 1]
        kept = [
            n
            for n, rule in enumerate(self.rules)
            if rule.relax_after_minutes is None or rule.relax_after_minutes > age
        ]
        written = self.document["rules"]
        return RequirementSet(
            name=self.name,
            rules=tuple(self.rules[n] for n in kept),
            document={**self.document, "rules": [written[n] for n in kept]},
        )

    def canonical(self, client: str | None) -> str:
        """One text for one meaning: no id, name or why; keys and lists sorted; client resolved."""
        rules = _sorted([_plain_rule(rule, client=client) for rule in self.rules])
        return _text({"schema": SCHEMA, "rules": rules})

    def signature(self, *, client: str | None, step: int = 0) -> str:
        """SHA-256 (hex) of the canonical text at that step of the chain."""
        return hashlib.sha256(self.at_step(step).canonical(client).encode()).hexdigest()

    def chain(self, *, client: str | None) -> tuple[str, ...]:
        """All signatures from strictest to most relaxed."""
        steps = range(len(self.relax_after_minutes) + 1)
        return tuple(self.signature(client=client, step=step) for step in steps)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sorted(values: list[Any]) -> list[Any]:
    """By canonical text, each meaning once."""
    return [json.loads(t) for t in sorted({_text(value) for value in values})]


def _plain_rule(rule: Rule, *, client: str | None) -> dict[str, Any]:
    plain: dict[str, Any] = {"mode": rule.mode.value, "test": _plain_test(rule.test, client=client)}
    if rule.relax_after_minutes is not None:
        plain["relax_after_minutes"] = rule.relax_after_minutes
    return plain


def _plain_test(test: Test, *, client: str | None) -> dict[str, Any]:
    match test:
        case Leaf():
            return _plain_leaf(test, client=client)
        case AllOf():
            return {"all": _sorted([_plain_test(leaf, client=client) for leaf in test.leaves])}
        case AnyOf():
            return {"any": _sorted([_plain_test(b, client=client) for b in test.branches])}


def _plain_leaf(leaf: Leaf, *, client: str | None) -> dict[str, Any]:
    plain = leaf.as_json()
    if leaf.kind is LeafKind.AGREEMENT:
        plain["party"] = party_of(leaf, client=client)
    if leaf.kind is LeafKind.NO_CONFLICT:
        plain["with"] = list(parties_of(leaf, client=client))
    return plain
