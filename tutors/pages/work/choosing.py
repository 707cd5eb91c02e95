"""What I agree to see, and the ties I declare: mine to say, on the page of my qualifications."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tutors.operations.consenting import choose_content
from tutors.operations.tying import Bond, CannotTie, declare_tie
from tutors.queries import people
from tutors.rules.states import SensitiveContent
from workforce.doors.pages import Visit, page, put_errors
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

TEXT_MAX = 200
WORKING = frozenset({Role.TUTOR, Role.REVIEWER})


def _day(**options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, required=False, **options)


class ContentForm(forms.Form):
    content = forms.MultipleChoiceField(
        required=False, choices=[(each.value, each.value) for each in SensitiveContent]
    )


class OwnTieForm(forms.Form):
    name = forms.CharField(label=lazy("Organisation"), max_length=TEXT_MAX)
    relation = forms.CharField(
        label=lazy("What is the tie?"), max_length=TEXT_MAX,
        help_text=lazy("A post, a contract, a share, a relative who works there."),
    )  # fmt: skip
    since = _day(label=lazy("Since"))
    until = _day(label=lazy("Until"), help_text=lazy("Left empty, it lasts."))


def _own(visit: Visit) -> Any:
    tutor = people.tutor_of(account=visit.account)
    if tutor is None:
        raise NotFound(_("This account has no tutor profile. A recruiter makes one."))
    return tutor


@page(roles=WORKING)
def content(visit: Visit) -> HttpResponse:
    """Keep exactly the boxes that are ticked; the page shows the form, this takes it."""
    tutor = _own(visit)
    if not visit.posted:
        return visit.go("work-qualifications")
    form = ContentForm(visit.request.POST)
    if not form.is_valid():
        visit.say(_("Nothing was changed. Tick the kinds on the page and save again."), bad=True)
        return visit.go("work-qualifications")
    chosen = [SensitiveContent(word) for word in form.cleaned_data["content"]]
    choose_content(tutor=tutor, content=chosen, actor=visit.account, at=visit.at)
    said = _("Kept. You are offered such work only where you ticked the box.")
    return visit.go("work-qualifications", say=said)


@page(roles=WORKING)
def tie(visit: Visit) -> HttpResponse:
    """Declare a tie of my own; it counts at once, and only a recruiter ends it."""
    tutor = _own(visit)
    form = OwnTieForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        bond = Bond(**form.cleaned_data)
        try:
            declare_tie(tutor=tutor, bond=bond, actor=visit.account, at=visit.at)
        except CannotTie as refusal:
            put_errors(form, refusal)
        else:
            said = _("The tie to %s is noted. Thank you for saying so.") % bond.name
            return visit.go("work-qualifications", say=said)
    status = 422 if form.errors else 200
    return visit.render("tutors/work/tie.html", {"form": form}, status=status)
