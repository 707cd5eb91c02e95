"""The forms of projects: text and numbers as people think of them, checked before any act."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tasks.rules import clocks
from tasks.rules.amounts import CURRENCIES, NotAnAmount, minor_units
from tasks.rules.asking import Wanted, document, places
from tasks.rules.gold import GOLD_PERCENT_MAX, PASS_PERCENT_DEFAULT
from tasks.rules.limits import (
    GUIDE_CHARS_MAX,
    NAME_CHARS_MAX,
    OVERLAP_MAX,
    QUOTE_TASKS_MAX,
    REASON_CHARS_MAX,
)
from tasks.rules.projects import SLA_MINUTES_MAX, Plan
from tasks.rules.ranking import PRIORITY_DEFAULT, PRIORITY_MAX
from tasks.rules.states import Dispatch, ReviewPolicy
from tasks.types import all_types
from tutors.rules.languages import Level, is_tag
from tutors.rules.places import is_pattern
from tutors.rules.states import LEVELS

if TYPE_CHECKING:
    from tutors.models import NamedSet

NEW_CLIENT = "new"
MINUTE = 60
TASKS_USUAL = 500
LEVEL_NAMES = ("qualified", "experienced", "senior", "principal")
Choices = Iterable[tuple[str, Any]]


def count_field(label: Any, *, most: int, initial: int, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, initial=initial)


class GoldForm(forms.Form):
    """How many known answers are mixed in, and how far an answer must agree with one."""

    gold_percent = forms.IntegerField(
        label=lazy("Known answers, percent"),
        help_text=lazy("Mixed in. Hand known answers in with the other tasks, as “gold”."),
        min_value=0,
        max_value=GOLD_PERCENT_MAX,
        required=False,
        initial=0,
    )
    gold_pass_percent = forms.IntegerField(
        label=lazy("Good from, percent"),
        help_text=lazy("An answer that agrees so far with a known one counts as good."),
        min_value=1,
        max_value=100,
        required=False,
        initial=PASS_PERCENT_DEFAULT,
    )

    def clean_gold_percent(self) -> int:
        return self.cleaned_data["gold_percent"] or 0

    def clean_gold_pass_percent(self) -> int:
        return self.cleaned_data["gold_pass_percent"] or PASS_PERCENT_DEFAULT


class TasksForm(forms.Form):
    """How much of it there is: all that a project's own form does not say."""

    quote_tasks = count_field(lazy("Tasks"), most=QUOTE_TASKS_MAX, initial=TASKS_USUAL)


