"""Relay and workers in the test's own process: what is due gets done, now."""

from config.celery import app
from config.reactions import REACTIONS
from workforce.models import Job
from workforce.models.fields import database_now
from workforce.operations.relaying import relay
from workforce.rules.jobs import JobState

ROUNDS_MAX = 100


def catch_up() -> list[str]:
    """Relay all events and do all due jobs, again and again until none is left; their kinds."""
    app.loader.import_default_modules()
    done: list[str] = []
    for _ in range(ROUNDS_MAX):
        while relay(reactions=REACTIONS):
            pass
        due = Job.objects.filter(state=JobState.DUE, run_at__lte=database_now()).order_by("id")
        jobs = list(due.values_list("id", "kind"))
        if not jobs:
            failed = Job.objects.exclude(last_error="").values_list("kind", "last_error")
            assert not failed, list(failed)
            return done
        for job_id, kind in jobs:
            app.tasks[kind](job_id=job_id)
            done.append(kind)
    raise AssertionError("The jobs never end.")
