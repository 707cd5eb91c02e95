"""The audit log: every event, narrowed by kind, actor and thing, and the state of its chain."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from config.auditing import HEADER, actor_of, cells, kinds, rows
from config.portals import OPERATING
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.doors.views import saved_views
from workforce.queries.chain import chain_state
from workforce.queries.events import events


def _choices() -> list[tuple[str, Any]]:
    return [("", _("Anything")), *kinds()]


class AuditFilter(forms.Form):
    kind = forms.ChoiceField(label=_("What happened"), required=False, choices=_choices)
    actor = forms.CharField(
        label=_("By whom"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"placeholder": _("E-mail or A-12"), "data-filter": ""}),
    )
    subject = forms.CharField(
        label=_("To what"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"placeholder": "T-88412"}),
    )


@page(roles=OPERATING)
def audit(visit: Visit) -> HttpResponseBase:
    """The list, its CSV, and whether the chain holds."""
    form = AuditFilter(visit.query)
    said = form.cleaned_data if form.is_valid() else {}
    found = events(
        kind=said.get("kind") or None,
        subject=said.get("subject", "").strip().upper() or None,
        actor=actor_of(said.get("actor", "")),
    )
    if visit.query.get("format") == "csv":
        return csv_file("audit", HEADER, cells(found))
    shown = listing(visit, found)
    context = {
        "form": form,
        "listing": shown,
        "rows": list(rows(shown.rows)),
        "chain": chain_state(at=visit.at),
        "is_filtered": any(said.values()),
        "views": saved_views(visit, page="ops-audit"),
    }
    return visit.render("workforce/audit/log.html", context, status=200)
