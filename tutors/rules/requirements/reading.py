"""Reading a requirement set: every fault named by its path, nothing passed over in silence."""

import re
from typing import Any

from tutors.rules.requirements.leaves import Leaf, LeafKind, keys_of
from tutors.rules.requirements.sets import (
    SCHEMA,
    AllOf,
    AnyOf,
    Mode,
    RequirementSet,
    Rule,
    Test,
    leaves_of,
)
from tutors.rules.requirements.values import Value
from workforce.rules.problems import Refusal

RULES_MAX = 10
LEAVES_MAX = 8
NAME_MAX = 200
WHY_MAX = 500
RELAX_MINUTES_MAX = 60 * 24 * 60
"""Sixty days: no task waits longer for a soft rule."""

ERRORS_MAX = 100
"""Faults told at once; a broken document may have millions."""

SHOWN_CHARS_MAX = 80

_RULE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CannotReadRequirements(Refusal):
    """The set is malformed. `errors` names each place, as `rules.1.test.any.0.verified`."""

    code = "invalid_requirements"
    status = 400
    title = "These requirements cannot be used"


def parse(document: object) -> RequirementSet:
    """The set, if it is well formed; `CannotReadRequirements` with the errors by path if not."""
    reader = _Reader()
    requirement = reader.document(document)
    if requirement is None or reader.errors:
        places = len(reader.errors)
        raise CannotReadRequirements(
            f"{places} {'place' if places == 1 else 'places'} in the requirements "
            "cannot be understood; nothing was saved.",
            errors=reader.errors,
        )
    return requirement


