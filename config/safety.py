"""Checks at start-up: production refuses what only development may have."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags
from django.core.checks import register as register_check
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection


def register() -> None:
    register_check(no_demo_accounts, Tags.database)
    register_check(no_event_forgotten)


def no_event_forgotten(**_: Any) -> list[CheckMessage]:
    """Each kind of event has its line in the table of reactions."""
    from config.reactions import forgotten

    if problem := forgotten():
        return [Error(f"config/reactions.py: {problem}.", id="lectern.E002")]
    return []


def refuse_demo_accounts() -> None:
    """The web does not start in production on a database with demonstration accounts.

    Django runs checks of a database only where it is told to (`migrate` from the shell, `check
    --database`), so the door asks by itself. `ImproperlyConfigured` says how many and what to do.
    """
    for problem in no_demo_accounts():
        raise ImproperlyConfigured(f"{problem.msg} {problem.hint}")
    connection.close()


def no_demo_accounts(**_: Any) -> list[CheckMessage]:
    """Whether production would run on a database with demonstration accounts."""
    if not settings.PRODUCTION:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM workforce_account WHERE is_demo AND is_active")
            found = cursor.fetchone()[0]
    except DatabaseError:
        return []  # not migrated yet: there is nobody in it
    if not found:
        return []
    return [
        Error(
            f"{found} demonstration accounts can sign in to this database.",
            hint="Start on a database made with `up --no-demo`, or close those accounts.",
            id="lectern.E001",
        )
    ]
