"""Forms about people and their proof; the operations have the last word on each field."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from tutors.operations.vetting import Proof
from tutors.pages.recruiting.words import LEVELS, STATUSES, TYPES
from tutors.rules.profiles import (
    CAPACITY_DEFAULT,
    CAPACITY_MAX,
    EMAIL_MAX,
    HEADLINE_MAX,
    NAME_MAX,
)
from tutors.rules.states import CredentialStatus, CredentialType, Verified
from workforce.doors.widgets import LongSelect, offer_choices

REASON_MAX = 500


def day(**options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **options)


def zones() -> list[tuple[str, str]]:
    names = sorted(name for name in available_timezones() if "/" in name)
    return [(name, name.replace("_", " ")) for name in ("UTC", *names)]


def grouped(domains: Sequence[Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Domains as choices, those of a field together under its name."""
    names = {domain.slug: domain.name for domain in domains}
    groups: dict[str, list[tuple[str, str]]] = {}
    for domain in sorted(domains, key=lambda d: d.slug):
        top = domain.slug.partition(".")[0]
        depth = domain.slug.count(".")
        label = domain.name if depth else f"{domain.name}, all"
        groups.setdefault(names.get(top, top), []).append(
            (
                domain.slug,
                f"{names[domain.slug.rpartition('.')[0]]}: {label}" if depth > 1 else label,
            )
        )
    return list(groups.items())


class ProfileForm(forms.Form):
    """What is known about a person. Languages come one a line: `en native`."""

    name = forms.CharField(label=_("Name"), max_length=NAME_MAX)
    headline = forms.CharField(
        label=_("In one line"), max_length=HEADLINE_MAX, required=False,
        help_text=_("What she does, such as “Psychiatrist, twelve years on the ward”."),
    )  # fmt: skip
    country = forms.CharField(
        label=_("Country"), max_length=2, help_text=_("Two letters, such as DE.")
    )
    region = forms.CharField(
        label=_("Part of the country"), max_length=6, required=False,
        help_text=_("Where rules differ by state, such as NY."),
    )  # fmt: skip
    residence_since = day(label=_("Lives there since"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, widget=LongSelect)
    capacity = forms.IntegerField(
        label=_("Tasks at a time"), min_value=1, max_value=CAPACITY_MAX, initial=CAPACITY_DEFAULT
    )
    languages = forms.CharField(
        label=_("Languages"), max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line with its level, A1 to C2 or native: “en native”, “de C1”."),
    )  # fmt: skip
    domains = forms.MultipleChoiceField(
        label=_("Fields"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Whatever she could be asked about; qualifications follow from proof."),
    )  # fmt: skip

    def __init__(self, *args: Any, domains: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "domains", grouped(domains))

    def clean_languages(self) -> list[tuple[str, str]]:
        lines = [line.split() for line in self.cleaned_data["languages"].splitlines()]
        pairs = [(line[0], line[1]) for line in lines if len(line) == 2]
        if not pairs or len(pairs) < len([line for line in lines if line]):
            raise forms.ValidationError(_("A tag and a level on each line, such as “en native”."))
        return pairs


class NewTutorForm(ProfileForm):
    email = forms.EmailField(
        label=_("E-mail"), max_length=EMAIL_MAX, help_text=_("The invitation goes there.")
    )

    field_order = ("name", "email", "headline")


class CredentialForm(forms.Form):
    type = forms.ChoiceField(label=_("Kind"), choices=list(TYPES.items()))
    name = forms.CharField(
        label=_("Title"), max_length=120, required=False,
        help_text=_("MD, CFA, IMO. Needed for a degree, award or certification."),
    )  # fmt: skip
    profession = forms.CharField(
        label=_("Profession"), max_length=120, required=False,
        help_text=_("For a licence, such as physician."),
    )  # fmt: skip
    jurisdiction = forms.CharField(
        label=_("Where it holds"), max_length=6, required=False,
        help_text=_("GB, or US-NY. Needed for a licence."),
    )  # fmt: skip
    issuer = forms.CharField(label=_("Issued by"), max_length=200, required=False)
    number = forms.CharField(
        label=_("Number"), max_length=80, required=False,
        help_text=_("Kept encrypted and never shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    field = forms.CharField(
        label=_("Field"), max_length=120, required=False,
        help_text=_("Such as psychiatry or stem.mathematics."),
    )  # fmt: skip
    rank = forms.CharField(
        label=_("Rank or result"), max_length=120, required=False, help_text=_("Gold medal, first.")
    )
    issued_on = day(label=_("Issued on"), required=False)
    expires_on = day(label=_("Expires on"), required=False, help_text=_("Needed for a licence."))
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(k, v) for k, v in STATUSES.items() if k != CredentialStatus.REFUSED],
        initial=CredentialStatus.ACTIVE.value,
    )
    grade = forms.IntegerField(
        label=_("Year of training"), min_value=0, max_value=20, initial=0, required=False
    )
    count = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=1000, initial=1, required=False,
        help_text=_("Publications or pieces."),
    )  # fmt: skip
    restricted = forms.BooleanField(label=_("With conditions or restrictions"), required=False)

    def proof(self) -> Proof:
        found = dict(self.cleaned_data)
        kind, status = CredentialType(found.pop("type")), CredentialStatus(found.pop("status"))
        found["grade"] = found["grade"] or 0
        found["count"] = found["count"] or 1
        return Proof(type=kind, status=status, **found)


