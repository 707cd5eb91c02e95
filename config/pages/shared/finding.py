"""Search or jump: the palette's fragment, and the same as a page of its own."""

from django.http import HttpResponse
from django.shortcuts import redirect

from config.searching import CHARS_MIN, exact, search
from workforce.doors.pages import Visit, page
from workforce.rules.roles import STAFF


@page()
def find(visit: Visit) -> HttpResponse:
    """What the words find. An id alone leads straight there."""
    text = visit.query.get("q", "")
    hit = exact(account=visit.account, text=text)
    if hit and not visit.is_htmx:
        return redirect(hit.url)
    context = {
        "q": text,
        "hit": hit,
        "groups": search(account=visit.account, text=text, places=not visit.is_htmx),
        "too_short": len(text.strip()) < CHARS_MIN,
        "may_audit": bool(hit and hit.id and visit.account.roles & STAFF),
    }
    if visit.is_htmx:
        return visit.render("workforce/own/found.html", context)
    return visit.render("workforce/own/search.html", context)
