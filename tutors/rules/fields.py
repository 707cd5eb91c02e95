"""Fields of expertise as paths: `medicine.psychiatry` lies within `medicine`."""

import re

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,2}", re.ASCII)


SLUG_CHARS_MAX = 120


def is_slug(text: str) -> bool:
    return len(text) <= SLUG_CHARS_MAX and SLUG.fullmatch(text) is not None


def within(*, slug: str, ancestor: str) -> bool:
    """A field answers for itself and everything above it, never for what lies below."""
    return slug == ancestor or slug.startswith(f"{ancestor}.")


def answers(*, wanted: str, held: str) -> bool:
    """A bare word: `psychiatry` is answered by itself, `medicine.psychiatry`, `psychiatry.child`.

    Nothing wanted is answered by anything.
    """
    return not wanted or f".{wanted}." in f".{held}."


def upwards(slug: str) -> tuple[str, ...]:
    """The field and its ancestors, narrowest first."""
    parts = slug.split(".")
    return tuple(".".join(parts[:n]) for n in range(len(parts), 0, -1))
