"""`python -m bench.filling N`: N open tasks in the projects of a world, by plain SQL.

The first projects get more, as 1, 1/2, 1/3 …; priorities lie around the middle, and the tasks
came in over the last day. Each input is the task type's sample, padded to about 1 KB.
"""

import json
import sys
from typing import Any

from bench.house import enter

INPUT_BYTES = 1_024
PADDED = "{conversation,0,text}"

_TASKS = """
INSERT INTO tasks_task
       (project_id, batch_id, external_id, priority, complexity, is_gold, state, created_at)
SELECT %(project)s, %(batch)s, 'row-' || n, 30 + (hashint8(n) & 1023) * 41 / 1024,
       1 + (hashint8(n + 1) & 1023) * 3 / 1024, false, 'open',
       now() - (hashint8(n + 2) & 65535) / 65536.0 * interval '1 day'
  FROM generate_series(1, %(count)s::bigint) n
"""
_CONTENTS = f"""
INSERT INTO tasks_taskcontent (task_id, input, content)
SELECT t.id, jsonb_set(%(input)s::jsonb, '{PADDED}', to_jsonb(
           (%(input)s::jsonb #>> '{PADDED}') || ' '
           || left(array_to_string(array(SELECT md5(t.id || ':' || i)
                                           FROM generate_series(1, %(padding)s / 32 + 1) i), ' '),
                   %(padding)s))), '{{}}'
  FROM tasks_task t WHERE t.batch_id = %(batch)s
"""
_SLOTS = """
INSERT INTO tasks_slot
       (task_id, pool_id, ordinal, opened_at, fence, priority, complexity, rejects, role, state)
SELECT t.id, %(pool)s, 1, t.created_at, 0, t.priority, t.complexity, 0, 'attempt', 'open'
  FROM tasks_task t WHERE t.batch_id = %(batch)s ORDER BY t.id
"""
_FIGURES = """
UPDATE tasks_poolcounter SET waiting = %(count)s, oldest_at = now() - interval '1 day'
 WHERE pool_id = %(pool)s
"""


def main() -> None:
    enter()
    from tasks.models import Project

    # Where the demonstration is, its own projects keep the few tasks that it made for them.
    projects = list(Project.objects.filter(name__startswith="Bench ").order_by("id"))
    for project, count in zip(projects, shares(int(sys.argv[1]), len(projects)), strict=True):
        _fill(project, count)


def shares(total: int, parts: int) -> list[int]:
    """`total` cut in parts that shrink as 1, 1/2, 1/3 …; what is left over goes to the first."""
    whole = sum(1 / n for n in range(1, parts + 1))
    cut = [int(total / whole / n) for n in range(1, parts + 1)]
    return [cut[0] + total - sum(cut), *cut[1:]]


def _fill(project: Any, count: int) -> None:
    from django.db import connection, transaction

    from tasks.models import Batch, Pool
    from tasks.types import task_type
    from workforce.doors import now

    at = now()
    batch = Batch.objects.create(
        project=project, state="done", format="jsonl", sha256="0" * 64, received=count, new=count,
        created_by_id=project.created_by_id, created_at=at, done_at=at,
    )  # fmt: skip
    sample = json.dumps(task_type(project.task_type).sample_input, ensure_ascii=False)
    parameters = {
        "project": project.pk,
        "batch": batch.pk,
        "pool": Pool.objects.get(project=project, role="attempt", step=0).pk,
        "count": count,
        "input": sample,
        "padding": max(0, INPUT_BYTES - len(sample.encode())),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in (_TASKS, _CONTENTS, _SLOTS, _FIGURES):
            cursor.execute(statement, parameters)


if __name__ == "__main__":
    main()
