"""The person behind the proofs as lines of a table: name, detail, state, what can be done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tutors.pages.recruiting.words import CHECKS
from tutors.rules.states import IdentityMethod
from workforce.rules.ids import public_id

METHODS: dict[str, Any] = {
    IdentityMethod.IN_PERSON.value: gettext_lazy("In person: document and face"),
    IdentityMethod.VIDEO_CALL.value: gettext_lazy("Video call: document and face"),
    IdentityMethod.PROVIDER.value: gettext_lazy("Provider: a service's report"),
}
SOON_DAYS = 60


@dataclass(frozen=True)
class Deed:
    """A button of a line: a form in a dialog, or a POST at once."""

    label: Any
    url: str
    at_once: bool = False


@dataclass(frozen=True)
class Line:
    icon: str
    kind: Any
    name: str
    detail: str
    pill: tuple[str, Any, str]
    checked_by: Any = None
    checked_at: Any = None
    source: str = ""
    since: date | None = None
    until: date | None = None
    deeds: list[Deed] = field(default_factory=list)


def lines(tutor: Any, *, today: date) -> list[Line]:
    """Right to work, identity, years, ties: what holds, in this order."""
    return [
        *(_authorisation(row, today=today) for row in tutor.authorisations.all()),
        *_identity(list(tutor.identity_checks.all())),
        *(_experience(row) for row in tutor.experience.all()),
        *(_tie(row, today=today) for row in tutor.ties.all()),
    ]


def unchecked(rights: Iterable[Any], posts: Iterable[Any], *, today: date) -> list[Any]:
    """(whose, line, since when) of what waits for a check, the oldest first."""
    found = [
        *((row.tutor, _authorisation(row, today=today), row.added_at) for row in rights),
        *((row.tutor, _experience(row), row.added_at) for row in posts),
    ]
    return sorted(found, key=lambda each: each[2])


def _checked(row: Any) -> tuple[str, Any, str]:
    if row.verified == "self":
        return "warn", _("Not checked"), "hourglass"
    return "ok", CHECKS[row.verified], "circle-check"


def _authorisation(row: Any, *, today: date) -> Line:
    pill = _checked(row)
    if row.valid_until is not None and row.valid_until < today:
        pill = "bad", _("Expired"), "clock-exclamation"
    elif row.valid_until is not None and (row.valid_until - today).days <= SOON_DAYS:
        pill = "warn", _("Expires soon"), "calendar-due"
    return Line(
        icon="world", kind=_("Right to work"), name=row.place, detail=row.basis, pill=pill,
        checked_by=row.checked_by, checked_at=row.checked_at, source=row.source,
        until=row.valid_until,
        deeds=[
            Deed(_("Check"), reverse("recruiting-authorisation-check", args=[row.public_id])),
            Deed(_("End"), reverse("recruiting-authorisation-end", args=[row.public_id]), True),
        ],
    )  # fmt: skip


def _identity(rows: list[Any]) -> Iterator[Line]:
    """The last check alone: earlier ones are in the log."""
    for row in rows[:1]:
        yield Line(
            icon="user-check", kind=_("Identity"), name=str(METHODS[row.method]).split(":")[0],
            detail=row.source, pill=("ok", _("Checked"), "circle-check"),
            checked_by=row.checked_by, checked_at=row.checked_at,
            deeds=[
                Deed(_("Withdraw"), reverse("recruiting-identity-withdraw", args=[row.public_id]),
                     True)
            ],
        )  # fmt: skip


def years_of(row: Any) -> str:
    """`5 years`, or nothing where the dates say it."""
    if row.years is None:
        return ""
    return ngettext("%(n)d year", "%(n)d years", row.years) % {"n": row.years}


def _experience(row: Any) -> Line:
    return Line(
        icon="briefcase", kind=_("Experience"),
        name=f"{row.field}, {years_of(row)}" if row.years else row.field,
        detail=row.role, pill=_checked(row), checked_by=row.checked_by,
        checked_at=row.checked_at, source=row.source, since=row.from_on, until=row.until_on,
        deeds=[
            Deed(_("Check"), reverse("recruiting-experience-check", args=[row.public_id])),
            Deed(_("Withdraw"), reverse("recruiting-experience-withdraw", args=[row.public_id]),
                 True),
        ],
    )  # fmt: skip


def tie_name(row: Any) -> str:
    """The organisation's name, or the kind of an unnamed one."""
    return str(row.organisation.name) if row.organisation else _("Unnamed, %s") % row.tag


def _tie(row: Any, *, today: date) -> Line:
    over = row.until is not None and row.until < today
    detail = [row.relation]
    deeds = []
    if row.organisation is not None:
        detail += [row.organisation.client, *row.organisation.tags]
        deeds = [
            Deed(_("Organisation"),
                 reverse("recruiting-organisation", args=[row.organisation.public_id])
                 + f"?tutor={public_id('E', row.tutor_id)}")
        ]  # fmt: skip
    return Line(
        icon="link", kind=_("Tie"), name=tie_name(row),
        detail=" · ".join(part for part in detail if part),
        pill=("", _("Over"), "check") if over else ("warn", _("Tie"), "alert-triangle"),
        checked_by=row.declared_by, checked_at=row.declared_at, since=row.since, until=row.until,
        deeds=[
            Deed(_("End"), reverse("recruiting-tie-end", args=[row.public_id])),
            *deeds,
            Deed(_("Withdraw"), reverse("recruiting-tie-withdraw", args=[row.public_id]), True),
        ],
    )  # fmt: skip
