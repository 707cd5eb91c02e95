"""A form out of a JSON Schema: what to ask, in which order, with which choices.

`tree_of` reads an answer's schema together with the task: places, criteria, claims and labels
become choices, so that nobody types an id that the task already names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.types import TaskType
from tasks.types.places import places_of

SHORT_TEXT_MAX = 500
FEW_NUMBERS = 8
NOT_FOR_PEOPLE = frozenset({"n"})
"""Numbers that the form gives itself."""

Schema = Mapping[str, Any]
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Node:
    """One question, or a group of them.

    `kind` is object, list, tuple, map, pairs, ranking, choice, flag, number, text or long. In an
    object with `branches` only the fields of the chosen branch count.
    """

    kind: str
    key: str = ""
    label: str = ""
    help: str = ""
    required: bool = False
    fields: tuple["Node", ...] = ()
    item: "Node | None" = None
    choices: Choices = ()
    number: bool = False
    branches: Choices = ()
    branch: str = ""
    least: int | None = None
    most: int | None = None
    numbered: bool = False


def tree_of(kind: TaskType, task_input: Mapping[str, Any]) -> Node:
    """The questions of a task of this kind."""
    schema = kind.answer_schema
    reading = _Reading(defs=schema["$defs"], task=task_input)
    return reading.node(_chosen(schema["$defs"]["answer"], task_input, schema), key="")


def first_answer(kind: TaskType, task_input: Mapping[str, Any]) -> dict[str, Any]:
    """What is in the form before anybody wrote: a line for each criterion and claim of the task."""
    begun: dict[str, Any] = {}
    properties = tree_of(kind, task_input).fields
    for node in properties:
        item = node.item
        if node.kind != "list" or item is None or item.kind != "object":
            continue
        named = next((f for f in item.fields if f.key in ("criterion", "id") and f.choices), None)
        if named is not None and node.key in ("grades", "claims"):
            begun[node.key] = [{named.key: value} for value, _label in named.choices]
    return begun


def _chosen(answer: Schema, task: Mapping[str, Any], schema: Schema) -> Schema:
    """An answer with two forms takes the one whose field the task's mode calls for."""
    if "then" not in answer:
        return answer
    branch = "then" if task.get("mode") == "write" else "else"
    name = str(answer[branch]["$ref"]).rpartition("/")[2]
    chosen: Schema = schema["$defs"][name]
    return chosen


@dataclass(frozen=True)
class _Reading:
    defs: Mapping[str, Any]
    task: Mapping[str, Any]

    def node(self, schema: Schema, *, key: str, inside: str = "", required: bool = False) -> Node:
        schema = self._resolved(schema)
        base = Node(
            kind="text",
            key=key,
            label=_words(key),
            help=str(schema.get("description", "")) if key != "in" else "",
            required=required,
        )
        offered = self._offered(key, inside)
        if offered:
            return replace(base, kind="choice", choices=offered, help="")
        if key == "ranking":
            return self._ranking(base)
        if "enum" in schema:
            return replace(base, kind="choice", choices=_choices(schema["enum"]))
        return self._by_type(base, schema, key=key, inside=inside)

    def _by_type(self, base: Node, schema: Schema, *, key: str, inside: str) -> Node:
        types = schema.get("type", "object")
        names = [types] if isinstance(types, str) else list(types)
        if "object" in names:
            return self._object(base, schema, inside=key or inside)
        if names[0] == "array":
            return self._array(base, schema, key=key)
        if names[0] == "boolean":
            if "null" in names:
                return replace(base, kind="choice", choices=_yes_or_no())
            return replace(base, kind="flag")
        if names[0] in ("integer", "number"):
            return _number(base, schema)
        long = schema.get("maxLength", SHORT_TEXT_MAX) > SHORT_TEXT_MAX and len(names) < 3
        address = key in ("url", "quote") or ("pattern" in schema and key == "id")
        return replace(base, kind="long" if long and not address else "text")

    def _object(self, base: Node, schema: Schema, *, inside: str) -> Node:
        if "then" in schema:
            return self._branched(base, schema, inside=inside)
        if "properties" not in schema:
            return self._mapping(base, schema, inside=inside)
        fields = tuple(self._fields(schema, inside=inside))
        return replace(base, kind="object", fields=fields, numbered="n" in schema["properties"])

    def _fields(self, schema: Schema, *, inside: str) -> Iterator[Node]:
        wanted = schema.get("required", ())
        for name, part in schema["properties"].items():
            if name not in NOT_FOR_PEOPLE:
                yield self.node(part, key=name, inside=inside, required=name in wanted)

    def _branched(self, base: Node, schema: Schema, *, inside: str) -> Node:
        """Nested if, then, else: each branch's fields, each marked with its branch."""
        fields: list[Node] = []
        names: list[tuple[str, str]] = []
        while True:
            schema = self._resolved(schema)
            here = self._resolved(schema["then"]) if "then" in schema else schema
            name = str((schema.get("if") or {}).get("required", ["line"])[0])
            names.append((name, str(_BRANCHES.get(name) or _words(name))))
            fields += [replace(f, branch=name) for f in self._fields(here, inside=inside)]
            if "then" not in schema:
                break
            schema = schema["else"]
        return replace(base, kind="object", fields=tuple(fields), branches=tuple(reversed(names)))

    def _mapping(self, base: Node, schema: Schema, *, inside: str) -> Node:
        """Keys that the task names become a group each; free ones become pairs."""
        each = self._resolved(schema.get("additionalProperties", {}))
        known = self._known_keys(base.key)
        if known is None:
            return replace(base, kind="pairs", most=schema.get("maxProperties"))
        fields = tuple(
            replace(self.node(each, key=key, inside=inside, required=True), label=label)
            for key, label in known
        )
        return replace(base, kind="map", fields=fields)

    def _known_keys(self, key: str) -> list[tuple[str, str]] | None:
        if key == "criteria":
            return [(c["id"], c["label"]) for c in self.task.get("criteria", ())]
        if key == "steps":
            return [
                (step["id"], f"{step['id']} · {_clip(each['text'][step['start'] : step['end']])}")
                for each in self.task.get("responses", ())
                for step in each.get("steps", ())
            ]
        return None

    def _array(self, base: Node, schema: Schema, *, key: str) -> Node:
        least, most = schema.get("minItems"), schema.get("maxItems")
        item = self.node(schema["items"], key="", inside=key)
        if item.kind == "number" and least is not None and least == most:
            parts = _PARTS.get(least, ())
            fields = tuple(
                replace(item, key=str(n), label=parts[n] if parts else str(n + 1))
                for n in range(least)
            )
            return replace(base, kind="tuple", fields=fields)
        return replace(base, kind="list", item=item, least=least, most=most)

    def _ranking(self, base: Node) -> Node:
        ids = [each["id"] for each in self.task.get("responses", ())]
        places = _choices([str(n) for n in range(1, len(ids) + 1)])
        fields = tuple(
            Node(kind="choice", key=name, label=_("Answer %s") % name, choices=places)
            for name in ids
        )
        text = _("1 is the best. The same place means a tie.")
        return replace(base, kind="ranking", fields=fields, help=text)

    def _offered(self, key: str, inside: str) -> Choices:
        """Choices that the task itself gives for a field of this name."""
        if key == "in":
            return tuple((name, _place(name)) for name in places_of(dict(self.task)))
        if key == "criterion":
            return _named(self.task.get("rubric", ()))
        if key == "id" and inside == "claims":
            return _named(self.task.get("claims", ()))
        if key == "media":
            return _named(self.task.get("media", ()))
        if key == "track":
            return _named(self.task.get("tracks", ()))
        if key == "label":
            labels = [each["id"] for each in self.task.get("labels", ())]
            labels += [name for each in self.task.get("tracks", ()) for name in each["labels"]]
            return _choices(list(dict.fromkeys(labels)))
        return ()

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            rest = {k: v for k, v in schema.items() if k != "$ref"}
            schema = {**self.defs[str(schema["$ref"]).rpartition("/")[2]], **rest}
        return schema


