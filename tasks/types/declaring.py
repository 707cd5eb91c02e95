"""What a task type is, and how a folder becomes one.

A folder under `tasks/types` holds ``input.schema.json``, ``answer.schema.json``, ``sample.json``,
``guide.md``, any media its samples name (``sample.png``, ``sample.webm``), and an ``__init__.py``
with ``DECLARATION``. Nothing else has to learn of it.
"""

import hashlib
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.types.places import Document, repeated_problems
from tasks.types.plain import normalise, plain_problems
from tasks.types.problems import Code, Problem, first
from tasks.types.schemas import (
    DRAFT,
    BrokenTaskType,
    Schema,
    Validator,
    compile_schema,
    complete,
    read_json,
    schema_problems,
)

MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".webm": "video/webm"}
"""What a sample's media may be, by the file's ending."""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a folder says in Python: words for people, and what JSON Schema cannot say.

    Rules are called only with documents that follow their schemas.
    """

    title: str
    description: str
    input_rules: Callable[[Document], Iterator[Problem]]
    answer_rules: Callable[[Document, Document], Iterator[Problem]]
    compare: Callable[[Document, Document, Document], float | None]


@dataclass(frozen=True)
class Sample:
    """A task and an answer to it, both valid as they stand."""

    name: str
    input: Document
    answer: Document


@dataclass(frozen=True)
class MediaRef:
    """A picture or clip that an input names. `path` is where in the input."""

    path: str
    id: str
    sha256: str
    kind: str
    width: int
    height: int
    duration_ms: int | None


@dataclass(frozen=True)
class SampleMedium:
    """A picture or clip that a sample names and every instance must therefore hold."""

    ref: MediaRef
    content_type: str
    file: Path
    alt: str


@dataclass(frozen=True, kw_only=True, eq=False)
class TaskType:
    """One kind of work: its shapes, its rules, its sample, and how two answers agree.

    `input_schema` and `answer_schema` are the published ones and stand alone; the answer's has a
    branch for ``cannot``. All checks are pure and take one document; they never raise.
    """

    slug: str
    title: str
    description: str
    input_schema: Schema
    answer_schema: Schema
    samples: tuple[Sample, ...]
    sample_media: tuple[SampleMedium, ...]
    guide_example: str
    declaration: Declaration
    input_validator: Validator
    answer_validator: Validator
    cannot_validator: Validator

    @property
    def sample_input(self) -> Document:
        """The first sample's task."""
        return self.samples[0].input

    @property
    def sample_answer(self) -> Document:
        """The first sample's answer."""
        return self.samples[0].answer

    def normalise_input(self, task_input: Any) -> Any:
        """A copy with LF line ends and whole numbers as integers. Do this before checking."""
        return normalise(task_input)

    def normalise_answer(self, answer: Any) -> Any:
        """The same for an answer: a form sends CRLF, which checking refuses."""
        return normalise(answer)

    def check_input(self, task_input: Any) -> tuple[Problem, ...]:
        """What is wrong with a task's input; empty when it can be worked on."""
        return first(self._input_problems(task_input))

    def _input_problems(self, task_input: Any) -> Iterator[Problem]:
        shape = first(_shape_problems(self.input_validator, task_input))
        if shape:
            yield from shape
            return
        task_input = _whole(task_input)
        yield from _common_problems(task_input)
        yield from self.declaration.input_rules(task_input)

    def check_answer(self, *, input: Document, answer: Any) -> tuple[Problem, ...]:
        """What is wrong with an answer to `input` (which was checked before)."""
        return first(self._answer_problems(input, answer))

    def _answer_problems(self, task_input: Document, answer: Any) -> Iterator[Problem]:
        cannot = self.is_cannot(answer)
        validator = self.cannot_validator if cannot else self.answer_validator
        shape = first(_shape_problems(validator, answer))
        yield from shape
        if not shape and not cannot:
            yield from self.declaration.answer_rules(_whole(task_input), _whole(answer))

    @staticmethod
    def is_cannot(answer: Any) -> bool:
        """Whether the tutor said why the task cannot be done, instead of answering it."""
        return isinstance(answer, dict) and "cannot" in answer

    def compare(self, *, input: Document, left: Document, right: Document) -> float | None:
        """How far two valid answers agree, 0 to 1; the same with left and right exchanged.

        None where there is nothing to compare: one of them is a `cannot`, or answers of this type
        have no measure and are always reviewed.
        """
        if self.is_cannot(left) or self.is_cannot(right):
            return None
        return self.declaration.compare(_whole(input), _whole(left), _whole(right))

    @staticmethod
    def media_of(task_input: Document) -> tuple[MediaRef, ...]:
        """Every picture and clip that a valid input names, in order."""
        return tuple(_media(task_input))


def _shape_problems(validator: Validator, document: Any) -> Iterator[Problem]:
    plain = first(plain_problems(document))
    yield from plain or schema_problems(validator, document)


def _whole(document: Document) -> Document:
    """JSON may write 5 as 5.0, and its Schema calls that an integer; a slice does not."""
    return normalise(document) if _has_float(document) else document


