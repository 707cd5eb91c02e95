"""Small pieces that every package's models share."""

from enum import StrEnum
from typing import Any, ClassVar

from django.db import models
from django.db.models.expressions import RawSQL

from workforce.rules.ids import public_id


def state_field(
    states: type[StrEnum], *, default: StrEnum, **options: Any
) -> "models.CharField[Any, Any]":
    """A state column that takes its words from the enum; pair it with `state_check`."""
    choices = [(s.value, s.value) for s in states]
    return models.CharField(max_length=24, choices=choices, default=default.value, **options)


def state_check(
    states: type[StrEnum], *, name: str, field: str = "state"
) -> models.CheckConstraint:
    """The database's own word on the states a row may be in."""
    words = [s.value for s in states]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": words}), name=name)


def database_now() -> RawSQL:
    """`statement_timestamp()`: the database's clock, for columns that belong to it."""
    return RawSQL("statement_timestamp()", [], output_field=models.DateTimeField())


class PublicId(models.Model):
    """Gives a row its public id. `prefix` is declared by each model."""

    prefix: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def public_id(self) -> str:
        return public_id(self.prefix, self.pk)

    def __str__(self) -> str:
        return self.public_id
