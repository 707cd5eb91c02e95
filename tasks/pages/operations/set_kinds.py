"""What the requirement builder asks for each kind of condition: its fields, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tutors.rules.languages import Level
from tutors.rules.states import LEVELS, AgreementKind, CredentialStatus, SensitiveContent, Verified

Choice = tuple[str, Any]


class Shape(StrEnum):
    CHOICE = "choice"  # one of several words
    WHOLE = "whole"  # a whole number
    LEVEL = "level"  # one of several whole numbers
    PERCENT = "percent"  # a share, asked for in percent
    WORD = "word"  # a word, with suggestions
    WORDS = "words"  # several texts, between commas
    PLACE = "place"  # a place by name or code; empty: where she lives
    PLACES = "places"  # several places
    TICKS = "ticks"  # several of several words
    FLAG = "flag"  # yes or no; `value` is what yes writes


@dataclass(frozen=True, kw_only=True)
class Input:
    """One field. `choices` are fixed ones, `source` names those read from the database."""

    key: str
    label: Any
    shape: Shape
    help: Any = ""
    choices: tuple[Choice, ...] = ()
    source: str = ""
    start: tuple[str, ...] = ()
    value: str = ""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A condition as people choose it: credentials come as one kind for each type."""

    slug: str
    label: Any
    icon: str
    says: Any
    fixed: dict[str, str]
    inputs: tuple[Input, ...] = field(default_factory=tuple)
    rule: str = ""


LEVEL_NAMES = (_("qualified"), _("experienced"), _("senior"), _("principal"))
_LEVELS: tuple[Choice, ...] = tuple(
    (str(n), format_lazy("{n}, {name}", n=n, name=LEVEL_NAMES[n - 1])) for n in LEVELS
)
_CHECKS: tuple[Choice, ...] = (
    (Verified.SELF.value, _("Her word is enough")),
    (Verified.DOCUMENT.value, _("We saw the document")),
    (Verified.TWO_PEOPLE.value, _("Two people looked")),
    (Verified.PRIMARY_SOURCE.value, _("Confirmed at the source")),
)
_STATUSES: tuple[Choice, ...] = (
    (CredentialStatus.ACTIVE.value, _("In force")),
    (CredentialStatus.AWARDED.value, _("Awarded")),
    (CredentialStatus.IN_PROGRESS.value, _("Being worked for")),
    (CredentialStatus.LAPSED.value, _("Lapsed")),
)
_PAPERS: tuple[Choice, ...] = (
    (AgreementKind.NDA.value, _("Confidentiality (NDA)")),
    (AgreementKind.IP.value, _("Rights in the work")),
    (AgreementKind.CONDUCT.value, _("Code of conduct")),
    (AgreementKind.DATA.value, _("Data protection")),
)
_CONTENT: tuple[Choice, ...] = (
    (SensitiveContent.ABUSE.value, _("Abuse")),
    (SensitiveContent.DRUGS.value, _("Drugs")),
    (SensitiveContent.EXTREMISM.value, _("Extremism")),
    (SensitiveContent.GRAPHIC_MEDICAL.value, _("Wounds and operations")),
    (SensitiveContent.HATE.value, _("Hate")),
    (SensitiveContent.SELF_HARM.value, _("Self-harm")),
    (SensitiveContent.SEXUAL.value, _("Sexual acts")),
    (SensitiveContent.VIOLENCE.value, _("Violence")),
)
_TONGUE_LEVELS: tuple[Choice, ...] = tuple(
    (level.value, _("Native") if level is Level.NATIVE else level.value) for level in Level
)

_LASTS = Input(
    key="valid_for_days", label=_("Must hold for, days"), shape=Shape.WHOLE, least=0,
    help=_("It may not lapse sooner. Empty: today is enough."),
)  # fmt: skip
_CHECKED = Input(
    key="verified", label=_("How well checked"), shape=Shape.CHOICE, choices=_CHECKS,
    start=(Verified.DOCUMENT.value,),
)  # fmt: skip
_FIELD = Input(
    key="field", label=_("In the field"), shape=Shape.WORD, source="fields",
    help=_("Such as psychiatry. Empty: any."),
)  # fmt: skip
_SPECIALITY = Input(
    key="speciality", label=_("Speciality"), shape=Shape.CHOICE, source="specialities",
)  # fmt: skip
_JURISDICTIONS = Input(
    key="jurisdictions", label=_("Issued for"), shape=Shape.PLACES,
    help=_("Countries or parts: United Kingdom, US-NY, US-*. Empty: anywhere."),
)  # fmt: skip
_NAMES = Input(
    key="name_in", label=_("One of these"), shape=Shape.WORDS, help=_("Between commas."),
    source="names",
)  # fmt: skip


