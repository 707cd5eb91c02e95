"""Words that people's papers use, to suggest them where a set asks for such a word."""

from dataclasses import dataclass

from django.db import connection

from tutors.models import Organisation
from tutors.rules.requirements import CLIENT

WORDS_MAX = 200
"""Suggestions of one kind."""

PARTIES_MAX = 60
"""Organisations, and kinds of them, that are offered as parties."""

_WORDS = """
SELECT (SELECT array_agg(w) FROM (
               (SELECT DISTINCT field AS w FROM tutors_credential WHERE field <> '')
                UNION (SELECT DISTINCT field FROM tutors_experience WHERE withdrawn_at IS NULL)
                ORDER BY 1 LIMIT %(most)s) f),
       (SELECT array_agg(w) FROM (
               SELECT DISTINCT profession AS w FROM tutors_credential WHERE profession <> ''
                ORDER BY 1 LIMIT %(most)s) p),
       (SELECT array_agg(w) FROM (
               SELECT DISTINCT name AS w FROM tutors_credential
                WHERE name <> '' AND type IN ('degree', 'award', 'certification')
                ORDER BY 1 LIMIT %(most)s) n)
"""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    fields: tuple[str, ...]
    professions: tuple[str, ...]
    names: tuple[str, ...]


def vocabulary() -> Vocabulary:
    """Fields, professions and titles of people's papers; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"most": WORDS_MAX})
        fields, professions, names = cursor.fetchone() or (None, None, None)
    return Vocabulary(
        fields=tuple(fields or ()), professions=tuple(professions or ()), names=tuple(names or ())
    )


def parties() -> list[tuple[str, str]]:
    """Whom a set may forbid ties to, with what it is called: the client (no name), kinds of
    organisations, then organisations by name; one statement.
    """
    rows = list(Organisation.objects.order_by("name", "pk")[:PARTIES_MAX])
    tags = sorted({tag for row in rows for tag in row.tags})[:PARTIES_MAX]
    kinds = [(f"tag:{tag}", tag.replace("-", " ")) for tag in tags]
    return [(CLIENT, ""), *kinds, *((f"org:{row.word}", row.name) for row in rows)]
