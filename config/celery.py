"""The Celery app: settings that were tried under faults, and a queue for each domain.

`docs/decisions/0004-celery-settings.md` says what each setting prevents.
"""

import functools
import os
import sys
from typing import Any

from celery import Celery, bootsteps, signals
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# `migrate` and `check` have done them; a start, also after a crash, takes half as long.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from django.conf import settings
from django.db import close_old_connections

from workforce.rules.jobs import SERVICE_QUEUES

app = Celery("lectern")
app.conf.update(
    broker_url=settings.REDIS_URL,
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=120,
    task_soft_time_limit=90,
    worker_soft_shutdown_timeout=20,
    worker_max_tasks_per_child=500,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    task_publish_retry_policy={
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    },
    broker_transport_options={
        "visibility_timeout": 240,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        "health_check_interval": 5,
        "retry_on_timeout": False,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.2,
        "queue_order_strategy": "round_robin",
    },
    task_create_missing_queues=True,
    task_default_queue="notify",
    task_routes={
        "workforce.*": {"queue": "notify"},
        "tutors.*": {"queue": "intake"},
        "tasks.load_*": {"queue": "intake"},
        "tasks.deliver_*": {"queue": "notify"},
        "payments.*": {"queue": "pay"},
    },
    beat_schedule_filename=str(settings.STATE_DIR / "beat-schedule"),
    timezone="UTC",
)
app.conf.beat_schedule = {
    "daily": {"task": "workforce.tidy", "schedule": 3600.0},
}
# Celery would close a worker's connection around each job; Django's own rule decides instead: one
# that is old or does not answer is opened anew (`CONN_MAX_AGE`, `CONN_HEALTH_CHECKS`).
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize


@signals.task_prerun.connect(weak=False)
def look_at_the_connection(**_: Any) -> None:
    close_old_connections()


app.autodiscover_tasks(["workforce", "tutors", "tasks", "payments", "config"], related_name="jobs")


def queues_of(kind: str) -> list[str]:
    """The queues that a worker of this kind (`domains` or `services`) serves now."""
    if kind == "services":
        return list(SERVICE_QUEUES)
    from workforce.queries.domains import queue_names

    return queue_names()


class LecternWorker(bootsteps.StartStopStep):
    """Serves every domain's queue, those added later included, and gives signs of life."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.kind = os.environ.get("LECTERN_WORKER", "")
        self.timers: list[Any] = []

    def start(self, parent: Any) -> None:
        if not self.kind:
            return
        self._refresh(parent)
        self._beat(parent)
        every = parent.timer.call_repeatedly
        self.timers = [
            every(settings.DOMAIN_REFRESH_SECONDS, self._refresh, (parent,)),
            every(settings.HEARTBEAT_SECONDS, self._beat, (parent,)),
        ]

    def stop(self, parent: Any) -> None:
        for timer in self.timers:
            timer.cancel()
        self.timers = []

    def _refresh(self, parent: Any) -> None:
        known = self._served(parent)
        for name in self._quietly(lambda: queues_of(self.kind)) or ():
            if name not in known:
                parent.add_task_queue(name)

    def _served(self, parent: Any) -> set[str]:
        return {q.name for q in parent.task_consumer.queues}

    def _beat(self, parent: Any) -> None:
        from workforce.doors import now
        from workforce.operations.sweeping import beat

        beaten = functools.partial(
            beat,
            name=f"worker:{parent.hostname}",
            kind="worker",
            pid=os.getpid(),
            queues=sorted(self._served(parent)),
        )
        self._quietly(lambda: beaten(at=now()))

    @staticmethod
    def _quietly(act: Any) -> Any:
        """A database that is away must not take the consumer down with it."""
        import logging

        from django.db import connection

        try:
            return act()
        except Exception as problem:
            logging.getLogger(__name__).warning("Worker housekeeping put off: %s", problem)
            return None
        finally:
            connection.close()


app.steps["consumer"].add(LecternWorker)
FIRST_QUEUES = ("stem", "medicine", "finance", "visual")
"""Served from the first second; `LecternWorker` adds the rest from the database."""

if os.environ.get("LECTERN_WORKER"):
    services = os.environ["LECTERN_WORKER"] == "services"
    app.conf.task_queues = [Queue(name) for name in (SERVICE_QUEUES if services else FIRST_QUEUES)]
