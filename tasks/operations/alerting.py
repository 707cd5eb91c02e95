"""Telling a tutor once that a queue opened which she waited for."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from tasks.events import AlertAsked, AlertEnded, QueueOpened
from tasks.models import QueueAlert
from tasks.queries.alerts import Due, Looked, Stands, alerts_due, look, queue_behind
from tasks.queries.queue import fields_of
from tasks.rules.limits import (
    ALERT_DAYS,
    ALERT_HEADS_MAX,
    ALERTS_PER_TUTOR_MAX,
    SWEEP_ROWS_MAX,
)
from tasks.rules.states import AlertState, ProjectState, WorkRole
from tutors.queries.facts import locked_facts
from tutors.rules.eligibility import Facts
from workforce.models import Account
from workforce.operations import record
from workforce.rules.ids import public_id
from workforce.rules.problems import Conflict, NotFound


class QueueIsOpen(Conflict):
    code = "queue_open"
    title = "This queue is open"


class TooManyAlerts(Conflict):
    code = "alerts_full"
    title = "You wait for too many queues"


class AlertOver(Conflict):
    code = "alert_over"
    title = "This alert is over"


# --- Asking ---------------------------------------------------------------------------------


@transaction.atomic
def ask(*, account: Account, pool_id: int, at: datetime) -> QueueAlert:
    """Wait for the queue behind a pool to open to the account's tutor; asked twice, longer.

    `NotFound` for a queue outside her fields, or of reviews for somebody who does not review;
    `QueueIsOpen` when there is something to take already; `TooManyAlerts` beyond the limit.
    """
    facts = locked_facts(account_id=account.pk, at=at)
    queue = queue_behind(pool_id=pool_id)
    if queue is None or not _may_see(queue, facts):
        raise NotFound
    if queue.pools and queue.state is ProjectState.OPEN:
        due = Due(0, facts.tutor_id, queue.project_id, queue.role, queue.pools)
        (found,) = look([due], at=at)
        if _new_to_her(found):
            raise QueueIsOpen(_("Work waits there that you may take now."))
    mine = QueueAlert.objects.filter(tutor_id=facts.tutor_id, state=AlertState.WAITING)
    until = Now() + timedelta(days=ALERT_DAYS)
    alert = mine.filter(project_id=queue.project_id, role=queue.role).first()
    if alert is not None:
        QueueAlert.objects.filter(pk=alert.pk).update(expires_at=until)
        alert.refresh_from_db()
        return alert
    if mine.count() >= ALERTS_PER_TUTOR_MAX:
        raise TooManyAlerts(
            _("You wait for %(n)d queues already. Take one of them back first.")
            % {"n": ALERTS_PER_TUTOR_MAX}
        )
    made = QueueAlert.objects.create(
        tutor_id=facts.tutor_id, project_id=queue.project_id, role=queue.role, expires_at=until
    )
    made.refresh_from_db()
    record(event=_asked(made), actor=account, at=at)
    return made


def _may_see(queue: Stands, facts: Facts) -> bool:
    """What her list of queues shows, and what a pause hides from it for a while."""
    hers = queue.role is WorkRole.ATTEMPT or facts.reviewer
    return hers and queue.state is not ProjectState.CLOSED and queue.queue in fields_of(facts)


def _asked(alert: QueueAlert) -> AlertAsked:
    return AlertAsked(
        subject=alert.public_id,
        tutor=public_id("E", alert.tutor_id),
        project=public_id("P", alert.project_id),
        role=alert.role,
    )


@transaction.atomic
def end(*, account: Account, alert_id: int, at: datetime) -> None:
    """Take an alert back. `AlertOver` when she was told, took it back, or its time ran out."""
    mine = QueueAlert.objects.filter(pk=alert_id, tutor__account_id=account.pk)
    alert = mine.first()
    if alert is None:
        raise NotFound
    waiting = QueueAlert.objects.filter(pk=alert.pk, state=AlertState.WAITING)
    if not waiting.update(state=AlertState.ENDED, ended_at=Now()):
        raise AlertOver(_("You are not waiting for this queue any more."))
    event = AlertEnded(
        subject=alert.public_id,
        tutor=public_id("E", alert.tutor_id),
        project=public_id("P", alert.project_id),
        role=alert.role,
    )
    record(event=event, actor=account, at=at)


# --- Telling --------------------------------------------------------------------------------

_UNKNOWN = """
EXISTS (SELECT 1 FROM unnest(%(pools)s::bigint[]) AS w(pool)
         CROSS JOIN LATERAL (SELECT s.task_id FROM tasks_slot s
                              WHERE s.pool_id = w.pool AND s.state = 'open'
                              ORDER BY s.opened_at, s.id LIMIT {heads}) head
         WHERE NOT EXISTS (SELECT 1 FROM tasks_claim k WHERE k.task_id = head.task_id
                              AND k.tutor_id = ANY(%(person)s::bigint[])))
"""
"""Something waits in one of the pools whose task she, or an account linked to hers, never held."""

_NEW = f"SELECT {_UNKNOWN.format(heads=ALERT_HEADS_MAX)}"
_TELL = f"""
UPDATE tasks_queuealert SET state = 'told', ended_at = statement_timestamp()
 WHERE id = %(alert)s AND state = 'waiting' AND expires_at > statement_timestamp()
   AND {_UNKNOWN.format(heads=ALERT_HEADS_MAX)}
RETURNING id
"""  # noqa: S608
_LOOKED = """
UPDATE tasks_queuealert SET looked_at = statement_timestamp(), facts_version = %(version)s
 WHERE id = %(alert)s AND state = 'waiting'
"""
_EXPIRE = """
UPDATE tasks_queuealert SET state = 'expired', ended_at = statement_timestamp()
 WHERE id IN (SELECT id FROM tasks_queuealert
               WHERE state = 'waiting' AND expires_at <= statement_timestamp()
               ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def _of(found: Looked) -> dict[str, Any]:
    """What is open, with nothing new in it yet, has no version: the next look comes soon."""
    return {
        "alert": found.due.alert_id,
        "pools": list(found.open_pools),
        "person": list(found.facts.person),
        "version": None if found.open_pools else found.facts.facts_version,
    }


def _new_to_her(found: Looked) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_NEW, _of(found))
        return bool(cursor.fetchone()[0])


@transaction.atomic
def tell_opened(*, at: datetime) -> int:
    """Tell those whose queue opened; how many. Any number may run: each alert is told by one.

    A queue that is closed to her although work waits is looked at again when her facts change,
    or after a while: policies, budgets and dates change too.
    """
    due = alerts_due()
    told = 0
    for found in look(due, at=at) if due else ():
        told += _tell(found, at=at)
    return told


def _tell(found: Looked, *, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TELL, _of(found))
        if cursor.fetchone() is None:
            cursor.execute(_LOOKED, _of(found))
            return 0
    event = QueueOpened(
        subject=public_id("QA", found.due.alert_id),
        tutor=found.facts.name,
        project=public_id("P", found.due.project_id),
        role=found.due.role.value,
        pool=public_id("PL", found.open_pools[0]),
    )
    record(event=event, actor=None, at=at)
    return 1


@transaction.atomic
def expire_alerts(*, at: datetime) -> int:
    """End alerts whose time ran out; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, [SWEEP_ROWS_MAX])
        return int(cursor.rowcount)