_PARTS = {2: ("x", "y"), 4: ("x", "y", "width", "height")}
_BRANCHES = {
    "url": gettext_lazy("A page elsewhere"),
    "start": gettext_lazy("A passage"),
    "line": gettext_lazy("A source line"),
}


def _number(base: Node, schema: Schema) -> Node:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None and most - least < FEW_NUMBERS:
        choices = _choices([str(n) for n in range(least, most + 1)])
        return replace(base, kind="choice", choices=choices, number=True)
    return replace(base, kind="number", least=least, most=most, number=True)


def _choices(values: Sequence[Any]) -> Choices:
    return tuple((str(value), _words(str(value))) for value in values)


def _yes_or_no() -> Choices:
    return (("true", _("Yes")), ("false", _("No")))


def _named(things: Sequence[Mapping[str, Any]]) -> Choices:
    return tuple(
        (each["id"], f"{each['id']} · {_clip(str(each.get('text') or each.get('title') or ''))}")
        if each.get("text") or each.get("title")
        else (each["id"], each["id"])
        for each in things
    )


def _place(name: str) -> str:
    kind, _sep, which = name.partition(":")
    words = {
        "response": _("Answer %s"),
        "source": _("Source %s"),
        "turn": _("Turn %s"),
    }
    return words[kind] % which if kind in words else _("Caption")


def _clip(text: str, most: int = 90) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _words(key: str) -> str:
    if not key or not key.replace("_", "").isalpha():
        return key
    return str(_TITLES.get(key) or key.replace("_", " ").capitalize())


_TITLES = {
    "all_bad": gettext_lazy("None of them may go to a person"),
    "at_ms": gettext_lazy("At, in milliseconds"),
    "checked_all": gettext_lazy("I checked every statement"),
    "confidence": gettext_lazy("How sure are you"),
    "end_ms": gettext_lazy("End, in milliseconds"),
    "final_answer_right": gettext_lazy("Is the final answer right"),
    "in": gettext_lazy("Where"),
    "is": gettext_lazy("Relation"),
    "must": gettext_lazy("Must be met"),
    "no_real_person": gettext_lazy("The case is invented; nobody in it exists"),
    "ok": gettext_lazy("This step is right"),
    "only_follows": gettext_lazy("Wrong only because of an earlier mistake"),
    "start_ms": gettext_lazy("Start, in milliseconds"),
    "url": gettext_lazy("Address"),
    "why": gettext_lazy("Why"),
}
