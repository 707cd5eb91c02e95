"""Notices about tasks, reviews, time and batches."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.noticing.telling import (
    Teller,
    account_of_tutor,
    to_account,
    to_roles,
    to_tutor,
    url,
)
from tasks.models import Batch, Claim, Project
from tasks.rules.matching import OWN_CODES
from tasks.rules.states import OPEN_CLAIMS
from tutors.rules.eligibility import CODES
from workforce.models import Event
from workforce.operations.noticing import Telling
from workforce.rules.ids import internal_id
from workforce.rules.roles import Role
from workforce.rules.shown import duration

TOLD_AT_ONCE_MAX = 1_000
"""Tutors with work in hand whom one paused project may tell."""


def reviewed(event: Event) -> Iterator[Telling]:
    body, decision = event.body, event.body["decision"]
    said = {
        "accept": (
            _("Your answer to %s was accepted"),
            _("It counts as delivered. The review is among your feedback."),
        ),
        "request_revision": (
            _("A revision of %s is asked for"),
            _("The reviewer's note says what to change. The revision is paid, and it is yours."),
        ),
        "reject": (
            _("Your answer to %s was not accepted"),
            _("Your time is paid. The reviewer's note says why; you can disagree there."),
        ),
    }
    title, text = said[decision]
    revise = decision == "request_revision"
    yield from to_account(
        event,
        account_of_tutor(body["author"]),
        title=title % body["task"],
        body=text,
        url=url("work-home") if revise else url("work-feedback"),
        important=revise,
    )


def time_approved(event: Event) -> Iterator[Telling]:
    yield from to_tutor(
        event,
        title=_("%s of your time was approved") % duration(event.body["seconds"]),
        body=_("It is priced and goes on your next statement."),
        url=url("work-earnings"),
    )


def time_declined(event: Event) -> Iterator[Telling]:
    yield from to_tutor(
        event,
        title=_("A time entry was declined"),
        body=_("%(id)s: %(why)s If that is wrong, dispute it on your time page.")
        % {"id": event.subject, "why": event.body["reason"]},
        url=url("work-time"),
        important=True,
    )


def batch_done(event: Event) -> Iterator[Telling]:
    key = internal_id(Batch.prefix, event.subject)
    maker = Batch.objects.filter(pk=key).values_list("created_by_id", flat=True).first()
    body = event.body
    if body["state"] == "failed":
        title = _("%s could not be read") % event.subject
        text = _("Nothing was loaded. The batch says why; hand the file in again once mended.")
    else:
        title = ngettext(
            "%(id)s is loaded: %(n)d new task", "%(id)s is loaded: %(n)d new tasks", body["new"]
        ) % {"id": event.subject, "n": body["new"]}
        text = _("%(received)d rows: %(new)d new, %(duplicate)d there already, %(error)d wrong.")
        text %= {k: body[k] for k in ("received", "new", "duplicate", "error")}
    yield from to_account(
        event,
        maker,
        title=title,
        body=text,
        url=url("ops-batch", event.subject),
        important=body["state"] == "failed" or body["error"] > 0,
    )


def project_changed(event: Event) -> Iterator[Telling]:
    """A paused project tells those who hold a claim there."""
    if event.body["state"] != "paused" or "state" not in event.body["changed"]:
        return
    key = internal_id(Project.prefix, event.subject)
    name = Project.objects.filter(pk=key).values_list("name", flat=True).first()
    held = Claim.objects.filter(project_id=key, state__in=[s.value for s in OPEN_CLAIMS])
    accounts = held.order_by("tutor__account_id").values_list("tutor__account_id", flat=True)
    for account in accounts.distinct()[:TOLD_AT_ONCE_MAX]:
        yield from to_account(
            event,
            account,
            title=_("%s is paused") % name,
            body=_("Finish the task in your hands: it is paid. No new one is offered for now."),
            url=url("work-home"),
            important=True,
        )


def cannot_twice(event: Event) -> Iterator[Telling]:
    yield from to_roles(
        event,
        Role.MANAGER,
        but=set(),
        title=_("Two people could not do %s") % event.subject,
        body=_("Look at the task: mend it, or cancel it. Their time is paid."),
        url=url("ops-task", event.subject),
    )


def pool_exhausted(event: Event) -> Iterator[Telling]:
    code = event.body["code"]
    yield from to_roles(
        event,
        Role.MANAGER,
        but=set(),
        title=_("Nobody here can take work of %s") % event.body["name"],
        body=_("%s Change who may do it, or bring somebody in.")
        % {**CODES, **OWN_CODES}.get(code, code),
        url=url("ops-project", event.body["project"]),
    )


def queue_opened(event: Event) -> Iterator[Telling]:
    """She asked for it; the page of the queue says how it stands by now."""
    key = internal_id(Project.prefix, event.body["project"])
    name = Project.objects.filter(pk=key).values_list("name", flat=True).first()
    yield from to_tutor(
        event,
        title=_("%s is open to you") % name,
        body=_("Work waits that you may take. You asked to be told; this was the only time."),
        url=url("work-browse", event.body["pool"]),
        important=True,
    )


TELLERS: dict[str, Teller] = {
    "tasks.reviewed": reviewed,
    "tasks.time_approved": time_approved,
    "tasks.time_declined": time_declined,
    "tasks.batch_done": batch_done,
    "tasks.project_changed": project_changed,
    "tasks.cannot_twice": cannot_twice,
    "tasks.pool_exhausted": pool_exhausted,
    "tasks.queue_opened": queue_opened,
}
