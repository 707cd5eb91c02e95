"""Organisations that people have ties to: which client each is, of which kinds, and who is tied."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tasks.pages.operations.parts import STEERING, may_steer
from tasks.pages.operations.set_funnel import client_choices
from tutors.operations.tying import (
    CannotChangeOrganisation,
    describe_organisation,
    keep_organisation,
)
from tutors.queries import background
from tutors.queries.requirements import sets_naming
from tutors.queries.vocabulary import parties
from tutors.rules.parties import TAGS_MAX, WORD_MAX
from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page, put_errors
from workforce.rules.roles import Role

if TYPE_CHECKING:
    from tutors.models import Organisation

READING = frozenset({Role.MANAGER, Role.ADMIN})
PROFILES = frozenset({Role.RECRUITER, Role.ADMIN})
SEARCH_CHARS_MAX = 80
NAME_CHARS_MAX = 200
TIES_A_PAGE = 50
KINDS_SHOWN_MAX = 20
"""Kinds in use that the form suggests."""


class Words(forms.CharField):
    """Lower-case words with commas between them."""

    def to_python(self, value: Any) -> Any:
        parts = (super().to_python(value) or "").split(",")
        return [part.strip().lower() for part in parts if part.strip()]


class OrganisationForm(forms.Form):
    name = forms.CharField(label=lazy("Name"), max_length=NAME_CHARS_MAX)
    client = forms.ChoiceField(
        label=lazy("Which client it is"), required=False,
        help_text=lazy(
            "Ties to it are then ties to that client. If the client is known under another name "
            "here, the two become one."
        ),
    )  # fmt: skip
    tags = Words(
        label=lazy("Kinds of organisation"), required=False, max_length=TAGS_MAX * (WORD_MAX + 2),
    )  # fmt: skip

    def __init__(self, *args: Any, clients: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["client"].choices = [("", _("None of our clients")), *clients]
        said = _("What rules may name, such as ai-lab or hospital; commas between them.")
        used = [party.partition(":")[2] for party, _name in parties() if party.startswith("tag:")]
        if used:
            said += " " + _("In use: %s.") % ", ".join(used[:KINDS_SHOWN_MAX])
        self.fields["tags"].help_text = said


class NewOrganisationForm(OrganisationForm):
    word = forms.CharField(
        label=lazy("Word for rules"), required=False, max_length=WORD_MAX,
        help_text=lazy("Such as harbour-hospital; made from the name if left empty."),
    )  # fmt: skip
    field_order = ("name", "word", "client", "tags")


@page(roles=READING)
def organisations(visit: Visit) -> HttpResponseBase:
    q = visit.query.get("q", "").strip()[:SEARCH_CHARS_MAX]
    rows = background.organisations_named(account=visit.account, text=q)
    if visit.query.get("format") == "csv":
        return _csv(rows)
    shown = listing(visit, rows)
    today = visit.at.date()
    ids = [row.pk for row in shown.rows]
    tied = background.tied_people(organisation_ids=ids, today=today)
    clients = dict(client_choices(visit))
    for row in shown.rows:
        row.people = tied.get(row.pk, 0)
        row.client_name = clients.get(row.client, "")
    context = {"listing": shown, "q": q, "is_narrowed": bool(q), "may_steer": may_steer(visit)}
    return visit.render("tasks/operations/organisations.html", context)


def _csv(rows: Any) -> HttpResponseBase:
    header = ("id", "word", "name", "client", "kinds", "added_at")
    lines = (
        (
            row.public_id, row.word, row.name, row.client, " ".join(row.tags),
            row.added_at.isoformat(),
        )
        for row in rows.order_by("-id").iterator(chunk_size=500)
    )  # fmt: skip
    return csv_file("organisations", header, lines)


def _held(visit: Visit, id: str) -> "Organisation":
    return background.organisation(account=visit.account, organisation_id=key_of("OG", id))


@page(roles=READING)
def organisation(visit: Visit, *, id: str) -> HttpResponseBase:
    """What it is, who is or was tied to it, and the sets in use whose rules name it."""
    held = _held(visit, id)
    shown = listing(visit, background.ties_to(organisation=held), size=TIES_A_PAGE)
    opens = bool(visit.account.roles & PROFILES)
    for tie in shown.rows:
        tie.is_over = tie.until is not None and tie.until < visit.at.date()
        tie.url = reverse("recruiting-tutor", args=[tie.tutor.public_id]) if opens else ""
    context = {
        "held": held,
        "client_name": dict(client_choices(visit)).get(held.client, ""),
        "listing": shown,
        "people": background.tied_people(organisation_ids=[held.pk], today=visit.at.date()).get(
            held.pk, 0
        ),
        "sets": sets_naming(parties={f"org:{held.word}", *(f"tag:{tag}" for tag in held.tags)}),
        "may_steer": may_steer(visit),
    }
    return visit.render("tasks/operations/organisation.html", context)


@page(roles=STEERING)
def organisation_add(visit: Visit) -> HttpResponseBase:
    form = NewOrganisationForm(visit.request.POST or None, clients=client_choices(visit))
    if visit.posted and form.is_valid():
        try:
            kept = keep_organisation(**form.cleaned_data, actor=visit.account, at=visit.at)
        except CannotChangeOrganisation as refusal:
            put_errors(form, refusal)
        else:
            return visit.go("ops-organisation", kept.public_id, say=_("%s is kept.") % kept.name)
    return _form(visit, form, title=_("New organisation"), back=reverse("ops-organisations"))


@page(roles=STEERING)
def organisation_edit(visit: Visit, *, id: str) -> HttpResponseBase:
    held = _held(visit, id)
    clients = client_choices(visit)
    if held.client and held.client not in dict(clients):
        clients.append((held.client, held.client))
    initial = {"name": held.name, "client": held.client, "tags": ", ".join(held.tags)}
    form = OrganisationForm(visit.request.POST or None, clients=clients, initial=initial)
    if visit.posted and form.is_valid():
        try:
            kept = describe_organisation(
                organisation=held, **form.cleaned_data, actor=visit.account, at=visit.at
            )
        except CannotChangeOrganisation as refusal:
            put_errors(form, refusal)
        else:
            said = _("%s is kept. Everybody tied to it is looked at again.") % kept.name
            return visit.go("ops-organisation", kept.public_id, say=said)
    back = reverse("ops-organisation", args=[held.public_id])
    return _form(visit, form, title=held.name, back=back)


def _form(visit: Visit, form: OrganisationForm, *, title: str, back: str) -> HttpResponseBase:
    context = {"form": form, "title": title, "back": back}
    status = 422 if form.errors else 200
    return visit.render("tasks/operations/organisation_form.html", context, status=status)
