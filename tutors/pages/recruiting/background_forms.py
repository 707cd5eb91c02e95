"""Forms about the person behind the proofs; the operations have the last word on each field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tutors.operations.experiencing import FIELD_MAX, Post
from tutors.operations.tying import Bond
from tutors.pages.recruiting.background_words import METHODS
from tutors.pages.recruiting.forms import CheckForm, day
from tutors.rules.experience import YEARS_MAX
from tutors.rules.parties import TAGS_MAX, WORD_MAX

TEXT_MAX = 200
SOURCE_MAX = 500


class Words(forms.CharField):
    """Lower-case words with commas between them."""

    def to_python(self, value: Any) -> Any:
        parts = (super().to_python(value) or "").split(",")
        return [part.strip() for part in parts if part.strip()]


def kinds(**options: Any) -> Words:
    return Words(
        label=_("Kinds of organisation"), required=False, max_length=TAGS_MAX * (WORD_MAX + 2),
        help_text=_("What rules may name, such as ai-lab or hospital; commas between them."),
        **options,
    )  # fmt: skip


class AuthorisationForm(forms.Form):
    place = forms.CharField(label=_("Where"), max_length=6, help_text=_("GB, or US-NY."))
    basis = forms.CharField(
        label=_("What it rests on"), max_length=TEXT_MAX,
        help_text=_("Citizenship, or the name of the visa. No numbers."),
    )  # fmt: skip
    valid_until = day(
        label=_("Last day"), required=False, help_text=_("Left empty, it does not run out.")
    )


class AuthorisationCheckForm(CheckForm):
    """The credential's questions; another day only where the source says one."""


class ExperienceForm(forms.Form):
    field = forms.CharField(
        label=_("Field"), max_length=FIELD_MAX,
        help_text=_("A word that rules ask for, such as psychiatry or image-analysis."),
    )  # fmt: skip
    role = forms.CharField(
        label=_("What she did"), max_length=TEXT_MAX, help_text=_("The post and the place.")
    )
    from_on = day(label=_("From"), required=False)
    until_on = day(label=_("Until"), required=False, help_text=_("Left empty, she is still there."))
    years = forms.IntegerField(
        label=_("Or years, without dates"), min_value=1, max_value=YEARS_MAX, required=False
    )

    def post(self) -> Post:
        return Post(**self.cleaned_data)


class ExperienceCheckForm(CheckForm):
    """The credential's questions, without a day on which it runs out."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["expires_on"]


class IdentityForm(forms.Form):
    method = forms.ChoiceField(label=_("How?"), choices=list(METHODS.items()))
    source = forms.CharField(
        label=_("What was looked at?"), max_length=SOURCE_MAX,
        help_text=_("Such as a passport, or the report of a provider. No numbers, no copies."),
    )  # fmt: skip


class TieForm(forms.Form):
    """Whom to, what it is, since when. The organisation is named as people write it."""

    name = forms.CharField(label=_("Organisation"), max_length=TEXT_MAX, required=False)
    tag = forms.CharField(
        label=_("Or a kind, if it may not be named"), max_length=WORD_MAX, required=False,
        help_text=_("Such as ai-lab."),
    )  # fmt: skip
    relation = forms.CharField(
        label=_("What is the tie?"), max_length=TEXT_MAX,
        help_text=_("A post, a contract, a share, a relative who works there."),
    )  # fmt: skip
    since = day(label=_("Since"), required=False)
    until = day(label=_("Until"), required=False, help_text=_("Left empty, it lasts."))
    tags = kinds()

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("name") and not found.get("tag"):
            self.add_error("name", _("Name the organisation, or the kind it is of."))
        elif found.get("name") and found.get("tag"):
            self.add_error("tag", _("Either the organisation or a kind; its kinds come below."))
        return found

    def bond(self) -> Bond:
        said = dict(self.cleaned_data)
        tag = said.pop("tag").strip().lower()
        return Bond(party=f"tag:{tag}" if tag else "", **said)


class TieEndForm(forms.Form):
    until = day(label=_("Last day"), help_text=_("It may lie ahead."))


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=TEXT_MAX)
    client = forms.RegexField(
        r"^C-[1-9][0-9]{0,18}$", label=_("Which client it is"), required=False,
        help_text=_("Such as C-12; empty for none. Ties to it then are ties to that client."),
    )  # fmt: skip
    tags = kinds()
