"""A running project is steered: paused with a way back, closed, given money, told better."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from tasks.operations import steering
from tasks.pages.operations.forms import EditForm, GuideForm, TopUpForm
from tasks.pages.operations.parts import STEERING, project_of, reason_of
from tasks.pages.operations.projects import room
from tasks.queries.rooms import guides_of
from workforce.doors.pages import Visit, page, put_errors
from workforce.rules.problems import Refusal
from workforce.rules.shown import money

Move = Callable[..., Any]


@page(roles=STEERING)
def project_pause(visit: Visit, *, id: str) -> HttpResponseBase:
    held = project_of(visit, id)
    if visit.posted:
        reason = reason_of(visit)
        steering.pause(project=held, reason=reason, actor=visit.account, at=visit.at)
        back = reverse("ops-project-resume", args=[held.public_id])
        return visit.go("ops-project", held.public_id, say=_("Paused."), undo=back)
    return visit.go("ops-project", held.public_id)


@page(roles=STEERING)
def project_resume(visit: Visit, *, id: str) -> HttpResponseBase:
    held = project_of(visit, id)
    if visit.posted:
        steering.resume(project=held, actor=visit.account, at=visit.at)
        return visit.go("ops-project", held.public_id, say=_("Open again."))
    return visit.go("ops-project", held.public_id)


@page(roles=STEERING)
def project_close(visit: Visit, *, id: str) -> HttpResponseBase:
    """For good; work in hand stays workable and is paid."""
    held = project_of(visit, id)
    if visit.posted:
        reason = reason_of(visit)
        steering.close(project=held, reason=reason, actor=visit.account, at=visit.at)
        said = _("Closed. Work in hand may be finished and is paid.")
        return visit.go("ops-project", held.public_id, say=said)
    return visit.go("ops-project", held.public_id)


@page(roles=STEERING)
def project_top_up(visit: Visit, *, id: str) -> HttpResponseBase:
    """The amount is shown back once before it is added."""
    held = project_of(visit, id)
    if not visit.posted:
        return visit.go("ops-project", held.public_id)
    form = TopUpForm(visit.request.POST, currency=held.budget.currency)
    if not form.is_valid():
        return _again(visit, held, form)
    minor = form.cleaned_data["amount_minor"]
    if not visit.request.POST.get("confirmed"):
        context = {"project": held, "form": form, "amount_minor": minor, "budget": held.budget}
        context["after_minor"] = (held.budget.total_minor or 0) + minor
        return visit.render("tasks/operations/top_up.html", context)
    try:
        steering.top_up(
            project=held,
            amount_minor=minor,
            currency=held.budget.currency,
            actor=visit.account,
            at=visit.at,
        )
    except Refusal as refusal:
        put_errors(form, refusal)
        return _again(visit, held, form)
    said = _("%(amount)s added to the budget.") % {"amount": money(minor, held.budget.currency)}
    return visit.go("ops-project", held.public_id, say=said)


def _again(visit: Visit, held: Any, form: TopUpForm) -> HttpResponseBase:
    context = room(visit, held, top_up=form)
    return visit.render("tasks/operations/project.html", context, status=422)


@page(roles=STEERING)
def project_edit(visit: Visit, *, id: str) -> HttpResponseBase:
    held = project_of(visit, id)
    initial = {name: getattr(held, name) for name in steering.CHANGEABLE}
    form = EditForm(visit.request.POST if visit.posted else None, initial=initial)
    status = 200
    if visit.posted:
        try:
            if form.is_valid():
                fields = form.cleaned_data
                steering.change(
                    project=held, fields=fields, guide=None, actor=visit.account, at=visit.at
                )
                return visit.go("ops-project", held.public_id, say=_("Saved."))
        except Refusal as refusal:
            put_errors(form, refusal)
        status = 422
    context = {"project": held, "form": form}
    return visit.render("tasks/operations/project_edit.html", context, status=status)


@page(roles=STEERING)
def project_guide(visit: Visit, *, id: str) -> HttpResponseBase:
    """Publish the next version. What is the same as the newest version is not published again."""
    held = project_of(visit, id)
    guides = guides_of(project=held)
    newest = guides[0].text if guides else ""
    form = GuideForm(visit.request.POST if visit.posted else None, initial={"text": newest})
    status = 200
    if visit.posted:
        try:
            if form.is_valid():
                text = form.cleaned_data["text"].replace("\r\n", "\n")
                if text == newest:
                    return visit.go("ops-project", held.public_id, say=_("Nothing changed."))
                steering.change(
                    project=held, fields={}, guide=text, actor=visit.account, at=visit.at
                )
                said = _("Guide version %(n)d is out.") % {"n": len(guides) + 1}
                return visit.go("ops-project", held.public_id, say=said)
        except Refusal as refusal:
            put_errors(form, refusal)
        status = 422
    context = {"project": held, "form": form, "guides": guides}
    return visit.render("tasks/operations/guide.html", context, status=status)