def _has_float(value: Any) -> bool:
    waiting = [value]
    while waiting:
        here = waiting.pop()
        kind = type(here)
        if kind is dict:
            waiting.extend(here.values())
        elif kind is list:
            waiting.extend(here)
        elif kind is float:
            return True
    return False


def _common_problems(task_input: Document) -> Iterator[Problem]:
    for name in ("responses", "sources", "criteria", "claims", "labels", "tracks"):
        yield from repeated_problems(task_input.get(name, ()), path=name)
    for number, source in enumerate(task_input.get("sources", ())):
        for line, text in enumerate(source["lines"]):
            if "\n" in text:
                yield Problem(
                    f"sources[{number}].lines[{line}]",
                    Code.LINE_BROKEN,
                    "A line holds a line break; give each line as an entry of its own.",
                )
    seen = set()
    for ref in _media(task_input):
        if ref.id in seen:
            yield Problem(
                f"{ref.path}.id", Code.ID_REPEATED, f"“{ref.id}” is used before; give each its own."
            )
        seen.add(ref.id)


def _media(task_input: Document) -> Iterator[MediaRef]:
    named = [(f"media[{n}]", medium) for n, medium in enumerate(task_input.get("media", ()))]
    named += [
        (f"responses[{n}].media", response["media"])
        for n, response in enumerate(task_input.get("responses", ()))
        if "media" in response
    ]
    for path, medium in named:
        yield MediaRef(
            path,
            medium["id"],
            medium["sha256"],
            medium["kind"],
            medium["width"],
            medium["height"],
            medium.get("duration_ms"),
        )


def discover(package: str, folder: Path) -> tuple[TaskType, ...]:
    """Every task type that is a folder of `folder`, by slug. Raises `BrokenTaskType`."""
    return tuple(
        load(f"{package}.{each.name}", each)
        for each in sorted(folder.iterdir())
        if (each / "__init__.py").is_file()
    )


def load(module: str, folder: Path) -> TaskType:
    """The task type that a folder declares. Raises `BrokenTaskType` when anything is amiss."""
    try:
        declaration: Declaration = importlib.import_module(module).DECLARATION
        guide = (folder / "guide.md").read_text(encoding="utf-8")
    except (AttributeError, OSError) as error:
        raise BrokenTaskType(f"{folder}: {error}") from error
    input_schema = complete(
        read_json(folder / "input.schema.json"), origin=f"{folder.name}/input.schema.json"
    )
    answer_schema = _with_cannot(read_json(folder / "answer.schema.json"), folder.name)
    samples = tuple(Sample(**sample) for sample in read_json(folder / "sample.json"))
    task_type = TaskType(
        slug=folder.name,
        title=declaration.title,
        description=declaration.description,
        input_schema=input_schema,
        answer_schema=answer_schema,
        samples=samples,
        sample_media=tuple(_sample_media(folder, samples)),
        guide_example=guide,
        declaration=declaration,
        input_validator=compile_schema(input_schema, origin=folder.name),
        answer_validator=_branch(answer_schema, "answer"),
        cannot_validator=_branch(answer_schema, "cannot"),
    )
    _prove(task_type)
    return task_type


def _with_cannot(schema: Schema, slug: str) -> Schema:
    own = dict(schema.pop("$defs", {}))
    title = schema.pop("title", f"An answer to a {slug} task")
    return complete(
        {
            "title": title,
            "oneOf": [{"$ref": "#/$defs/answer"}, {"$ref": "#/$defs/cannot"}],
            "$defs": {**own, "answer": schema},
        },
        origin=f"{slug}/answer.schema.json",
    )


def _branch(schema: Schema, name: str) -> Validator:
    branch = {"$schema": DRAFT, "$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}
    return compile_schema(branch, origin=name)


def _sample_media(folder: Path, samples: tuple[Sample, ...]) -> Iterator[SampleMedium]:
    files = {
        hashlib.sha256(file.read_bytes()).hexdigest(): file
        for file in sorted(folder.glob("sample*"))
        if file.suffix in MEDIA_TYPES
    }
    for sample in samples:
        for ref in _media(sample.input):
            if ref.sha256 not in files:
                raise BrokenTaskType(f"{folder.name}: no file holds the sample's medium {ref.id}")
            file = files[ref.sha256]
            yield SampleMedium(ref, MEDIA_TYPES[file.suffix], file, _alt(sample.input, ref.id))


def _alt(task_input: Document, media_id: str) -> str:
    named = [*task_input.get("media", ())]
    named += [each["media"] for each in task_input.get("responses", ()) if "media" in each]
    return next((str(each.get("alt", "")) for each in named if each["id"] == media_id), "")


def _prove(task_type: TaskType) -> None:
    """A sample that its own type refuses is a broken folder."""
    for sample in task_type.samples:
        problems = task_type.check_input(sample.input) or task_type.check_answer(
            input=sample.input, answer=sample.answer
        )
        if problems:
            raise BrokenTaskType(f"{task_type.slug}, sample {sample.name}: {problems[0]}")
    if not task_type.samples:
        raise BrokenTaskType(f"{task_type.slug}: no sample")