class ProjectForm(GoldForm):
    """A project to be made. `plan()` after `is_valid()`."""

    client = forms.ChoiceField(label=lazy("Client"))
    new_client = forms.CharField(
        label=lazy("Name of the new client"), max_length=NAME_CHARS_MAX, required=False
    )
    name = forms.CharField(label=lazy("Project name"), max_length=NAME_CHARS_MAX)
    task_type = forms.ChoiceField(label=lazy("Task type"))
    domain = forms.ChoiceField(label=lazy("Speciality"))
    guide = forms.CharField(
        label=lazy("Guide"),
        help_text=lazy("Markdown. Answers name the version of the guide they were written under."),
        max_length=GUIDE_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "true"}),
    )
    requirement_set = forms.ChoiceField(
        label=lazy("Requirement set"),
        help_text=lazy("One of those kept by name, or the few rules below."),
        required=False,
    )
    level = forms.TypedChoiceField(
        label=lazy("Qualification level"),
        help_text=lazy("In the speciality above, or in a field below it."),
        coerce=int,
        choices=[("0", lazy("Not asked for"))]
        + [(str(n), f"{n}, {LEVEL_NAMES[n - 1]}") for n in LEVELS],
        initial="1",
    )
    language = forms.CharField(
        label=lazy("Language"),
        help_text=lazy("A tag such as en or pt-BR; empty for any."),
        max_length=16,
        required=False,
    )
    language_level = forms.ChoiceField(
        label=lazy("Language level"), choices=[(v.value, v.value) for v in Level], initial="C1"
    )
    places_in = forms.CharField(
        label=lazy("Lives in"),
        help_text=lazy("Country codes such as GB, US-NY or US-*; empty for anywhere."),
        max_length=400,
        required=False,
    )
    places_out = forms.CharField(label=lazy("Does not live in"), max_length=400, required=False)
    nda = forms.BooleanField(
        label=lazy("Has signed this client’s confidentiality agreement"), required=False
    )
    overlap = forms.IntegerField(
        label=lazy("Answers per task"),
        help_text=lazy("By different people."),
        min_value=1,
        max_value=OVERLAP_MAX,
        initial=1,
    )
    review_percent = forms.IntegerField(
        label=lazy("Answers reviewed, percent"),
        help_text=lazy("100: each one. 0: answers are accepted as they come."),
        min_value=0,
        max_value=100,
        initial=100,
    )
    priority = forms.IntegerField(
        label=lazy("Priority"),
        help_text=lazy("0 to 100; 50 is usual."),
        min_value=0,
        max_value=PRIORITY_MAX,
        initial=PRIORITY_DEFAULT,
    )
    dispatch = forms.ChoiceField(
        label=lazy("How work reaches people"),
        choices=[
            (Dispatch.BOTH.value, lazy("Offers and the queue")),
            (Dispatch.PUSH.value, lazy("Offers only")),
            (Dispatch.PULL.value, lazy("The queue only")),
        ],
    )
    expected_minutes = forms.IntegerField(
        label=lazy("Expected minutes per answer"),
        min_value=1,
        max_value=clocks.EXPECTED_SECONDS_MAX // MINUTE,
        initial=clocks.EXPECTED_SECONDS_DEFAULT // MINUTE,
    )
    paid_cap_minutes = forms.IntegerField(
        label=lazy("Paid at most, minutes"),
        help_text=lazy("Beyond this somebody asks. Empty: twice what is expected."),
        min_value=1,
        max_value=clocks.PAID_CAP_SECONDS_MAX // MINUTE,
        required=False,
    )
    lease_minutes = forms.IntegerField(
        label=lazy("Lease, minutes"),
        help_text=lazy("How long a task stays with somebody whose browser is silent."),
        min_value=clocks.LEASE_SECONDS_MIN // MINUTE,
        max_value=clocks.LEASE_SECONDS_MAX // MINUTE,
        initial=clocks.LEASE_SECONDS_DEFAULT // MINUTE,
    )
    sla_minutes = forms.IntegerField(
        label=lazy("SLA, minutes"),
        help_text=lazy("The longest a task should wait. Empty: nothing is promised."),
        min_value=1,
        max_value=SLA_MINUTES_MAX,
        required=False,
    )
    budget = forms.CharField(
        label=lazy("Budget"),
        help_text=lazy("As 12,500.00. Empty: no limit."),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(label=lazy("Currency"), choices=[(c, c) for c in CURRENCIES])

    def __init__(
        self,
        *args: Any,
        clients: Choices,
        domains: Choices,
        sets: Sequence["NamedSet"] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sets = {each.public_id: each for each in sets}
        found: Any = self.fields
        found["requirement_set"].choices = [
            ("", _("The few rules below")),
            *((name, each.name) for name, each in self.sets.items()),
        ]
        found["client"].choices = [*clients, (NEW_CLIENT, _("A new client…"))]
        found["domain"].choices = [("", _("Choose a speciality")), *domains]
        found["task_type"].choices = [(t.slug, t.title) for t in all_types()]

    def clean_language(self) -> str:
        return _checked_language(self.cleaned_data["language"])

    def clean_places_in(self) -> tuple[str, ...]:
        return _checked_places(self.cleaned_data["places_in"])

    def clean_places_out(self) -> tuple[str, ...]:
        return _checked_places(self.cleaned_data["places_out"])

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if data.get("client") == NEW_CLIENT and not data.get("new_client", "").strip():
            self.add_error("new_client", _("Give the new client a name."))
        expected, cap = data.get("expected_minutes"), data.get("paid_cap_minutes")
        if expected and cap and cap < expected:
            self.add_error("paid_cap_minutes", _("Not less than the expected minutes."))
        data["budget_minor"] = _money(self, data)
        return data

    def requirements(self) -> dict[str, Any]:
        """The named set that was chosen, or the one that the fields ask for."""
        named = self.named_set
        return named.document if named else document(wanted_of(self.cleaned_data))

    @property
    def named_set(self) -> "NamedSet | None":
        return self.sets.get(self.cleaned_data.get("requirement_set", ""))

    def plan(self) -> Plan:
        data = self.cleaned_data
        percent = data["review_percent"]
        policy = {0: ReviewPolicy.NONE, 100: ReviewPolicy.ALL}.get(percent, ReviewPolicy.SAMPLE)
        cap = data["paid_cap_minutes"]
        return Plan(
            name=data["name"],
            domain=data["domain"],
            task_type=data["task_type"],
            guide=data["guide"],
            requirements=self.requirements(),
            named_set=self.named_set.pk if self.named_set else None,
            overlap=data["overlap"],
            gold_percent=data["gold_percent"],
            gold_pass_percent=data["gold_pass_percent"],
            review_policy=policy,
            review_percent=percent,
            priority=data["priority"],
            dispatch=Dispatch(data["dispatch"]),
            expected_seconds=data["expected_minutes"] * MINUTE,
            paid_cap_seconds=cap * MINUTE if cap else None,
            lease_seconds=data["lease_minutes"] * MINUTE,
            sla_minutes=data["sla_minutes"],
            budget_minor=data["budget_minor"],
            currency=data["currency"],
        )


def wanted_of(data: dict[str, Any]) -> Wanted:
    """Who may do the work, from a form's cleaned fields; what is missing is not asked for."""
    language, level = data.get("language", ""), data.get("level") or 0
    return Wanted(
        name=str(data.get("name") or _("Who may do this")),
        speciality=str(data.get("domain") or "") if level else "",
        level=max(1, level),
        language=language,
        language_level=data.get("language_level", "") if language else "",
        places_in=data.get("places_in") or (),
        places_out=data.get("places_out") or (),
        nda=bool(data.get("nda")),
    )


def _checked_language(text: str) -> str:
    tag = text.strip()
    if tag and not is_tag(tag):
        raise forms.ValidationError(_("Use a language tag such as en or pt-BR."))
    return tag


def _checked_places(text: str) -> tuple[str, ...]:
    found = places(text)
    wrong = [place for place in found if not is_pattern(place)]
    if wrong:
        message = _("%(code)s is not a place. Use codes such as GB, US-NY or US-*.")
        raise forms.ValidationError(message % {"code": wrong[0][:20]})
    return found


def _money(form: forms.Form, data: dict[str, Any], field: str = "budget") -> int | None:
    text = data.get(field, "")
    if not text or "currency" not in data:
        return None
    try:
        return minor_units(text, currency=data["currency"])
    except NotAnAmount as problem:
        form.add_error(field, str(problem))
        return None


class EditForm(GoldForm):
    """What may change while a project runs; the priority counts for tasks to come."""

    field_order = ("name", "priority", "gold_percent", "gold_pass_percent")

    name = forms.CharField(label=lazy("Project name"), max_length=NAME_CHARS_MAX)
    priority = forms.IntegerField(
        label=lazy("Priority"),
        help_text=lazy("0 to 100, for tasks to come. Tasks that wait keep theirs."),
        min_value=0,
        max_value=PRIORITY_MAX,
    )


class GuideForm(forms.Form):
    text = forms.CharField(
        label=lazy("Guide"),
        help_text=lazy("Markdown. Work in hand keeps the version it began with."),
        max_length=GUIDE_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "true"}),
        strip=False,
    )


class TopUpForm(forms.Form):
    """Money for a budget in its own currency; `cleaned_data["amount_minor"]`."""

    amount = forms.CharField(
        label=lazy("Amount to add"),
        help_text=lazy("As 2,500.00."),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].label = _("Amount to add, %(code)s") % {"code": currency}

    def clean(self) -> dict[str, Any]:
        data = {**(super().clean() or {}), "currency": self.currency}
        minor = _money(self, data, "amount")
        if minor == 0:
            self.add_error("amount", _("More than nothing."))
        return {**data, "amount_minor": minor}


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=lazy("Reason"), max_length=REASON_CHARS_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
