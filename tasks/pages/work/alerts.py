"""The bell of a queue: tell me when it opens, or not any more."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tasks.operations.alerting import AlertOver, QueueIsOpen, TooManyAlerts, ask, end
from tasks.rules.limits import ALERT_DAYS
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.roles import Role

HANDS = frozenset({Role.TUTOR, Role.REVIEWER})


@page(roles=HANDS)
def ask_alert(visit: Visit, *, id: str) -> HttpResponse:
    """Wait for the queue behind a pool to open."""
    pool_id = key_of("PL", id)
    if not visit.posted:
        return visit.go("work-home")
    try:
        ask(account=visit.account, pool_id=pool_id, at=visit.at)
    except (QueueIsOpen, TooManyAlerts) as refusal:
        visit.say(refusal.detail, bad=True)
        return _back(visit)
    return _back(
        visit, _("You are told once when it opens, within %(n)d days.") % {"n": ALERT_DAYS}
    )


@page(roles=HANDS)
def end_alert(visit: Visit, *, id: str) -> HttpResponse:
    """Do not tell me any more."""
    alert_id = key_of("QA", id)
    if not visit.posted:
        return visit.go("work-home")
    try:
        end(account=visit.account, alert_id=alert_id, at=visit.at)
    except AlertOver as refusal:
        visit.say(refusal.detail, bad=True)
        return _back(visit)
    return _back(visit, _("You are not told about it any more."))


def _back(visit: Visit, say: str = "") -> HttpResponse:
    """To the page of the queue where she pressed it there, else home."""
    pool = visit.request.POST.get("from", "")
    try:
        return visit.go("work-browse", f"PL-{internal_id('PL', pool)}", say=say)
    except NotAnId:
        return visit.go("work-home", say=say)
