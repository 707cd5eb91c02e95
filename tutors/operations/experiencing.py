"""Years in a field: noted, checked, withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import ExperienceAdded, ExperienceVerified, ExperienceWithdrawn
from tutors.models import Experience, Tutor
from tutors.operations.facts import raise_version
from tutors.operations.vetting import check_by_another, check_named
from tutors.rules import parties
from tutors.rules.background import EXPERIENCE_MAX
from tutors.rules.experience import YEARS_MAX
from tutors.rules.states import VERIFIED_RANK, Verified
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict, Invalid

FIELD_MAX = 120


class CannotNoteExperience(Invalid):
    code = "experience_not_valid"


class ExperienceOver(Conflict):
    code = "experience_over"


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post with its dates, or a number of years without dates."""

    field: str
    role: str
    years: int | None = None
    from_on: date | None = None
    until_on: date | None = None


@transaction.atomic
def add_experience(*, tutor: Tutor, post: Post, actor: Account, at: datetime) -> Experience:
    """Note it, unchecked so far. Raises `CannotNoteExperience` with errors by field."""
    raise_version(tutor_id=tutor.pk)
    errors = _faults(post, at=at)
    held = Experience.objects.filter(tutor=tutor, withdrawn_at__isnull=True)
    if not errors and held.count() >= EXPERIENCE_MAX:
        errors["field"] = [_("At most %d entries for one person.") % EXPERIENCE_MAX]
    if errors:
        raise CannotNoteExperience(
            _("Look at the marked fields; nothing was saved."), errors=errors
        )
    noted = Experience.objects.create(
        tutor=tutor,
        field=post.field,
        role=post.role.strip(),
        years=post.years,
        from_on=post.from_on,
        until_on=post.until_on,
        added_by=actor,
        added_at=at,
    )
    event = ExperienceAdded(subject=noted.public_id, tutor=tutor.public_id, field=post.field)
    record(event=event, actor=actor, at=at)
    return noted


@transaction.atomic
def verify_experience(
    *, experience: Experience, level: Verified, source: str, actor: Account, at: datetime
) -> Experience:
    """Write down that somebody looked; as with credentials a weaker check lowers nothing.

    Raises `CannotVerify`, `NotByOneself`, `NeedsAnotherCheck`, `ExperienceOver`.
    """
    tutor = experience.tutor
    check_named(tutor=tutor, level=level, source=source, actor=actor)
    raise_version(tutor_id=tutor.pk)
    row = _open(experience)
    check_by_another(level=level, checked_by_id=row.checked_by_id, actor=actor)
    row.verified = max(Verified(row.verified), level, key=VERIFIED_RANK.__getitem__)
    row.source, row.checked_by, row.checked_at = source.strip(), actor, at
    row.save(update_fields=["verified", "source", "checked_by", "checked_at"])
    event = ExperienceVerified(subject=row.public_id, tutor=tutor.public_id, level=level.value)
    record(event=event, actor=actor, at=at)
    return row


@transaction.atomic
def withdraw_experience(*, experience: Experience, actor: Account, at: datetime) -> Experience:
    """It was written by mistake, or was not confirmed. Work in flight is left alone."""
    raise_version(tutor_id=experience.tutor_id)
    row = _open(experience)
    row.withdrawn_by, row.withdrawn_at = actor, at
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    event = ExperienceWithdrawn(subject=row.public_id, tutor=experience.tutor.public_id)
    record(event=event, actor=actor, at=at)
    return row


def _open(experience: Experience) -> Experience:
    """The row as it is now; `ExperienceOver` when it was withdrawn meanwhile."""
    row = Experience.objects.get(pk=experience.pk)
    if row.withdrawn_at is not None:
        raise ExperienceOver(_("This entry was withdrawn already."))
    return row


def _faults(post: Post, *, at: datetime) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(post.field) > FIELD_MAX or not parties.is_slug(post.field):
        errors["field"] = [_("A field such as psychiatry or image-analysis.")]
    if not post.role.strip():
        errors["role"] = [_("Say what she did there.")]
    if (post.years is None) == (post.from_on is None):
        errors["years"] = [_("Either a number of years, or the day it began.")]
    elif post.years is not None and not 1 <= post.years <= YEARS_MAX:
        errors["years"] = [_("From 1 to %d years.") % YEARS_MAX]
    elif post.years is not None and post.until_on is not None:
        errors["until_on"] = [_("A number of years has no dates.")]
    if post.from_on is not None and post.from_on > at.date():
        errors["from_on"] = [_("It has not begun yet.")]
    if post.from_on and post.until_on and post.until_on < post.from_on:
        errors["until_on"] = [_("The end is before the beginning.")]
    return errors
