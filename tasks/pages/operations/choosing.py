"""Choices that several forms of these pages offer."""

from workforce.queries.terms import all_domains


def domain_choices() -> list[tuple[str, str]]:
    """Every field below its domain's name; one statement."""
    rows = list(all_domains().order_by("slug"))
    names = {row.slug: row.name for row in rows}
    return [(row.slug, " › ".join(names[part] for part in _path(row.slug))) for row in rows]


def _path(slug: str) -> list[str]:
    parts = slug.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))]
