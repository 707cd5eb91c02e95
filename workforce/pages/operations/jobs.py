"""Parked jobs: what failed, said plainly, and the way to try it again."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.operations.sweeping import retry
from workforce.queries.events import jobs as all_jobs
from workforce.queries.health import health
from workforce.rules.jobs import JobState
from workforce.rules.problems import Invalid
from workforce.rules.roles import Role

RUNNING = frozenset({Role.MANAGER, Role.ADMIN})
RETRIED_MAX = 200
"""Jobs that one press of the button sends back."""

STATES = {
    JobState.PARKED: lazy("Parked"),
    JobState.DUE: lazy("Due"),
    JobState.LEASED: lazy("Running"),
}
KINDS = {
    "tasks.load_batch": lazy("Load a batch’s rows"),
    "tasks.route_queue": lazy("Offer waiting tasks"),
    "tasks.deliver_news": lazy("Tell a client’s machines"),
    "tasks.deliver_webhook": lazy("Call a client’s address"),
    "tasks.follow_project": lazy("Follow a changed project"),
    "tasks.recheck_account": lazy("Take back offers and work of somebody who left"),
    "tasks.recheck_offers": lazy("Check a tutor’s offers again"),
    "workforce.mail_invitation": lazy("Send an invitation by e-mail"),
    "payments.post_earnings": lazy("Write approved time to the books"),
}
CAUSES = (
    ("TimeoutError", lazy("The other side did not answer in time.")),
    ("ConnectionRefused", lazy("The other side refused the connection.")),
    ("ConnectionError", lazy("There was no connection.")),
    ("FileNotFoundError", lazy("The kept file is gone.")),
    ("OperationalError", lazy("The database did not answer in time.")),
    ("DeadlockDetected", lazy("Two jobs waited for each other.")),
    ("LeaseLost", lazy("The worker was too slow and lost its turn.")),
    ("DoesNotExist", lazy("What the job was about is not there any more.")),
    ("SMTP", lazy("The mail server did not take the message.")),
)


@page(roles=RUNNING)
def jobs(visit: Visit) -> HttpResponseBase:
    """GET: the jobs of a state, parked ones at first. POST: retry the ones named by `ids`."""
    if visit.posted:
        return _retry(visit)
    state = visit.query.get("state", "")
    state = state if state in {s.value for s in STATES} else JobState.PARKED.value
    rows = all_jobs(state=state)
    if visit.query.get("format") == "csv":
        return _csv(rows, state)
    found = listing(visit, rows)
    for job in found.rows:
        job.said = told(job.last_error)
        job.kind_word = KINDS.get(job.kind, job.kind.partition(".")[2].replace("_", " "))
        job.subject_shown = ", ".join(str(v) for v in job.subject.values())
    context = {
        "listing": found,
        "state": state,
        "states": [(s.value, word) for s, word in STATES.items()],
        "is_parked": state == JobState.PARKED,
        "health": health(at=visit.at),
    }
    return visit.render("workforce/operations/jobs.html", context)


def told(error: str) -> str:
    """What went wrong in plain words; the error's own last line where we have none."""
    for mark, text in CAUSES:
        if mark in error:
            return str(text)
    last = error.strip().rpartition("\n")[2].strip()
    return last or _("The worker went away without a word, each time.")


def _retry(visit: Visit) -> HttpResponseBase:
    ids = visit.request.POST.getlist("ids")[:RETRIED_MAX]
    if not ids:
        raise Invalid(_("Say which jobs."))
    for each in ids:
        retry(job_id=key_of("J", each), actor=visit.account, at=visit.at)
    said = ngettext("%(n)d job will run again now.", "%(n)d jobs will run again now.", len(ids))
    return visit.go("ops-jobs", say=said % {"n": len(ids)})


def _csv(rows: Any, state: str) -> HttpResponseBase:
    header = ("id", "kind", "queue", "state", "attempts", "subject", "run_at", "last_error")
    lines = (
        (j.public_id, j.kind, j.queue, j.state, j.attempts, j.subject, j.run_at.isoformat(),
         j.last_error)
        for j in rows.order_by("-id").iterator(chunk_size=500)
    )  # fmt: skip
    return csv_file(f"jobs-{state}", header, lines)
