"""A task in a tutor's hands: one page for all kinds of work, reviews and revisions included."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tasks.pages.work.sheets import Asked, context_of, kept_as, kind_of, title_of
from tasks.queries import claims
from tasks.queries.claims import ClaimSheet
from tasks.queries.workplace import Workplace, workplace_of
from tasks.rules.clocks import cost_minor
from tasks.rules.states import OPEN_CLAIMS, ClaimState, WorkRole
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

HANDS = {Role.TUTOR, Role.REVIEWER}
HOME = "/work/"


def own_sheet(visit: Visit, id: str) -> ClaimSheet:
    """The visitor's own claim, whatever its state; `NotFound` for anybody else's."""
    found = claims.sheet(claim_id=key_of("CL", id), account_id=visit.account.pk)
    if found is None:
        raise NotFound
    return found


@page(roles=HANDS)
def task(visit: Visit, *, id: str) -> HttpResponse:
    """The workspace while the claim is in hand; afterwards, what became of it."""
    return show(visit, own_sheet(visit, id), asked=Asked(plain="plain" in visit.query))


def show(visit: Visit, sheet: ClaimSheet, *, asked: Asked, status: int = 200) -> HttpResponse:
    place = workplace_of(claim_id=sheet.claim_id)
    if sheet.state not in OPEN_CLAIMS:
        return visit.render("tasks/work/over.html", _over(sheet, place), status=status)
    context = context_of(sheet, place, at=visit.at, asked=asked)
    return visit.render("tasks/work/task.html", context, status=status)


def _over(sheet: ClaimSheet, place: Workplace) -> dict[str, Any]:
    title, text = _said(sheet)
    return {
        "sheet": sheet,
        "kept_as": kept_as(sheet),
        "work_title": title_of(kind_of(sheet)),
        "place": place,
        "title": title,
        "text": text,
        "is_review": sheet.role is not WorkRole.ATTEMPT,
        "pay_minor": cost_minor(
            seconds=sheet.seconds_worked, rate_minor_hourly=sheet.rate_minor_hourly
        ),
        "draft_kept": sheet.draft is not None
        and sheet.state in (ClaimState.EXPIRED, ClaimState.RELEASED, ClaimState.RETURNED),
    }


def _said(sheet: ClaimSheet) -> tuple[str, str]:
    """What happened and what it means, in words."""
    if sheet.role is not WorkRole.ATTEMPT and sheet.state is ClaimState.ACCEPTED:
        return _("Review handed in"), _("Your decision is kept. The time is paid.")
    words = {
        ClaimState.SUBMITTED: (
            _("Submitted"),
            _("Somebody may review it. The time is paid whatever they say."),
        ),
        ClaimState.ACCEPTED: (_("Accepted"), _("This answer was accepted.")),
        ClaimState.REVISION_REQUESTED: (
            _("Sent back"),
            _("A reviewer asks for changes. The revision waits on your home page and is paid."),
        ),
        ClaimState.REJECTED: (
            _("Not accepted"),
            _("Somebody else answers this task. Your time is paid all the same."),
        ),
        ClaimState.RETURNED: (
            _("Returned"),
            _("The task went back to the queue. Your time is kept and paid. It is not scored."),
        ),
        ClaimState.SKIPPED: (
            _("Skipped"),
            _("The task went back to the queue. It is not scored."),
        ),
        ClaimState.RELEASED: (
            _("No longer wanted"),
            _("This task was taken out of your hands. Your time is kept and paid."),
        ),
        ClaimState.EXPIRED: (
            _("The time ran out"),
            _("Nothing came from this page for a while, so the task went to another tutor. "
              "Your time is kept and paid. It does not count against you."),
        ),
    }  # fmt: skip
    return words[sheet.state]
