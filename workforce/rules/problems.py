"""The one way this house says no: a refusal with a stable code and a sentence for a person."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import ClassVar, Self

Errors = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """Base of every `Cannot…`. The caller's act changed nothing.

    `code` is stable and listed in the API docs, `status` is the HTTP answer a door gives,
    `detail` says what happened and what to do next, `errors` names fields.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "This cannot be done now"

    def __init__(self, detail: str, *, errors: Errors | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors: dict[str, list[str]] = {k: list(v) for k, v in (errors or {}).items()}

    def under(self, field: str) -> Self:
        """The same refusal, its errors named as parts of a field."""
        errors = {f"{field}.{path}".rstrip("."): said for path, said in self.errors.items()}
        again = copy(self)
        again.errors = errors
        return again


class NotFound(Refusal):
    """A foreign id and a missing id look the same from outside."""

    code = "not_found"
    status = 404
    title = "Not found"

    def __init__(
        self, detail: str = "Nothing here has this id, or it is not yours to see."
    ) -> None:
        super().__init__(detail)


class NotAllowed(Refusal):
    """The object is known to the caller, the act is not the caller's."""

    code = "not_allowed"
    status = 403
    title = "Not allowed"


class Invalid(Refusal):
    """The input does not hold together; `errors` says where."""

    code = "invalid"
    status = 400
    title = "Some fields need another look"


class Conflict(Refusal):
    """A lost race or a wrong state: look again, then decide."""

    code = "conflict"
    status = 409
    title = "The state has changed meanwhile"