class CheckForm(forms.Form):
    """What somebody found when she looked."""

    outcome = forms.ChoiceField(
        label=_("What did you find?"), widget=forms.RadioSelect, initial="confirmed",
        choices=[("confirmed", _("It is as stated")), ("refused", _("It could not be confirmed"))],
    )  # fmt: skip
    level = forms.ChoiceField(
        label=_("How did you check?"), initial=Verified.PRIMARY_SOURCE.value,
        choices=[
            (Verified.PRIMARY_SOURCE.value, _("Primary source: the register or issuer says so")),
            (Verified.DOCUMENT.value, _("Document: you saw the paper")),
            (Verified.TWO_PEOPLE.value, _("Two people: you are the second to look")),
        ],
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where did you look?"), max_length=500,
        help_text=_(
            "The register with the day's entry, the document, the issuer you asked. "
            "If it could not be confirmed, say why: the tutor reads this."
        ),
    )  # fmt: skip
    expires_on = day(
        label=_("Expires on"), required=False, help_text=_("Only if the source says another day.")
    )

    def status(self, credential: Any) -> CredentialStatus | None:
        """What the finding makes of the credential's status; None leaves it."""
        if self.cleaned_data["outcome"] == "refused":
            return CredentialStatus.REFUSED
        again = credential.status == CredentialStatus.REFUSED
        return CredentialStatus.ACTIVE if again else None


class GrantForm(forms.Form):
    speciality = forms.ChoiceField(label=_("Field"))
    level = forms.TypedChoiceField(
        label=_("Level"), coerce=int, choices=[(n, f"{n}, {name}") for n, name in LEVELS.items()]
    )
    expires_at = day(
        label=_("Until"), required=False, help_text=_("Left empty, it does not expire.")
    )

    def __init__(self, *args: Any, domains: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "speciality", grouped(domains))

    def ends_at(self, *, zone: str) -> datetime | None:
        """The end of the chosen day in the tutor's zone."""
        chosen = self.cleaned_data["expires_at"]
        if chosen is None:
            return None
        return datetime.combine(chosen, time(23, 59, 59), tzinfo=ZoneInfo(zone))


class ReasonForm(forms.Form):
    """An act that the other side reads about."""

    reason = forms.CharField(
        label=_("Why?"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The tutor reads this. Say what happened and what would change it."),
    )  # fmt: skip


class EndForm(ReasonForm):
    ends_on = day(
        label=_("Last day"), required=False,
        help_text=_("Left empty, the earliest day that notice allows."),
    )  # fmt: skip
