"""Accounts that count as one person: linked by a recruiter, taken apart again.

Links make groups: whoever is linked to somebody of a group belongs to it. `Tutor.person` is the
lowest key of the group, so that a claim finds the others by one look at an index. One link is
made or ended at a time; all of the group are held meanwhile, as a claim of any of them does.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tutors.events import AccountsLinked, AccountsUnlinked
from tutors.models import Tutor, TutorLink
from tutors.operations.facts import raise_versions
from tutors.rules.linking import LINKED_MAX, groups
from tutors.rules.states import LinkKind
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.ids import public_id
from workforce.rules.problems import Conflict, Invalid

_LOCK = 7_402


class CannotLink(Invalid):
    code = "link_not_valid"


class AlreadyLinked(Conflict):
    code = "already_linked"


class LinkOver(Conflict):
    code = "link_over"


@transaction.atomic
def link(
    *, tutor: Tutor, other: Tutor, kind: LinkKind, reason: str, actor: Account, at: datetime
) -> TutorLink:
    """From now on the two, and whoever is linked to either, count as one person.

    Work in hand stays. Raises `CannotLink` with errors by field, `AlreadyLinked`.
    """
    errors: dict[str, list[str]] = {}
    if tutor.pk == other.pk:
        errors["other"] = [_("Name another tutor than this one.")]
    if not reason.strip():
        errors["reason"] = [_("Say what shows it, such as one bank account or one address.")]
    if errors:
        raise CannotLink(_("Look at the marked fields; nothing was saved."), errors=errors)
    _one_at_a_time()
    low, high = sorted((tutor, other), key=lambda each: each.pk)
    if _live().filter(low=low, high=high).exists():
        raise AlreadyLinked(_("These two are linked already."))
    members = _members([low.pk, high.pk])
    if len(members) > LINKED_MAX:
        told = {"other": [_("At most %d accounts count as one.") % LINKED_MAX]}
        raise CannotLink(_("Nothing was saved."), errors=told)
    raise_versions(tutor_ids=members)
    made = TutorLink.objects.create(
        low=low, high=high, kind=kind, reason=reason.strip(), noted_by=actor, noted_at=at
    )
    _regroup(members)
    event = AccountsLinked(subject=made.public_id, kind_of=kind.value, tutors=_names(members))
    record(event=event, actor=actor, at=at)
    return made


@transaction.atomic
def unlink(*, link: TutorLink, actor: Account, at: datetime) -> TutorLink:
    """The link does not hold; whoever is linked in another way stays so. Raises `LinkOver`."""
    _one_at_a_time()
    row = TutorLink.objects.get(pk=link.pk)
    if row.ended_at is not None:
        raise LinkOver(_("This link was ended already."))
    members = _members([row.low_id, row.high_id])
    raise_versions(tutor_ids=members)
    row.ended_by, row.ended_at = actor, at
    row.save(update_fields=["ended_by", "ended_at"])
    _regroup(members)
    event = AccountsUnlinked(subject=row.public_id, tutors=_names(members))
    record(event=event, actor=actor, at=at)
    return row


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _live() -> QuerySet[TutorLink]:
    return TutorLink.objects.filter(ended_at__isnull=True)


def _members(tutors: Iterable[int]) -> list[int]:
    """These tutors and everybody who counts as one with them, in order."""
    ids = set(tutors)
    persons = Tutor.objects.filter(pk__in=ids, person__isnull=False).values("person")
    ids |= set(Tutor.objects.filter(person__in=persons).values_list("pk", flat=True))
    return sorted(ids)


def _regroup(members: list[int]) -> None:
    """Say anew who of these counts as one with whom."""
    rows = _live().filter(Q(low__in=members) | Q(high__in=members))
    pairs = list(rows.values_list("low_id", "high_id"))
    Tutor.objects.filter(pk__in=members).update(person=None)
    for group in groups(pairs):
        Tutor.objects.filter(pk__in=group).update(person=min(group))


def _names(tutors: Iterable[int]) -> tuple[str, ...]:
    return tuple(public_id(Tutor.prefix, tutor) for tutor in tutors)
