"""Events about a tutor as sentences."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutors.pages.recruiting.words import CHECKS


@dataclass(frozen=True)
class Told:
    icon: str
    tone: str
    what: Any
    more: str
    who: str
    at: datetime
    subject: str


_Body = Mapping[str, Any]
_Detail = Callable[[_Body], str]


def _nothing(_body: _Body) -> str:
    return ""


def _version(body: _Body) -> str:
    return str(_("Version %d") % body.get("version", 1))


def _check(body: _Body) -> str:
    return str(CHECKS.get(str(body.get("level")), ""))


def _speciality(body: _Body) -> str:
    level = body.get("level")
    named = str(body.get("speciality", ""))
    return f"{named}, {_('level %s') % level}" if level else named


def _fields(body: _Body) -> str:
    return ", ".join(str(name).replace("_", " ") for name in body.get("fields", ()))


def _place(body: _Body) -> str:
    return str(body.get("place", ""))


def _field(body: _Body) -> str:
    return str(body.get("field", ""))


def _others(body: _Body) -> str:
    return ", ".join(str(each) for each in body.get("tutors", ()))


def _tie(body: _Body) -> str:
    return str(_("It was noted by mistake") if body.get("act") == "withdrawn" else _("It ended"))


KINDS: dict[str, tuple[str, str, Any, _Detail]] = {
    "tutors.tutor_added": ("user-plus", "", gettext_lazy("Added"), _nothing),
    "tutors.profile_changed": ("edit", "", gettext_lazy("Profile changed"), _fields),
    "tutors.credential_added": ("certificate", "", gettext_lazy("Credential noted"), _nothing),
    "tutors.credential_verified": (
        "circle-check", "ok", gettext_lazy("Credential verified"), _check,
    ),
    "tutors.credential_refused": ("circle-x", "warn", gettext_lazy("Credential refused"), _check),
    "tutors.qualification_granted": (
        "rosette-discount-check", "ok", gettext_lazy("Qualification granted"), _speciality,
    ),
    "tutors.qualification_revoked": (
        "ban", "warn", gettext_lazy("Qualification revoked"), _speciality,
    ),
    "tutors.contract_offered": ("send", "accent", gettext_lazy("Contract offered"), _version),
    "tutors.contract_signed": ("signature", "accent", gettext_lazy("Contract signed"), _version),
    "tutors.contract_countersigned": (
        "circle-check", "ok", gettext_lazy("Contract countersigned"), _version,
    ),
    "tutors.contract_notice_given": (
        "calendar-due", "warn", gettext_lazy("Notice given"), _nothing,
    ),
    "tutors.contract_ended": ("door-exit", "warn", gettext_lazy("Contract ended"), _nothing),
    "tutors.agreement_offered": (
        "file-text", "accent", gettext_lazy("Agreement offered"), _version,
    ),
    "tutors.agreement_signed": ("signature", "ok", gettext_lazy("Agreement signed"), _version),
    "tutors.agreement_withdrawn": ("x", "", gettext_lazy("Agreement withdrawn"), _version),
    "tutors.paper_viewed": ("eye", "", gettext_lazy("Paper opened"), _version),
    "tutors.presence_changed": ("clock-play", "", gettext_lazy("Presence changed"), _nothing),
    "tutors.availability_changed": (
        "calendar", "", gettext_lazy("Availability changed"), _nothing,
    ),
    "tutors.authorisation_added": ("world", "", gettext_lazy("Right to work noted"), _place),
    "tutors.authorisation_verified": (
        "world", "ok", gettext_lazy("Right to work checked"), _check,
    ),
    "tutors.authorisation_ended": ("world", "warn", gettext_lazy("Right to work ended"), _place),
    "tutors.identity_checked": ("user-check", "ok", gettext_lazy("Identity checked"), _nothing),
    "tutors.identity_check_withdrawn": (
        "user-check", "warn", gettext_lazy("Identity check withdrawn"), _nothing,
    ),
    "tutors.experience_added": ("briefcase", "", gettext_lazy("Experience noted"), _field),
    "tutors.experience_verified": (
        "briefcase", "ok", gettext_lazy("Experience checked"), _check,
    ),
    "tutors.experience_withdrawn": (
        "briefcase", "warn", gettext_lazy("Experience withdrawn"), _nothing,
    ),
    "tutors.tie_declared": ("link", "accent", gettext_lazy("Tie declared"), _nothing),
    "tutors.tie_changed": ("link", "", gettext_lazy("Tie changed"), _tie),
    "tutors.content_chosen": ("eye", "", gettext_lazy("Sensitive content chosen"), _nothing),
    "tutors.accounts_linked": ("users", "warn", gettext_lazy("Accounts linked"), _others),
    "tutors.accounts_unlinked": ("users", "", gettext_lazy("Link ended"), _others),
    "workforce.account_admitted": ("login", "", gettext_lazy("Account made"), _nothing),
    "workforce.invitation_made": (
        "mail-forward", "accent", gettext_lazy("Invitation sent"), _nothing,
    ),
    "workforce.invitation_accepted": (
        "mail", "ok", gettext_lazy("Invitation accepted"), _nothing,
    ),
    "workforce.role_granted": ("key", "", gettext_lazy("Role granted"), _nothing),
    "workforce.account_closed": ("lock", "warn", gettext_lazy("Account closed"), _nothing),
}  # fmt: skip


def told(events: Iterable[Any]) -> list[Told]:
    """Each event in words; a kind without words is told by its name."""
    return [_one(event) for event in events]


def _one(event: Any) -> Told:
    plain = event.kind.partition(".")[2].replace("_", " ").capitalize()
    icon, tone, what, detail = KINDS.get(event.kind, ("point", "", plain, _nothing))
    return Told(
        icon=icon, tone=tone, what=what, more=detail(event.body),
        who=event.actor.name if event.actor else "", at=event.at, subject=event.subject,
    )  # fmt: skip
