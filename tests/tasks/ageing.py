"""Letting time pass: rows are aged, the clock is not faked."""

from django.db import connection

MOVED = {
    "tasks_claim": ("claimed_at", "seen_at", "lease_until", "hold_until"),
    "tasks_offer": ("made_at", "expires_at"),
    "tasks_slot": ("opened_at",),
    "tasks_exclusion": ("excluded_until",),
    "tasks_goldmix": ("looked_at",),
}


_TIME = """
DO $$ DECLARE each bigint; BEGIN
    FOR each IN SELECT id FROM tasks_timeentry WHERE state NOT IN ('approved', 'locked')
                 ORDER BY started_at LOOP
        UPDATE tasks_timeentry SET started_at = started_at - make_interval(secs => {seconds}),
               ended_at = ended_at - make_interval(secs => {seconds}) WHERE id = each;
    END LOOP;
END $$
"""
"""Oldest first, so that no entry is moved onto one that has yet to move."""


def later(*, seconds: int) -> None:
    """Make every open claim, time entry, live offer and waiting slot this much older."""
    only = {
        "tasks_claim": "state IN ('claimed', 'in_progress', 'paused')",
        "tasks_offer": "state = 'offered'",
    }
    with connection.cursor() as cursor:
        cursor.execute(_TIME.format(seconds=seconds))
        for table, columns in MOVED.items():
            moved = ", ".join(f"{c} = {c} - make_interval(secs => {seconds})" for c in columns)
            cursor.execute(f"UPDATE {table} SET {moved} WHERE {only.get(table, 'true')}")
