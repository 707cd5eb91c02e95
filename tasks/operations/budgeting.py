"""A project's money: set aside when work starts, used when it is priced.

Claiming reserves (in its own statement), ending gives back what was not worked, and `payments`
calls down with what the time cost. Worked time is never refused for budget.
"""

from datetime import datetime

from django.db import connection

_BOOK = """
UPDATE tasks_projectbudget b
   SET reserved_minor = b.reserved_minor - least(b.reserved_minor, %(freed)s),
       used_minor = b.used_minor + least(%(minor)s, room.minor),
       over_minor = b.over_minor + greatest(0, %(minor)s - room.minor)
  FROM (SELECT project_id,
               CASE WHEN total_minor IS NULL THEN %(minor)s
                    ELSE greatest(0, total_minor - used_minor
                                     - (reserved_minor - least(reserved_minor, %(freed)s)))
               END AS minor
          FROM tasks_projectbudget WHERE project_id = %(project)s FOR UPDATE) room
 WHERE b.project_id = room.project_id
RETURNING b.over_minor
"""


def book(*, project_id: int, minor: int, reserved_minor: int, at: datetime) -> int:
    """Count what priced time cost (minor units of the budget's currency); what is over in all.

    `reserved_minor` is what claims had set aside for this time (0 for entries by hand); it is
    given back first. What has no room in the total is kept apart as over, never refused.
    """
    parameters = {"project": project_id, "minor": minor, "freed": reserved_minor}
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
