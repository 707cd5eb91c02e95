"""Adding tutors and changing what is known about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import ProfileChanged, TutorAdded
from tutors.models import Tutor, TutorLanguage
from tutors.operations.facts import raise_version
from tutors.rules import profiles
from tutors.rules.languages import Level
from workforce.models import Account, Domain
from workforce.operations.admitting import Invited, admit, invite
from workforce.operations.recording import record
from workforce.rules.problems import Invalid
from workforce.rules.roles import Role

SINCE_YEARS_MAX = 120


class CannotAddTutor(Invalid):
    code = "profile_not_valid"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is known about a person. `languages` are pairs of tag and level."""

    email: str
    name: str
    country: str
    time_zone: str
    domains: Sequence[str]
    languages: Sequence[tuple[str, str]]
    region: str = ""
    residence_since: date | None = None
    capacity: int = profiles.CAPACITY_DEFAULT
    headline: str = ""


@dataclass(frozen=True, kw_only=True)
class Added:
    """The new tutor; `invited` holds the link, which is shown this once."""

    tutor: Tutor
    invited: Invited | None


@transaction.atomic
def add_tutor(
    *,
    profile: Profile,
    actor: Account | None,
    at: datetime,
    roles: Iterable[Role] = (Role.TUTOR,),
    password: str | None = None,
    is_demo: bool = False,
) -> Added:
    """Make the account and the profile, and invite the person unless a password is given.

    An empty password makes an account without one and without an invitation.

    Raises `CannotAddTutor` with errors by field, `CannotAdmit` when the e-mail is taken.
    """
    clean = checked(profile, at=at)
    domains = known_domains(clean.domains)
    account = admit(
        email=clean.email,
        name=clean.name,
        roles={Role.TUTOR, *roles},
        actor=actor,
        at=at,
        time_zone=clean.time_zone,
        password=password or None,
        is_demo=is_demo,
    )
    tutor = Tutor.objects.create(
        account=account,
        country=clean.country,
        region=clean.region,
        residence_since=clean.residence_since,
        headline=clean.headline,
        capacity=clean.capacity,
        added_by=actor,
        added_at=at,
    )
    tutor.domains.set(domains)
    _speak(tutor, clean.languages)
    event = TutorAdded(subject=tutor.public_id, account=account.public_id)
    record(event=event, actor=actor, at=at)
    invited = invite(account=account, actor=actor, at=at) if password is None else None
    return Added(tutor=tutor, invited=invited)


@transaction.atomic
def change_profile(
    *, tutor: Tutor, changes: Mapping[str, Any], actor: Account, at: datetime
) -> Tutor:
    """Change the named parts of a profile (not the e-mail); raises `CannotAddTutor`.

    Another country without a region forgets the old region.
    """
    raise_version(tutor_id=tutor.pk)
    moved = {"region": ""} if "country" in changes else {}
    clean = checked(replace(_profile_of(tutor), **{**moved, **changes}), at=at)
    domains = known_domains(clean.domains)
    Account.objects.filter(pk=tutor.account_id).update(name=clean.name, time_zone=clean.time_zone)
    Tutor.objects.filter(pk=tutor.pk).update(
        country=clean.country,
        region=clean.region,
        residence_since=clean.residence_since,
        headline=clean.headline,
        capacity=clean.capacity,
    )
    tutor.domains.set(domains)
    if "languages" in changes:
        tutor.languages.all().delete()
        _speak(tutor, clean.languages)
    event = ProfileChanged(subject=tutor.public_id, fields=tuple(sorted(changes)))
    record(event=event, actor=actor, at=at)
    return Tutor.objects.select_related("account").get(pk=tutor.pk)


@transaction.atomic
def invite_again(*, tutor: Tutor, actor: Account, at: datetime) -> Invited:
    """A fresh invitation link for a tutor, such as one who came by CSV."""
    return invite(account=tutor.account, actor=actor, at=at)


def checked(profile: Profile, *, at: datetime) -> Profile:
    """The profile with clean values, or `CannotAddTutor` naming each field at fault."""
    errors: dict[str, list[str]] = {}

    def read(field: str, reader: Any) -> Any:
        try:
            return reader()
        except ValueError as fault:
            errors[field] = [str(fault)]
            return None

    country = read("country", lambda: profiles.country(profile.country))
    clean = {
        "email": read("email", lambda: profiles.email(profile.email)),
        "name": read("name", lambda: profiles.name(profile.name)),
        "country": country,
        "region": country and read("region", lambda: _region(profile, country=country)),
        "time_zone": read("time_zone", lambda: profiles.zone(profile.time_zone)),
        "domains": read("domains", lambda: _domains(profile.domains)),
        "languages": read("languages", lambda: _languages(profile.languages)),
        "capacity": read("capacity", lambda: profiles.capacity(profile.capacity)),
        "headline": read("headline", lambda: _headline(profile.headline)),
        "residence_since": read("residence_since", lambda: _since(profile.residence_since, at=at)),
    }
    if errors:
        raise CannotAddTutor(_("Look at the marked fields; nothing was saved."), errors=errors)
    return Profile(**clean)


def known_domains(slugs: Iterable[str]) -> list[Domain]:
    """The domains of these slugs; `CannotAddTutor` names those there are not."""
    wanted = list(slugs)
    found = {domain.slug: domain for domain in Domain.objects.filter(slug__in=wanted)}
    missing = [slug for slug in wanted if slug not in found]
    if missing:
        raise CannotAddTutor(
            _("Some domains are not known; nothing was saved."),
            errors={"domains": [_("There is no domain %s.") % slug for slug in missing]},
        )
    return [found[slug] for slug in wanted]


def _domains(slugs: Sequence[str]) -> tuple[str, ...]:
    if not 1 <= len(slugs) <= profiles.DOMAINS_MAX:
        raise ValueError(_("From 1 to %d domains.") % profiles.DOMAINS_MAX)
    return tuple(dict.fromkeys(profiles.speciality(slug) for slug in slugs))


def _languages(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, Level], ...]:
    if not 1 <= len(pairs) <= profiles.LANGUAGES_MAX:
        raise ValueError(_("From 1 to %d languages.") % profiles.LANGUAGES_MAX)
    clean = [profiles.language(tag, level) for tag, level in pairs]
    if len({tag for tag, _level in clean}) < len(clean):
        raise ValueError(_("A language is there twice."))
    return tuple(clean)


def _headline(text: str) -> str:
    if len(text) > profiles.HEADLINE_MAX:
        raise ValueError(_("At most %d characters.") % profiles.HEADLINE_MAX)
    return text


def _region(profile: Profile, *, country: str) -> str:
    return profiles.region(profile.region, country=country)


def _since(day: date | None, *, at: datetime) -> date | None:
    if day is not None and not 0 <= (at.date() - day).days <= SINCE_YEARS_MAX * 366:
        raise ValueError(_("A day in the past."))
    return day


def _speak(tutor: Tutor, languages: Iterable[tuple[str, str]]) -> None:
    TutorLanguage.objects.bulk_create(
        TutorLanguage(tutor=tutor, tag=tag, level=level) for tag, level in languages
    )


def _profile_of(tutor: Tutor) -> Profile:
    return Profile(
        email=tutor.account.email,
        name=tutor.account.name,
        country=tutor.country,
        region=tutor.region,
        residence_since=tutor.residence_since,
        time_zone=tutor.account.time_zone,
        domains=[d.slug for d in tutor.domains.all()],
        languages=[(spoken.tag, spoken.level) for spoken in tutor.languages.all()],
        capacity=tutor.capacity,
        headline=tutor.headline,
    )