class _Reader:
    """Walks a document once and collects every fault by path."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def fault(self, path: str, message: str) -> None:
        if len(self.errors) < ERRORS_MAX:
            self.errors.setdefault(path, []).append(message)

    def document(self, document: object) -> RequirementSet | None:
        if not isinstance(document, dict):
            self.fault("", "A requirement set is a JSON object with schema, name and rules.")
            return None
        self.known(document, allowed={"schema", "name", "rules"}, path="")
        schema = document.get("schema")
        if schema != SCHEMA or isinstance(schema, bool):
            self.fault("schema", f"This must be {SCHEMA}.")
        name = self.line(document.get("name"), path="name", most=NAME_MAX, required=True)
        rules = self.rules(document.get("rules"))
        return RequirementSet(name=name, rules=rules, document=document)

    def known(self, given: dict[Any, Any], *, allowed: set[str], path: str) -> None:
        for key in given:
            if key not in allowed:
                shown = str(key)[:SHOWN_CHARS_MAX]
                where = f"{path}.{shown}" if path else shown
                self.fault(where, "This key is not known here.")

    def line(self, value: object, *, path: str, most: int, required: bool) -> str:
        if value is None and not required:
            return ""
        fits = isinstance(value, str) and len(value) <= most and not _CONTROL.search(value)
        if not isinstance(value, str) or not fits or (required and not value.strip()):
            self.fault(path, f"This must be a text of {1 if required else 0} to {most} characters.")
            return ""
        return value

    def rules(self, given: object) -> tuple[Rule, ...]:
        if not isinstance(given, list):
            self.fault("rules", f"This must be a list of 0 to {RULES_MAX} rules.")
            return ()
        if len(given) > RULES_MAX:
            self.fault("rules", f"At most {RULES_MAX} rules, not {len(given)}.")
            return ()
        rules = [self.rule(rule, path=f"rules.{n}") for n, rule in enumerate(given)]
        seen: set[str] = set()
        for n, rule in enumerate(rules):
            if rule is not None and rule.id in seen:
                self.fault(f"rules.{n}.id", f"“{rule.id}” is used twice.")
            seen.add(rule.id if rule else "")
        return tuple(rule for rule in rules if rule is not None)

    def rule(self, given: object, *, path: str) -> Rule | None:
        if not isinstance(given, dict):
            self.fault(path, "A rule is an object with id, mode and test.")
            return None
        allowed = {"id", "mode", "why", "relax_after_minutes", "test"}
        self.known(given, allowed=allowed, path=path)
        rule_id, mode = given.get("id"), given.get("mode")
        if not isinstance(rule_id, str) or not _RULE_ID.fullmatch(rule_id):
            self.fault(f"{path}.id", "This must be a lower-case word of 1 to 40 characters.")
            rule_id = ""
        if mode not in (Mode.HARD.value, Mode.SOFT.value):
            self.fault(f"{path}.mode", "This must be hard or soft.")
        why = self.line(given.get("why"), path=f"{path}.why", most=WHY_MAX, required=False)
        relax = self.relax(given, mode=mode, path=f"{path}.relax_after_minutes")
        test = self.test(given.get("test"), path=f"{path}.test")
        if test is None or mode not in (Mode.HARD.value, Mode.SOFT.value) or not rule_id:
            return None
        return Rule(id=rule_id, mode=Mode(mode), test=test, relax_after_minutes=relax, why=why)

    def relax(self, given: dict[Any, Any], *, mode: object, path: str) -> int | None:
        minutes = given.get("relax_after_minutes")
        if mode == Mode.HARD.value:
            if "relax_after_minutes" in given:
                self.fault(path, "A hard rule never relaxes; make it soft or leave this out.")
            return None
        whole = minutes if isinstance(minutes, int) and not isinstance(minutes, bool) else 0
        if 1 <= whole <= RELAX_MINUTES_MAX:
            return whole
        self.fault(path, f"A soft rule needs 1 to {RELAX_MINUTES_MAX} whole minutes.")
        return None

    def test(self, given: object, *, path: str) -> Test | None:
        if not isinstance(given, dict):
            self.fault(path, "A test is a leaf, {“any”: […]} or {“all”: […]}.")
            return None
        test = self.branch(given, path=path, any_allowed=True)
        count = len(leaves_of(test)) if test is not None else 0
        if count > LEAVES_MAX:
            self.fault(path, f"At most {LEAVES_MAX} leaves in a rule, not {count}.")
            return None
        return test

    def branch(self, given: dict[Any, Any], *, path: str, any_allowed: bool) -> Test | None:
        if "any" in given and any_allowed:
            self.known(given, allowed={"any"}, path=path)
            return self.any_of(given["any"], path=f"{path}.any")
        if "all" in given:
            self.known(given, allowed={"all"}, path=path)
            return self.all_of(given["all"], path=f"{path}.all")
        return self.leaf(given, path=path)

    def listed(self, given: object, *, path: str) -> list[dict[Any, Any]]:
        """The entries of an any or all, if it is a list of 1 to 8 objects."""
        if not isinstance(given, list) or not 1 <= len(given) <= LEAVES_MAX:
            self.fault(path, f"This must be a list of 1 to {LEAVES_MAX} entries.")
            return []
        wrong = [n for n, entry in enumerate(given) if not isinstance(entry, dict)]
        for n in wrong:
            self.fault(f"{path}.{n}", "This must be an object.")
        return [] if wrong else given

    def any_of(self, given: object, *, path: str) -> AnyOf | None:
        branches: list[Leaf | AllOf] = []
        for n, entry in enumerate(self.listed(given, path=path)):
            branch = self.branch(entry, path=f"{path}.{n}", any_allowed=False)
            if isinstance(branch, Leaf | AllOf):
                branches.append(branch)
        return AnyOf(tuple(branches)) if branches else None

    def all_of(self, given: object, *, path: str) -> AllOf | None:
        entries = self.listed(given, path=path)
        read = [self.leaf(entry, path=f"{path}.{n}") for n, entry in enumerate(entries)]
        leaves = tuple(leaf for leaf in read if leaf is not None)
        return AllOf(leaves) if leaves else None

    def leaf(self, given: dict[Any, Any], *, path: str) -> Leaf | None:
        deeper = [key for key in ("any", "all") if key in given]
        if deeper:
            self.fault(f"{path}.{deeper[0]}", "Nested too deep: only leaves may stand here.")
            return None
        kind = given.get("kind")
        if not isinstance(kind, str) or kind not in set(LeafKind):
            known = ", ".join(LeafKind)
            self.fault(f"{path}.kind", f"This must be one of {known}.")
            return None
        keys = keys_of(LeafKind(kind), given.get("type"))
        self.known(given, allowed={"kind", *keys}, path=path)
        values: list[tuple[str, Value]] = []
        for key, field in keys.items():
            value = self.value(given, key=key, field_required=field.required, path=path)
            if value is not None:
                try:
                    values.append((key, field.read(value)))
                except ValueError as fault:
                    self.fault(f"{path}.{key}", str(fault))
            elif field.default is not None and key not in given:
                values.append((key, field.default))
        leaf = Leaf(LeafKind(kind), tuple(values))
        self.whole_leaf(leaf, path=path)
        return leaf

    def value(
        self, given: dict[Any, Any], *, key: str, field_required: bool, path: str
    ) -> object | None:
        if key in given and given[key] is None:
            self.fault(f"{path}.{key}", "This may not be null; leave the key out.")
        elif key not in given and field_required:
            self.fault(f"{path}.{key}", "This is needed.")
        return given.get(key)

    def whole_leaf(self, leaf: Leaf, *, path: str) -> None:
        """What holds between the keys of one leaf."""
        if leaf.kind is not LeafKind.RESIDENCE or leaf.words("in") or leaf.words("not_in"):
            return
        if f"{path}.in" not in self.errors and f"{path}.not_in" not in self.errors:
            self.fault(path, "Say where: “in”, “not_in” or both.")
