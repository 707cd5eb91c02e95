"""Where one is signed in, and the end of it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.doors.pages import Visit, page
from workforce.operations.securing import end_sessions
from workforce.queries.accounts import sessions_of
from workforce.rules.problems import NotFound


def _own_key(visit: Visit) -> str:
    return visit.request.session.session_key or ""


@page()
def sessions(visit: Visit) -> HttpResponse:
    found = sessions_of(account=visit.account, at=visit.at)
    own = _own_key(visit)
    rows = [
        {**vars(each), "is_current": each.key == own}
        for each in sorted(found, key=lambda each: each.key != own)
    ]
    context = {"sessions": rows, "others": sum(not row["is_current"] for row in rows)}
    return visit.render("workforce/own/sessions.html", context)


@page()
def end_session(visit: Visit, *, id: int) -> HttpResponse:
    """End one of one's own; anybody else's is not there."""
    if id not in {each.id for each in sessions_of(account=visit.account, at=visit.at)}:
        raise NotFound
    if visit.posted:
        end_sessions(account=visit.account, only=[id], but=_own_key(visit), at=visit.at)
        return visit.go("settings-sessions", say=_("That session has ended."))
    return visit.go("settings-sessions")


@page()
def end_other_sessions(visit: Visit) -> HttpResponse:
    if not visit.posted:
        return visit.go("settings-sessions")
    ended = end_sessions(account=visit.account, but=_own_key(visit), at=visit.at)
    said = ngettext("%d session has ended.", "%d sessions have ended.", ended) % ended
    return visit.go("settings-sessions", say=said)
