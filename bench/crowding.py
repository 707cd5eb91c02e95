"""`python -m bench.crowding TUTORS TASKS`: one crowded queue, by plain SQL.

The tutors of the world are copied until there are that many, with other levels, countries, rates
and caps, all of them taking work; every pool gets a share of the tasks, and all pools lie in one
queue, so that one round sees everything. Tasks have no content here: a round never reads any.
"""

import sys
from typing import Any

from bench.filling import shares
from bench.house import enter

QUEUE = "stem"
STEP = 1_000_000
"""A copy's ids are the original's plus a multiple of this."""

_COPIED = {
    "workforce_account": ("id",),
    "workforce_rolegrant": ("id", "account_id"),
    "tutors_tutor": ("id", "account_id"),
    "tutors_tutor_domains": ("id", "tutor_id"),
    "tutors_tutorlanguage": ("id", "tutor_id"),
    "tutors_qualification": ("id", "tutor_id"),
    "tutors_credential": ("id", "tutor_id"),
    "tutors_agreement": ("id", "tutor_id"),
    "tutors_contract": ("id", "tutor_id"),
    "tutors_contractversion": ("id", "contract_id"),
    "tutors_contractrate": ("id", "version_id"),
}
"""Tables of a tutor, with the columns that move by `STEP`."""

_COPY = """
INSERT INTO {table}
SELECT (jsonb_populate_record(t, jsonb_build_object({moved}))).*
  FROM {table} t, generate_series(1, %(copies)s::bigint) n WHERE t.id < {step} {which}
"""
_VARY = (
    """UPDATE tutors_qualification
          SET level = 1 + (hashint8(tutor_id + domain_id) & 65535) %% 4
        WHERE tutor_id > %(step)s""",
    """UPDATE tutors_tutor
          SET country = (array['GB', 'US', 'DE', 'IN', 'BR'])[1 + (hashint8(id) & 65535) %% 5],
              capacity = 1 + (hashint8(id + 1) & 65535) %% 3, presence = 'taking_work',
              presence_until = NULL""",
    """UPDATE tutors_contractversion
          SET cap_seconds_week = CASE WHEN (hashint8(id) & 3) = 0 THEN NULL ELSE 144000 END""",
    """UPDATE tutors_contractrate
          SET rate_minor_hourly = rate_minor_hourly + 100 * ((hashint8(id) & 65535) %% 20)""",
    "UPDATE tasks_pool SET queue = %(queue)s",
)
_TASKS = """
WITH made AS (
    INSERT INTO tasks_task
           (project_id, batch_id, external_id, priority, complexity, is_gold, state, created_at)
    SELECT %(project)s, %(batch)s, 'row-' || n, 30 + (hashint8(n) & 1023) * 41 / 1024,
           1 + (hashint8(n + 1) & 1023) * 3 / 1024, false, 'open',
           now() - (hashint8(n + 2) & 65535) / 65536.0 * interval '1 day'
      FROM generate_series(1, %(count)s::bigint) n
    RETURNING id, priority, complexity, created_at)
INSERT INTO tasks_slot
       (task_id, pool_id, ordinal, opened_at, fence, priority, complexity, rejects, role, state)
SELECT id, %(pool)s, 1, created_at, 0, priority, complexity, 0, 'attempt', 'open' FROM made
"""


def main() -> None:
    tutors, tasks = int(sys.argv[1]), int(sys.argv[2])
    enter()
    from django.db import connection, transaction

    from tutors.models import Tutor

    parameters: dict[str, Any] = {
        "step": STEP,
        "queue": QUEUE,
        "copies": tutors // Tutor.objects.count() - 1,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        # Versions and rates of a contract are immutable, for good reason; here they are made up.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, columns in _COPIED.items():
            cursor.execute(_copy(table, columns), parameters)
        for statement in _VARY:
            cursor.execute(statement, parameters)
    _fill(tasks)


def _copy(table: str, columns: tuple[str, ...]) -> str:
    moved = [f"'{column}', t.{column} + n * {STEP}" for column in columns]
    which = ""
    if table == "workforce_account":
        moved.append("'email', n || '-' || t.email")
        which = "AND EXISTS (SELECT 1 FROM tutors_tutor u WHERE u.account_id = t.id)"
    elif table == "workforce_rolegrant":
        which = "AND EXISTS (SELECT 1 FROM tutors_tutor u WHERE u.account_id = t.account_id)"
    return _COPY.format(table=table, moved=", ".join(moved), step=STEP, which=which)


def _fill(tasks: int) -> None:
    from django.db import connection, transaction

    from tasks.models import Batch, Pool
    from workforce.doors import now

    pools = list(Pool.objects.filter(role="attempt", step=0).select_related("project"))
    for pool, count in zip(pools, shares(tasks, len(pools)), strict=True):
        at = now()
        batch = Batch.objects.create(
            project=pool.project, state="done", format="jsonl", sha256="0" * 64, received=count,
            new=count, created_by_id=pool.project.created_by_id, created_at=at, done_at=at,
        )  # fmt: skip
        parameters: dict[str, Any] = {
            "project": pool.project_id, "batch": batch.pk, "pool": pool.pk, "count": count,
        }  # fmt: skip
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(_TASKS, parameters)


if __name__ == "__main__":
    main()
