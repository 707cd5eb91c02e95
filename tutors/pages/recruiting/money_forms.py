"""Forms about money: amounts are text in, minor units out, and are shown back before they count."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tutors.operations.contracting import Amendment, Offered
from tutors.pages.recruiting.forms import day, zones
from tutors.pages.recruiting.words import AGREEMENTS
from tutors.rules.amounts import minor_units, seconds_of
from tutors.rules.contracts import NOTICE_DAYS, NOTICE_DAYS_MAX
from workforce.doors.widgets import LongSelect, offer_choices

HOURS = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
CURRENCIES = ["USD", "EUR", "GBP"]


def _amount(text: str, *, currency: str) -> int | None:
    if not text.strip():
        return None
    try:
        return minor_units(text, currency=currency)
    except ValueError as fault:
        raise forms.ValidationError(str(fault)) from None


def _hours(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return seconds_of(text)
    except ValueError as fault:
        raise forms.ValidationError(str(fault)) from None


class OfferForm(forms.Form):
    """A contract's first conditions. Without a rate, the rate card pays."""

    rate = forms.CharField(
        label=_("Agreed rate an hour"), max_length=20, required=False, widget=HOURS,
        help_text=_("Such as 66.50. Left empty, the rate card pays for each field and level."),
    )  # fmt: skip
    speciality = forms.ChoiceField(
        label=_("The rate is for"), required=False,
        help_text=_("A rate for all fields must fit the range of each."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES])
    cap_hours = forms.CharField(
        label=_("Hours a week at most"), max_length=6, required=False, widget=HOURS,
        help_text=_("Left empty, there is no cap."),
    )  # fmt: skip
    starts_on = day(label=_("First day"))
    ends_on = day(label=_("Last day"), required=False, help_text=_("Left empty, it is open."))
    zone = forms.ChoiceField(
        label=_("Time zone of its days and weeks"),
        choices=zones,
        required=False,
        widget=LongSelect,
    )
    notice_days = forms.IntegerField(
        label=_("Days of notice"), min_value=0, max_value=NOTICE_DAYS_MAX, initial=NOTICE_DAYS
    )

    def __init__(self, *args: Any, held: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "speciality", [("", _("All fields")), *held])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        try:
            found["rate"] = _amount(found.get("rate", ""), currency=found.get("currency", "USD"))
        except forms.ValidationError as fault:
            self.add_error("rate", fault)
        return found

    def clean_cap_hours(self) -> int | None:
        return _hours(self.cleaned_data["cap_hours"])

    def offered(self) -> Offered:
        said = self.cleaned_data
        return Offered(
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            currency=said["currency"],
            zone=said["zone"] or None,
            rate_minor_hourly=said["rate"],
            speciality=said["speciality"],
            cap_seconds_week=said["cap_hours"],
            notice_days=said["notice_days"],
        )


class AmendForm(forms.Form):
    """What changes in a contract in force; an empty field leaves it as it is."""

    rate = forms.CharField(
        label=_("New rate an hour"), max_length=20, required=False, widget=HOURS,
        help_text=_("Left empty, the rate stays. A lower one counts only after notice."),
    )  # fmt: skip
    speciality = forms.ChoiceField(label=_("The rate is for"), required=False)
    cap_hours = forms.CharField(
        label=_("Hours a week at most"), max_length=6, required=False, widget=HOURS,
        help_text=_("Left empty, the cap stays."),
    )  # fmt: skip
    notice_days = forms.IntegerField(
        label=_("Days of notice"), min_value=0, max_value=NOTICE_DAYS_MAX, required=False,
        help_text=_("Left empty, it stays."),
    )  # fmt: skip
    effective_on = day(
        label=_("Counts from"), required=False, help_text=_("Left empty, once both have signed.")
    )

    def __init__(
        self, *args: Any, held: Sequence[tuple[str, str]], currency: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.currency = currency
        offer_choices(self, "speciality", [("", _("All fields")), *held])

    def clean_rate(self) -> int | None:
        return _amount(self.cleaned_data["rate"], currency=self.currency)

    def clean_cap_hours(self) -> int | None:
        return _hours(self.cleaned_data["cap_hours"])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        changes = ("rate", "cap_hours", "notice_days")
        if not self.errors and all(found.get(name) is None for name in changes):
            raise forms.ValidationError(_("Change the rate, the cap or the notice."))
        return found

    def amendment(self) -> Amendment:
        said = self.cleaned_data
        effective_on: date | None = said["effective_on"]
        return Amendment(
            effective_on=effective_on,
            rate_minor_hourly=said["rate"],
            speciality=said["speciality"],
            cap_seconds_week=said["cap_hours"],
            notice_days=said["notice_days"],
        )


class AgreementForm(forms.Form):
    kind = forms.ChoiceField(label=_("Paper"), choices=list(AGREEMENTS.items()))
    client = forms.CharField(
        label=_("Client"), max_length=24, required=False,
        help_text=_("Such as C-12. Needed for an NDA; left empty, the paper is with Lectern."),
    )  # fmt: skip

    def party(self) -> str:
        client = self.cleaned_data["client"].strip().upper()
        return f"client:{client}" if client else "lectern"


class SignForm(forms.Form):
    """A typed name under the text that was shown; `sha256` is that text's digest."""

    typed_name = forms.CharField(
        label=_("Type your name to sign"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
