"""Tasks by the client's own ids, through the unique index (project, external_id) alone."""

from django.db import connection

from tasks.models import Task
from tasks.queries.visible import projects
from workforce.models import Account

PROJECTS_ASKED_MAX = 500
"""The newest projects, among whose tasks the id is looked for: one probe of the index each."""
LAST = "\U0010ffff"

_BEGINNING_WITH = """
SELECT t.id FROM unnest(%s::bigint[]) AS asked (project)
 CROSS JOIN LATERAL (SELECT id FROM tasks_task
                      WHERE project_id = asked.project AND external_id >= %s AND external_id < %s
                      ORDER BY external_id LIMIT %s) t
 LIMIT %s
"""


def by_external_id(*, account: Account, text: str, limit: int) -> list[Task]:
    """Tasks that the account sees whose external id begins with the text."""
    newest = projects(account=account).order_by("-pk").values_list("pk", flat=True)
    keys = list(newest[:PROJECTS_ASKED_MAX])
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING_WITH, [keys, text, text + LAST, limit, limit])
        found = [row[0] for row in cursor.fetchall()]
    return list(Task.objects.filter(pk__in=found).select_related("project").order_by("-pk"))
