"""A task that is not wanted any more: nobody is asked about it, work done on it is paid."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tasks.events import TaskCancelled
from tasks.models import Task
from tasks.operations.ending import release_task
from tasks.operations.offering import hold_waiting
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict


class CannotCancel(Conflict):
    code = "task_not_open"
    title = "This task is not open"


# Offers are held before slots, as everywhere: an offer that ends takes its slot along.
_CLOSE = """
WITH task AS (
    UPDATE tasks_task t SET state = 'cancelled', done_at = statement_timestamp()
     WHERE t.id = %(task)s AND t.state = 'open' RETURNING t.id),
waiting AS MATERIALIZED (
    SELECT o.id FROM tasks_offer o JOIN task ON task.id = o.task_id
     WHERE o.state = 'offered' ORDER BY o.id FOR UPDATE OF o),
slots AS MATERIALIZED (
    SELECT s.id, s.pool_id, s.state FROM tasks_slot s JOIN task ON task.id = s.task_id
     WHERE s.state IN ('open', 'offered') AND (SELECT count(*) FROM waiting) >= 0
     ORDER BY s.id FOR UPDATE OF s),
offers AS (
    UPDATE tasks_offer o
       SET state = 'withdrawn', ended_at = statement_timestamp(), reason = 'task cancelled'
      FROM slots WHERE o.slot_id = slots.id AND o.state = 'offered'),
closed AS (
    UPDATE tasks_slot s SET state = 'cancelled' FROM slots WHERE s.id = slots.id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, offered)
    SELECT pool_id, -count(*) FILTER (WHERE state = 'open'),
           -count(*) FILTER (WHERE state = 'offered')
      FROM slots GROUP BY pool_id)
SELECT id FROM task
"""


@transaction.atomic
def cancel(*, task: Task, reason: str, actor: Account, at: datetime) -> Task:
    """Withdraw a task's offers and end its claims; time worked on it stays payable.

    Answers handed in before stay as they are. `CannotCancel` unless the task is open.
    """
    hold_waiting(task_id=task.pk)
    release_task(task_id=task.pk, reason=reason)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"task": task.pk})
        if cursor.fetchone() is None:
            raise CannotCancel(
                _("%(id)s is %(state)s already.") % {"id": task.public_id, "state": task.state}
            )
    release_task(task_id=task.pk, reason=reason)  # somebody gave it back, somebody took it
    event = TaskCancelled(subject=task.public_id, project=f"P-{task.project_id}", reason=reason)
    record(event=event, actor=actor, at=at)
    task.refresh_from_db(fields=["state", "done_at"])
    return task
