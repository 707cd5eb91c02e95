"""JSON Schemas: read, completed with the shared definitions, compiled once, and explained.

A folder's schema may point at ``#/$defs/<name>`` of ``common.schema.json``; what it uses is copied
in, so that every published schema stands alone.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

from tasks.types.problems import Code, Problem, clip, join, path_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"
COMMON = Path(__file__).with_name("common.schema.json")

Schema = dict[str, Any]
Validator = jsonschema_rs.Draft202012Validator


class BrokenTaskType(Exception):
    """A task type's folder cannot be used; raised at import, so nothing starts with it."""


def read_json(path: Path) -> Any:
    """The document in a file. Raises `BrokenTaskType` with the file's name."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenTaskType(f"{path}: {error}") from error


_SHARED: dict[str, Schema] = read_json(COMMON)["$defs"]
_FORMS: dict[str, str] = {
    shared["pattern"]: shared["description"]
    for shared in _SHARED.values()
    if "pattern" in shared and "description" in shared
}


def complete(schema: Schema, *, origin: str) -> Schema:
    """The schema with every shared definition it points at, and theirs, copied in.

    Raises `BrokenTaskType` where a definition is missing or the schema is not valid itself.
    """
    own = dict(schema.get("$defs", {}))
    waiting = [*_references({**schema, "$defs": own})]
    while waiting:
        name = waiting.pop()
        if name not in own:
            if name not in _SHARED:
                raise BrokenTaskType(f"{origin}: nobody defines #/$defs/{name}")
            own[name] = _SHARED[name]
            waiting.extend(_references(_SHARED[name]))
    whole = {"$schema": DRAFT, **schema, "$defs": dict(sorted(own.items()))}
    compile_schema(whole, origin=origin)
    return whole


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str):
            yield target.removeprefix("#/$defs/")
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def compile_schema(schema: Schema, *, origin: str) -> Validator:
    """The compiled validator. Raises `BrokenTaskType` where the schema is not valid itself."""
    try:
        jsonschema_rs.meta.validate(schema)
        return Validator(schema)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise BrokenTaskType(f"{origin}: {error}") from error


def schema_problems(validator: Validator, document: Any) -> Iterator[Problem]:
    """Every breach of the schema, by field, in words for a person."""
    if validator.is_valid(document):
        return
    for error in validator.iter_errors(document):
        yield from _explain(error)


def _explain(error: jsonschema_rs.ValidationError) -> Iterator[Problem]:
    path = path_of(error.instance_path)
    name, value = error.kind.name, error.kind.value
    if name in ("additionalProperties", "unevaluatedProperties"):
        for key in value:
            yield Problem(
                join(path, clip(str(key))),
                Code.UNKNOWN_FIELD,
                f"“{clip(str(key))}” is not a field here; remove it.",
            )
    elif name == "required":
        yield Problem(join(path, str(value)), Code.MISSING, "This field is needed.")
    else:
        code, sentence = _SENTENCES.get(name, (Code.INVALID, _schema_says))
        if name == "pattern":
            code = Code.BLANK if value == r"\S" else Code.WRONG_FORM
        yield Problem(path, code, sentence(value))


def _choices(options: Any) -> str:
    return f"Choose one of: {', '.join(str(option) for option in options)}."


def _types(types: Any) -> str:
    words = {
        "string": "a text",
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false",
        "array": "a list",
        "object": "an object with fields",
        "null": "nothing (null)",
    }
    names = types if isinstance(types, list) else [types]
    return f"Give {' or '.join(words[str(name)] for name in names)} here."


def _form(pattern: Any) -> str:
    return _FORMS.get(str(pattern), f"This must match {pattern}.")


def _schema_says(value: Any) -> str:
    return "This does not follow the published schema."


_SENTENCES: dict[str, tuple[Code, Callable[[Any], str]]] = {
    "type": (Code.WRONG_TYPE, _types),
    "enum": (Code.NOT_A_CHOICE, _choices),
    "const": (Code.NOT_A_CHOICE, lambda value: f"This must be {json.dumps(value)}."),
    "minLength": (Code.TOO_SHORT, lambda n: f"Write at least {n} characters."),
    "maxLength": (Code.TOO_LONG, lambda n: f"Write at most {n} characters."),
    "minItems": (Code.TOO_FEW, lambda n: f"Give at least {n}."),
    "maxItems": (Code.TOO_MANY, lambda n: f"Give at most {n}."),
    "minProperties": (Code.TOO_FEW, lambda n: f"Give at least {n}."),
    "maxProperties": (Code.TOO_MANY, lambda n: f"Give at most {n}."),
    "minimum": (Code.OUT_OF_RANGE, lambda n: f"Give {n} or more."),
    "maximum": (Code.OUT_OF_RANGE, lambda n: f"Give {n} or less."),
    "exclusiveMinimum": (Code.OUT_OF_RANGE, lambda n: f"Give more than {n}."),
    "exclusiveMaximum": (Code.OUT_OF_RANGE, lambda n: f"Give less than {n}."),
    "uniqueItems": (Code.REPEATED, lambda _: "Each entry may appear once only."),
    "propertyNames": (
        Code.WRONG_FORM,
        lambda _: "A field name here is an id: letters, digits, _ and -, at most 40.",
    ),
    "pattern": (Code.WRONG_FORM, _form),
}
