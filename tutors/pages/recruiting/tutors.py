"""Everybody: search, filters in the address, fifty a page, and a CSV of exactly those rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutors.pages.recruiting.acting import ACTING, RECRUITING
from tutors.pages.recruiting.forms import grouped
from tutors.pages.recruiting.words import LEVELS, STEPS
from tutors.queries import people
from tutors.queries.next_steps import steps_for, steps_of
from tutors.queries.profiles import narrowed, with_work
from tutors.rules.next_steps import NextStep, Step, Turn
from workforce.doors.listing import ROWS_A_PAGE, csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.doors.views import saved_views
from workforce.doors.widgets import offer_choices
from workforce.queries.terms import all_domains
from workforce.rules.ids import NotAnId, internal_id

ANY = ("", gettext_lazy("Any"))
TURNS = [
    (Turn.RECRUITER.value, gettext_lazy("Our turn")),
    (Turn.TUTOR.value, gettext_lazy("Tutor's turn")),
    (Turn.NOBODY.value, gettext_lazy("Nothing open")),
]
CONTRACTS = [
    ("none", gettext_lazy("None")),
    ("offered", gettext_lazy("Offered")),
    ("signed", gettext_lazy("Signed by tutor")),
    ("active", gettext_lazy("In force")),
    ("notice", gettext_lazy("Notice")),
    ("ended", gettext_lazy("Ended")),
]
PRESENCES = [
    ("taking_work", gettext_lazy("Taking work")),
    ("paused", gettext_lazy("Not taking work")),
]
ORDERS = {"new": "-added_at", "old": "added_at", "name": "name_low", "name-down": "-name_low"}
"""`name_low` is of `by_name`: one order for all letters, whatever the database collates."""
CSV_CHUNK = 500


class FilterForm(forms.Form):
    """What narrows the list. Values that are none of ours narrow nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name or e-mail"), required=False, max_length=people.SEARCH_CHARS_MAX,
        widget=forms.TextInput(attrs={"type": "search", "data-filter": ""}),
    )  # fmt: skip
    turn = forms.ChoiceField(label=gettext_lazy("Turn"), required=False, choices=[ANY, *TURNS])
    step = forms.ChoiceField(
        label=gettext_lazy("Next step"), required=False,
        choices=[ANY, *((step.value, words.name) for step, words in STEPS.items())],
    )  # fmt: skip
    domain = forms.ChoiceField(label=gettext_lazy("Qualified in"), required=False)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level from"), required=False, coerce=int, empty_value=None,
        choices=[ANY, *((n, f"{n}, {name}") for n, name in LEVELS.items())],
    )  # fmt: skip
    country = forms.CharField(label=gettext_lazy("Country"), required=False, max_length=2)
    language = forms.CharField(label=gettext_lazy("Speaks"), required=False, max_length=16)
    presence = forms.ChoiceField(
        label=gettext_lazy("Presence"), required=False, choices=[ANY, *PRESENCES]
    )
    contract = forms.ChoiceField(
        label=gettext_lazy("Contract"), required=False, choices=[ANY, *CONTRACTS]
    )

    imported = forms.CharField(
        label=gettext_lazy("From import"), required=False, max_length=24,
        widget=forms.TextInput(attrs={"placeholder": "TI-3"}),
    )  # fmt: skip

    def clean_imported(self) -> int | None:
        try:
            text = self.cleaned_data["imported"]
            return internal_id("TI", text.upper()) if text else None
        except NotAnId:
            raise forms.ValidationError(_("Such as TI-3.")) from None

    def __init__(self, data: Any, *, domains: list[Any]) -> None:
        super().__init__(data, auto_id="f_%s")
        offer_choices(self, "domain", [ANY, *grouped(domains)])


@dataclass
class Wanted:
    """The filters that count, and what is left of the address without them."""

    values: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return len(self.values)


