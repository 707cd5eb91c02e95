"""How a rule could ask for one step less and still be the same rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tutors.rules.languages import Level
from tutors.rules.requirements.leaves import DAYS_MAX, Leaf, LeafKind, Restrictions
from tutors.rules.requirements.sets import AllOf, AnyOf, Rule, Test
from tutors.rules.requirements.values import Value
from tutors.rules.states import Verified

EASIER_MAX = 12
"""Ways in which one rule is made easier, in the order of its leaves."""

SHARE_STEP = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Easier:
    """The rule with one thing a step easier, under an id of its own, and the leaf that changed."""

    rule: Rule
    leaf: Leaf


def easier(rule: Rule) -> tuple[Easier, ...]:
    """Each way to ask for one step less; none where there is no less to ask for.

    Whoever meets the rule meets each of them. Papers, ties, consent and the fields of credentials
    have no steps: they are asked for or not.
    """
    found = [(old, new) for old in rule.leaves() for new in _leaves(old)]
    return tuple(
        Easier(rule=replace(rule, id=f"{rule.id}~{n}", test=_with(rule.test, old, new)), leaf=new)
        for n, (old, new) in enumerate(found[:EASIER_MAX], start=1)
    )


def _with(test: Test, old: Leaf, new: Leaf) -> Test:
    match test:
        case Leaf():
            return new if test is old else test
        case AllOf():
            return AllOf(tuple(new if leaf is old else leaf for leaf in test.leaves))
        case AnyOf():
            branches = (_with(branch, old, new) for branch in test.branches)
            return AnyOf(tuple(b for b in branches if isinstance(b, Leaf | AllOf)))


def _leaves(leaf: Leaf) -> list[Leaf]:
    steps = {**_STEPS, **_OF_KIND.get(leaf.kind, {})}
    found = []
    for key, value in leaf.values:
        less = steps[key](value) if key in steps else None
        if less is not None:
            others = ((k, less if k == key else v) for k, v in leaf.values)
            found.append(replace(leaf, values=tuple((k, v) for k, v in others if v != ANYWHERE)))
    return found


Step = Callable[[Value], Value | None]
"""The value one step easier, or None where there is none."""

ANYWHERE: tuple[str, ...] = ()
"""A list that is no longer asked for: the key goes."""


def _down(least: int) -> Step:
    return lambda value: value - 1 if isinstance(value, int) and value > least else None


def _half(least: int) -> Step:
    return lambda value: (
        max(least, value // 2) if isinstance(value, int) and value > least else None
    )


def _before(words: list[str]) -> Step:
    def step(value: Value) -> Value | None:
        at = words.index(value) if isinstance(value, str) and value in words else 0
        return words[at - 1] if at else None

    return step


def _lower_share(value: Value) -> Value | None:
    share = round(float(value) - SHARE_STEP, 4) if isinstance(value, int | float) else 0.0
    return share if share > 0 else None


def _wider_field(value: Value) -> Value | None:
    return str(value).rpartition(".")[0] or None


def _longer_ago(value: Value) -> Value | None:
    days = value if isinstance(value, int) else DAYS_MAX
    return min(DAYS_MAX, 2 * days) if 0 < days < DAYS_MAX else None


def _anywhere(value: Value) -> Value | None:
    return ANYWHERE if value else None


_STEPS: Mapping[str, Step] = {
    "level_min": _down(1),
    "grade_min": _down(1),
    "count_min": _down(1),
    "items_min": _down(1),
    "version_min": _down(1),
    "n_min": _half(1),
    "years_min": _half(1),
    "since_days": _half(0),
    "valid_for_days": _half(0),
    "lower_bound_min": _lower_share,
    "min": _before([level.value for level in Level]),
    "verified": _before([word.value for word in Verified]),
    "restrictions": lambda value: Restrictions.ANY.value if value == Restrictions.NONE else None,
    "jurisdictions": _anywhere,
}

_OF_KIND: Mapping[LeafKind, Mapping[str, Step]] = {
    LeafKind.QUALIFICATION: {"speciality": _wider_field},
    LeafKind.NO_CONFLICT: {"within_days": _half(0)},
    LeafKind.IDENTITY: {"within_days": _longer_ago},
}