def _status(*start: CredentialStatus) -> Input:
    return Input(
        key="status", label=_("State"), shape=Shape.TICKS, choices=_STATUSES,
        start=tuple(each.value for each in start),
    )  # fmt: skip


def _proof(
    slug: str, label: Any, icon: str, says: Any, *own: Input, start: CredentialStatus
) -> Kind:
    return Kind(
        slug=slug, label=label, icon=icon, says=says, rule=slug.replace("_", "-"),
        fixed={"kind": "credential", "type": slug},
        inputs=(*own, _CHECKED, _LASTS, _status(start)),
    )  # fmt: skip


def _plain(slug: str, label: Any, icon: str, says: Any, *own: Input, rule: str = "") -> Kind:
    return Kind(
        slug=slug, label=label, icon=icon, says=says, rule=rule or slug.replace("_", "-"),
        fixed={"kind": slug}, inputs=own,
    )  # fmt: skip


GROUPS: tuple[tuple[Any, tuple[Kind, ...]], ...] = (
    (_("What she can do"), (
        _plain(
            "qualification", _("Qualification"), "rosette-discount-check",
            _("Certified by us in a speciality"),
            _SPECIALITY,
            Input(
                key="level_min", label=_("Level at least"), shape=Shape.LEVEL, choices=_LEVELS,
                start=("1",),
            ),
            _LASTS, rule="field",
        ),
        _plain(
            "language", _("Language"), "language", _("Speaks it well enough"),
            Input(key="tag", label=_("Language"), shape=Shape.CHOICE, source="languages"),
            Input(
                key="min", label=_("Level at least"), shape=Shape.CHOICE, choices=_TONGUE_LEVELS,
                start=(Level.C1.value,),
            ),
        ),
        _plain(
            "experience", _("Experience"), "briefcase", _("Years at the desk"),
            Input(key="field", label=_("In the field"), shape=Shape.WORD, source="fields"),
            Input(
                key="years_min", label=_("Years at least"), shape=Shape.WHOLE, least=1, most=60,
                start=("2",),
            ),
            _CHECKED, rule="years",
        ),
        _plain(
            "standing", _("Record in reviews"), "chart-bar", _("How good her answers were so far"),
            _SPECIALITY,
            Input(
                key="task_type", label=_("Kind of task"), shape=Shape.CHOICE, source="task_types",
                help=_("Empty: all kinds together."),
            ),
            Input(
                key="lower_bound_min", label=_("Accepted at least, percent"), shape=Shape.PERCENT,
                least=0, most=100, start=("80",),
                help=_("With 95% certainty, so a few good answers are not enough."),
            ),
            Input(
                key="n_min", label=_("Answers reviewed, at least"), shape=Shape.WHOLE, least=1,
                start=("20",),
            ),
            rule="record",
        ),
    )),
    (_("What she can show"), (
        _proof(
            "licence", _("Licence"), "license", _("A right to practise"),
            Input(key="profession", label=_("Profession"), shape=Shape.WORD, source="professions"),
            _JURISDICTIONS, _FIELD,
            Input(
                key="restrictions", label=_("Only without restrictions"), shape=Shape.FLAG,
                value="none",
            ),
            start=CredentialStatus.ACTIVE,
        ),
        _proof(
            "degree", _("Degree"), "school", _("Awarded by a school"),
            Input(
                key="degrees", label=_("One of these degrees"), shape=Shape.WORDS, source="names",
                help=_("Such as PhD, MSc. Empty: any."),
            ),
            _FIELD, start=CredentialStatus.AWARDED,
        ),
        _proof(
            "training_post", _("Training post"), "stethoscope", _("Residency, postdoc"),
            _FIELD,
            Input(
                key="grade_min", label=_("Grade at least"), shape=Shape.WHOLE, least=1, most=20,
                start=("1",),
            ),
            start=CredentialStatus.ACTIVE,
        ),
        _proof(
            "certification", _("Certification"), "certificate", _("An examined title, such as CFA"),
            _NAMES, _JURISDICTIONS, _FIELD, start=CredentialStatus.ACTIVE,
        ),
        _proof(
            "award", _("Award"), "star", _("A named prize"),
            _NAMES,
            Input(
                key="rank_in", label=_("With one of these ranks"), shape=Shape.WORDS,
                help=_("Such as gold, silver. Empty: any."),
            ),
            _FIELD, start=CredentialStatus.AWARDED,
        ),
        _proof(
            "publication", _("Publications"), "book-2", _("Published work, counted"),
            Input(key="count_min", label=_("How many"), shape=Shape.WHOLE, least=1, start=("3",)),
            _FIELD, start=CredentialStatus.AWARDED,
        ),
        _proof(
            "portfolio", _("Portfolio"), "photo", _("Shown work, counted"),
            Input(
                key="items_min", label=_("Pieces at least"), shape=Shape.WHOLE, least=1,
                start=("5",),
            ),
            _FIELD, start=CredentialStatus.AWARDED,
        ),
    )),
    (_("Who and where she is"), (
        _plain(
            "residence", _("Lives in"), "map-pin", _("Countries in or out"),
            Input(
                key="in", label=_("Lives in one of"), shape=Shape.PLACES,
                help=_("Countries or parts: Germany, US-NY, US-*. Empty: anywhere."),
            ),
            Input(key="not_in", label=_("Does not live in"), shape=Shape.PLACES),
            Input(
                key="since_days", label=_("For at least, days"), shape=Shape.WHOLE, least=0,
                help=_("Empty: since today is enough."),
            ),
            rule="place",
        ),
        _plain(
            "work_authorisation", _("Right to work"), "world", _("May work there"),
            Input(
                key="where", label=_("Where"), shape=Shape.PLACE,
                help=_("A country or a part of one. Empty: where she lives."),
            ),
            Input(
                key="verified", label=_("How well checked"), shape=Shape.CHOICE, choices=_CHECKS,
                start=(Verified.SELF.value,),
            ),
            _LASTS, rule="work-right",
        ),
        _plain(
            "identity", _("Identity checked"), "fingerprint", _("By us, not long ago"),
            Input(
                key="within_days", label=_("In the last days"), shape=Shape.WHOLE, least=0,
                start=("365",),
            ),
        ),
    )),
    (_("What she agreed to"), (
        _plain(
            "agreement", _("Signed paper"), "signature", _("NDA, rights, conduct, data"),
            Input(
                key="type", label=_("Paper"), shape=Shape.CHOICE, choices=_PAPERS,
                start=(AgreementKind.NDA.value,),
            ),
            Input(
                key="party", label=_("With"), shape=Shape.CHOICE,
                choices=(("client", _("The project's client")), ("lectern", _("Lectern"))),
                start=("client",),
            ),
            Input(
                key="version_min", label=_("Version at least"), shape=Shape.WHOLE, least=1,
                start=("1",),
            ),
            rule="papers",
        ),
        _plain(
            "no_conflict", _("No tie"), "unlink", _("To the client or its rivals"),
            Input(
                key="with", label=_("No tie to"), shape=Shape.TICKS, source="parties",
                start=("client",),
            ),
            Input(
                key="within_days", label=_("Nor in the last days"), shape=Shape.WHOLE, least=0,
                help=_("Empty: only ties of today count."),
            ),
            rule="conflict",
        ),
        _plain(
            "opt_in", _("Agreed content"), "eye", _("Agreed to see such content"),
            Input(key="content", label=_("Content"), shape=Shape.TICKS, choices=_CONTENT),
            rule="content",
        ),
    )),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.slug: kind for _label, kinds in GROUPS for kind in kinds}


def kind_of(leaf: Mapping[str, Any]) -> Kind:
    """The kind that a leaf of a set is of; every leaf has one."""
    return KINDS[str(leaf["type"] if leaf["kind"] == "credential" else leaf["kind"])]
