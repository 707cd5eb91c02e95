"""Saved views: kept, shared, taken away and brought back, from any list."""

from django import forms
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.operations.viewing import remove_view, restore_view, save_view, share_view
from workforce.queries.views import view_of
from workforce.rules.problems import Invalid, NotFound


class ViewForm(forms.Form):
    page = forms.SlugField(max_length=64)
    name = forms.CharField(max_length=60)
    query = forms.CharField(max_length=2_000, required=False)
    shared = forms.BooleanField(required=False)


def _address(name: str, query: str) -> str:
    try:
        root = reverse(name)
    except NoReverseMatch:
        raise NotFound(_("There is no such list.")) from None
    return f"{root}?{query}" if query else root


@page()
def save(visit: Visit) -> HttpResponse:
    """Keep the filters of a list under a name."""
    if not visit.posted:
        return visit.go("home")
    form = ViewForm(visit.request.POST)
    if not form.is_valid():
        raise Invalid(_("A view needs a name of 60 characters or fewer."))
    said = form.cleaned_data
    _address(said["page"], "")
    view = save_view(
        account=visit.account,
        page=said["page"],
        name=said["name"],
        query=said["query"],
        shared=said["shared"],
        at=visit.at,
    )
    return visit.go(_address(view.page, view.query), say=_("View “%s” is kept.") % view.name)


@page()
def share(visit: Visit, *, id: str) -> HttpResponse:
    """Show it to everybody who opens the list, or to oneself again."""
    view = view_of(account=visit.account, view_id=key_of("SV", id))
    if visit.posted:
        view = share_view(account=visit.account, view_id=view.pk, shared=not view.is_shared)
        said = _("“%s” is shared.") if view.is_shared else _("“%s” is yours alone.")
        visit.say(said % view.name)
    return visit.go(_address(view.page, view.query))


@page()
def remove(visit: Visit, *, id: str) -> HttpResponse:
    view = view_of(account=visit.account, view_id=key_of("SV", id))
    if not visit.posted:
        return visit.go(_address(view.page, view.query))
    remove_view(account=visit.account, view_id=view.pk, at=visit.at)
    undo = reverse("view-restore", args=[view.public_id])
    return visit.go(_address(view.page, ""), say=_("View “%s” is gone.") % view.name, undo=undo)


@page()
def restore(visit: Visit, *, id: str) -> HttpResponse:
    """Undo a removal."""
    view = view_of(account=visit.account, view_id=key_of("SV", id))
    if visit.posted:
        restore_view(account=visit.account, view_id=view.pk)
        visit.say(_("View “%s” is back.") % view.name)
    return visit.go(_address(view.page, view.query))
