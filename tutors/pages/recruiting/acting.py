"""One act on a page or in a dialog: the form, the refusal beside its field, the way back.

Each act has an address of its own, so it works as a plain page. Where htmx asks, the same form
comes without the page around it and the profile shows it in its dialog.
"""

from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse

from workforce.doors.pages import Visit
from workforce.rules.roles import Role

RECRUITING = frozenset({Role.RECRUITER, Role.ADMIN})
ACTING = frozenset({Role.RECRUITER})


@dataclass(frozen=True, kw_only=True)
class Act:
    """How a form is introduced. `back` is where Cancel leads; `kind` is the button's class."""

    title: Any
    button: Any
    back: str
    lead: Any = ""
    note: Any = ""
    kind: str = "primary"
    body: str = "tutors/recruiting/acts/plain.html"
    crumb: tuple[str, str] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def show(visit: Visit, form: BaseForm, act: Act) -> HttpResponse:
    """The form as a page of its own or as the inside of a dialog; 422 when it holds faults."""
    whole = "tutors/recruiting/act.html"
    template = "tutors/recruiting/acts/dialog.html" if visit.is_htmx else whole
    context = {"form": form, "act": act, **act.more}
    return visit.render(template, context, status=422 if form.errors else 200)
