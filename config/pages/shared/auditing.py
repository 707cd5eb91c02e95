"""What happened to one thing."""

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from config.auditing import HEADER, cells, rows
from config.searching import exact
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.queries.events import events
from workforce.rules.happenings import is_id
from workforce.rules.problems import NotFound
from workforce.rules.roles import STAFF


@page(roles=STAFF)
def trail(visit: Visit, *, id: str) -> HttpResponseBase:
    """The events of a public id, newest first. Staff see every thing, so each trail as well."""
    if not is_id(id):
        raise NotFound(_("A public id looks like T-88412."))
    whole = events(subject=id)
    if visit.query.get("format") == "csv":
        return csv_file(f"audit-{id}", HEADER, cells(whole))
    found = listing(visit, whole)
    if not found.rows and "cursor" not in visit.query:
        raise NotFound(_("Nothing is recorded for %s.") % id)
    context = {
        "id": id,
        "listing": found,
        "rows": list(rows(found.rows)),
        "thing": exact(account=visit.account, text=id),
    }
    return visit.render("workforce/audit/trail.html", context)