@page(roles=RECRUITING)
def tutors(visit: Visit) -> HttpResponseBase:
    form = FilterForm(visit.query, domains=list(all_domains()))
    form.is_valid()
    wanted = Wanted({k: v for k, v in form.cleaned_data.items() if v})
    sort = _sort(visit)
    rows = people.by_name(rows=_rows(visit, wanted))
    if visit.query.get("format") == "csv":
        return _csv(visit, rows, order=ORDERS[sort])
    found = listing(visit, with_work(rows=rows), order=ORDERS[sort], size=ROWS_A_PAGE)
    steps = steps_of(tutor_ids=[tutor.pk for tutor in found.rows], at=visit.at)
    context = {
        "form": form,
        "wanted": wanted,
        "listing": found,
        "lines": [_line(visit, tutor, steps[tutor.pk]) for tutor in found.rows],
        "sort": sort,
        "turns": TURNS,
        "turn": wanted.values.get("turn", ""),
        "acts": bool(visit.account.roles & ACTING),
        "query": _address(visit),
        "views": saved_views(visit, page="recruiting-tutors"),
    }
    return visit.render("tutors/recruiting/tutors.html", context)


def _sort(visit: Visit) -> str:
    sort = visit.query.get("sort", "")
    return sort if sort in ORDERS else "new"


def _rows(visit: Visit, wanted: Wanted) -> Any:
    asked = wanted.values
    names = ("domain", "level", "language", "q")
    rows = people.found(
        rows=people.tutors_visible_to(account=visit.account),
        country=asked.get("country", "").upper() or None,
        **{name: asked.get(name) for name in names},
    )
    return narrowed(
        rows=rows,
        presence=asked.get("presence", ""),
        contract=asked.get("contract", ""),
        imported=asked.get("imported"),
        among=_among(visit, asked),
        at=visit.at,
    )


def _among(visit: Visit, asked: dict[str, Any]) -> list[int] | None:
    """The tutors at the wanted step, or with the wanted turn; None: everybody."""
    wanted = set(Step)
    if turn := asked.get("turn"):
        wanted &= set(steps_for(Turn(turn)))
    if step := asked.get("step"):
        wanted &= {Step(step)}
    if wanted == set(Step):
        return None
    found = steps_of(tutor_ids=None, at=visit.at)
    return [tutor_id for tutor_id, step in found.items() if step.step in wanted]


def _address(visit: Visit) -> str:
    """The filters as they stand in the address, without the page."""
    query = visit.query.copy()
    for name in ("cursor", "format", "sort"):
        query.pop(name, None)
    for name in [name for name, value in query.items() if not value]:
        query.pop(name)
    return query.urlencode()


@dataclass(frozen=True)
class Line:
    tutor: Any
    step: NextStep
    words: Any
    held: list[Any]
    contract: Any
    working: bool


def _line(visit: Visit, tutor: Any, step: NextStep) -> Line:
    until = tutor.presence_until
    return Line(
        tutor=tutor, step=step, words=STEPS[step.step],
        held=list(tutor.qualifications.all()),
        contract=next(iter(tutor.contracts.all()), None),
        working=tutor.presence == "taking_work" and until is not None and until > visit.at,
    )  # fmt: skip


def _csv(visit: Visit, rows: Any, *, order: str) -> HttpResponseBase:
    header = [
        _("Tutor"), _("Name"), _("E-mail"), _("Country"), _("Languages"), _("Qualified in"),
        _("Contract"), _("Taking work"), _("Next step"), _("Turn"), _("Since"), _("Added"),
    ]  # fmt: skip
    steps = steps_of(tutor_ids=None, at=visit.at)
    ordered = with_work(rows=rows).order_by(order, "-id" if order.startswith("-") else "id")
    return csv_file("tutors", header, _csv_rows(visit, ordered, steps))


def _csv_rows(visit: Visit, rows: Any, steps: dict[int, NextStep]) -> Iterator[list[Any]]:
    for tutor in rows.iterator(CSV_CHUNK):
        step = steps.get(tutor.pk) or steps_of(tutor_ids=[tutor.pk], at=visit.at)[tutor.pk]
        line = _line(visit, tutor, step)
        yield [
            tutor.public_id, tutor.account.name, tutor.account.email, tutor.country,
            " ".join(f"{spoken.tag} {spoken.level}" for spoken in tutor.languages.all()),
            " ".join(f"{held.domain.slug} {held.level}" for held in line.held),
            line.contract.state if line.contract else "", "yes" if line.working else "no",
            line.words.name, step.turn.value, step.since.isoformat(), tutor.added_at.isoformat(),
        ]  # fmt: skip
