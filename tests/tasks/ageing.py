"""Letting time pass: rows are aged, the clock is not faked."""

from django.db import connection

MOVED = {
    "tasks_claim": ("claimed_at", "seen_at", "lease_until", "hold_until"),
    "tasks_timeentry": ("started_at",),
    "tasks_offer": ("made_at", "expires_at"),
    "tasks_slot": ("opened_at",),
    "tasks_exclusion": ("excluded_until",),
}


def later(*, seconds: int) -> None:
    """Make every open claim, running entry, live offer and waiting slot this much older."""
    only = {
        "tasks_claim": "state IN ('claimed', 'in_progress', 'paused')",
        "tasks_timeentry": "state = 'running'",
        "tasks_offer": "state = 'offered'",
    }
    with connection.cursor() as cursor:
        for table, columns in MOVED.items():
            moved = ", ".join(f"{c} = {c} - make_interval(secs => {seconds})" for c in columns)
            cursor.execute(f"UPDATE {table} SET {moved} WHERE {only.get(table, 'true')}")
