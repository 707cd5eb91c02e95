"""What is wrong with an input or an answer, said by field.

A path reads like code: ``findings[2].span.quote``; the empty path is the whole document.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

PROBLEMS_MAX = 50
"""At most this many problems are reported for one document."""


class Code(StrEnum):
    """Stable codes of the problems; part of the API's contract, so never renamed."""

    # The shape: what JSON Schema sees.
    MISSING = "missing"  # a field or a part that this task asks for is not there
    UNKNOWN_FIELD = "unknown_field"  # the field has no meaning here
    WRONG_TYPE = "wrong_type"  # a text where a number belongs, and the like
    NOT_A_CHOICE = "not_a_choice"  # not one of the values offered
    TOO_SHORT = "too_short"  # fewer characters than asked for
    TOO_LONG = "too_long"  # more characters than the limit
    TOO_FEW = "too_few"  # fewer entries than asked for
    TOO_MANY = "too_many"  # more entries than the limit
    BLANK = "blank"  # nothing but blanks
    WRONG_FORM = "wrong_form"  # the text does not have the form of an id, a hash, an address
    OUT_OF_RANGE = "out_of_range"  # the number is smaller or larger than allowed
    REPEATED = "repeated"  # the same entry twice
    INVALID = "invalid"  # any other breach of the published schema
    # The text itself.
    CONTROL_CHARACTER = "control_character"  # NUL, escape and other invisible characters
    BROKEN_TEXT = "broken_text"  # half of a surrogate pair
    NOT_A_NUMBER = "not_a_number"  # NaN and the infinities
    TOO_DEEP = "too_deep"  # nested deeper than the limit
    TOO_BIG = "too_big"  # more characters or more values in all than the limit
    LINE_BROKEN = "line_broken"  # a source line holds a line break
    # Places, spans and evidence.
    NO_SUCH_PLACE = "no_such_place"  # `in` names nothing in this task
    WRONG_PLACE = "wrong_place"  # `in` names a part that may not be marked here
    SPAN_EMPTY = "span_empty"  # start is not before end
    SPAN_OUTSIDE = "span_outside"  # the span or point runs past the end of the text
    QUOTE_DIFFERS = "quote_differs"  # the quote is not the text in that place
    NO_SUCH_LINE = "no_such_line"  # the source has fewer lines
    EVIDENCE_MISSING = "evidence_missing"  # this task wants evidence here
    OUTSIDE_SOURCE = "outside_source"  # this task takes evidence from its own sources only
    # References.
    NO_SUCH_ID = "no_such_id"  # a reference to something that is not there
    ID_REPEATED = "id_repeated"  # two things share an id or a number
    SELF_REFERENCE = "self_reference"  # something is related to itself
    # Pictures and time.
    OUTSIDE_PICTURE = "outside_picture"  # a box or a corner lies outside the stored picture
    SHAPE_FLAT = "shape_flat"  # a polygon without an area
    SHAPE_CROSSES = "shape_crosses"  # a polygon that crosses itself
    WRONG_SHAPE = "wrong_shape"  # the label is drawn with another shape
    TIME_EMPTY = "time_empty"  # start is not before end
    OUTSIDE_CLIP = "outside_clip"  # a time after the end of the clip
    OVERLAP = "overlap"  # two segments or steps share time or text and may not
    ORDER_WRONG = "order_wrong"  # the times contradict the order that is claimed
    # Sense: parts of the answer, or of the task, that contradict each other.
    NOT_ALLOWED = "not_allowed"  # the task does not take this
    CONTRADICTS = "contradicts"  # two parts of the document say opposite things
    UNCHANGED = "unchanged"  # a correction that equals what it corrects
    WRONG_TOTAL = "wrong_total"  # points do not add up to what the task asks for
    NOT_CONFIRMED = "not_confirmed"  # a statement that must be true to hand in is not


@dataclass(frozen=True)
class Problem:
    """One thing to put right: where, a stable code, and a sentence a person can act on."""

    path: str
    code: Code
    message: str

    def under(self, prefix: str) -> "Problem":
        """The same problem, seen from a document that holds this one under `prefix`."""
        return Problem(join(prefix, self.path), self.code, self.message)


def join(prefix: str, path: str) -> str:
    """Put two paths together: ``gold`` and ``ranking[0]`` give ``gold.ranking[0]``."""
    if not prefix or not path:
        return prefix or path
    return f"{prefix}{path}" if path.startswith("[") else f"{prefix}.{path}"


def path_of(steps: Iterable[str | int]) -> str:
    """The path of a walk into a document: ``["a", 2, "b"]`` gives ``a[2].b``."""
    path = ""
    for step in steps:
        path = join(path, f"[{step}]" if isinstance(step, int) else step)
    return path


def by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Sentences by path, in the order found."""
    fields: dict[str, list[str]] = {}
    for problem in problems:
        fields.setdefault(problem.path, []).append(problem.message)
    return fields


def first(problems: Iterator[Problem], limit: int = PROBLEMS_MAX) -> tuple[Problem, ...]:
    """The first `limit` problems; the rest is never computed."""
    found = []
    for problem in problems:
        found.append(problem)
        if len(found) == limit:
            break
    return tuple(found)


def clip(text: str, limit: int = 60) -> str:
    """A text short enough for a message."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
