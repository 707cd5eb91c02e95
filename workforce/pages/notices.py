"""What one has been told."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.doors.desk import key_of
from workforce.doors.listing import listing
from workforce.doors.pages import Visit, page
from workforce.operations.noticing import mark_all_read, mark_read, mark_unread
from workforce.queries.notices import notice_of, notices_of
from workforce.rules.problems import Invalid

NEW_SHOWN_MAX = 100
"""Unread ones on one page; the rest comes up as they are read."""

ICONS = {
    "tutors.contract_offered": "signature",
    "tutors.contract_signed": "signature",
    "tutors.contract_countersigned": "signature",
    "tutors.contract_notice_given": "door-exit",
    "tutors.contract_ended": "door-exit",
    "tutors.agreement_offered": "writing-sign",
    "tutors.credential_verified": "id",
    "tutors.qualification_granted": "certificate",
    "tutors.qualification_revoked": "certificate",
    "tasks.reviewed": "message-2-star",
    "tasks.time_approved": "clock-check",
    "tasks.time_declined": "clock-exclamation",
    "tasks.batch_done": "database-import",
    "tasks.project_changed": "player-pause",
    "tasks.cannot_twice": "help-circle",
    "payments.periods_closed": "receipt",
    "payments.bank_message_imported": "building-bank",
    "payments.batch_built": "cash-banknote",
    "payments.batch_approved": "cash-banknote",
    "workforce.job_parked": "stack-2",
}


@page()
def notices(visit: Visit) -> HttpResponse:
    """The new ones, then the rest by page."""
    first_page = "cursor" not in visit.query
    new = list(notices_of(account=visit.account, unread=True).order_by("-id")[:NEW_SHOWN_MAX])
    earlier = listing(visit, notices_of(account=visit.account, unread=False))
    for notice in (*new, *earlier.rows):
        notice.icon = ICONS.get(notice.kind, "bell")
    context = {
        "new": new if first_page else [],
        "earlier": earlier,
        "upto": max((notice.pk for notice in new), default=0),
    }
    return visit.render("workforce/own/notices.html", context)


@page()
def open_notice(visit: Visit, *, id: str) -> HttpResponse:
    """Note that it was read and go where it leads."""
    notice = notice_of(account=visit.account, notice_id=key_of("N", id))
    if visit.posted:
        mark_read(account=visit.account, notice_id=notice.pk, at=visit.at)
        if notice.url and url_has_allowed_host_and_scheme(notice.url, None):
            return visit.go(notice.url)
    return visit.go("notices")


@page()
def read_all(visit: Visit) -> HttpResponse:
    """Note all shown as read; those that came meanwhile stay new."""
    if not visit.posted:
        return visit.go("notices")
    text = visit.request.POST.get("upto", "")
    upto = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    marked = mark_all_read(account=visit.account, upto=upto, at=visit.at)
    said = ngettext("%d notice marked as read.", "%d notices marked as read.", marked) % marked
    undo = (
        f"{reverse('notices-unread')}?{urlencode({'at': visit.at.isoformat()})}" if marked else ""
    )
    return visit.go("notices", say=said, undo=undo)


@page()
def unread(visit: Visit) -> HttpResponse:
    """Undo: those marked at this moment are new again."""
    if visit.posted:
        try:
            read_at = datetime.fromisoformat(visit.query.get("at", ""))
        except ValueError:
            raise Invalid(_("This undo has expired. Load the page again.")) from None
        mark_unread(account=visit.account, read_at=read_at)
        visit.say(_("They are new again."))
    return visit.go("notices")
