"""Ties of tutors to organisations, and what is known of the organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tutors.events import OrganisationChanged, TieChanged, TieDeclared
from tutors.models import Organisation, Tie, Tutor
from tutors.operations.facts import raise_version, raise_versions
from tutors.rules import parties
from tutors.rules.background import AHEAD_YEARS_MAX, TIES_MAX
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.ids import public_id
from workforce.rules.problems import Conflict, Invalid

CLIENT, ORG, TAG = "client", "org", "tag"


class CannotTie(Invalid):
    code = "tie_not_valid"


class TieOver(Conflict):
    code = "tie_over"


class CannotChangeOrganisation(Invalid):
    code = "organisation_not_valid"


@dataclass(frozen=True, kw_only=True)
class Bond:
    """What a tie says. `party` is `org:word`, `client:C-12` or `tag:word`; instead of a word an
    organisation may be named as people write it (`name`). `tags` are added to what is known.
    """

    relation: str
    party: str = ""
    name: str = ""
    tags: Sequence[str] = ()
    since: date | None = None
    until: date | None = None


@transaction.atomic
def declare_tie(*, tutor: Tutor, bond: Bond, actor: Account, at: datetime) -> Tie:
    """Note a tie, by the tutor herself or a recruiter; it counts at once.

    An organisation that nobody named before is kept. Raises `CannotTie` with errors by field.
    """
    party = bond.party or f"{ORG}:{slugify(bond.name)[: parties.WORD_MAX].strip('-')}"
    errors = _faults(bond, party=party, at=at)
    if errors:
        raise CannotTie(_("Look at the marked fields; nothing was saved."), errors=errors)
    kind, _colon, word = party.partition(":")
    organisation = None if kind == TAG else _named(kind, word, bond, at=at)
    if organisation is not None and set(bond.tags) - set(organisation.tags):
        tags = {*organisation.tags, *bond.tags}
        organisation = _describe(organisation, tags=tags, also=tutor, actor=actor, at=at)
    else:
        raise_version(tutor_id=tutor.pk)
    if Tie.objects.filter(tutor=tutor, withdrawn_at__isnull=True).count() >= TIES_MAX:
        told = {"party": [_("At most %d ties for one person.") % TIES_MAX]}
        raise CannotTie(_("Nothing was saved."), errors=told)
    tie = Tie.objects.create(
        tutor=tutor,
        organisation=organisation,
        tag=word if kind == TAG else "",
        relation=bond.relation.strip(),
        since=bond.since,
        until=bond.until,
        declared_by=actor,
        declared_at=at,
    )
    event = TieDeclared(
        subject=tie.public_id, tutor=tutor.public_id, by_tutor=tutor.account_id == actor.pk
    )
    record(event=event, actor=actor, at=at)
    return tie


@transaction.atomic
def end_tie(*, tie: Tie, until: date, actor: Account, at: datetime) -> Tie:
    """Say on which day it ended or will end. Raises `CannotTie`, `TieOver` when withdrawn."""
    raise_version(tutor_id=tie.tutor_id)
    row = _open(tie)
    if (row.since and until < row.since) or until > _latest(at):
        raise CannotTie(
            _("This day does not fit."), errors={"until": [_("A day after the tie began.")]}
        )
    row.until = until
    row.save(update_fields=["until"])
    return _changed(row, act="ended", actor=actor, at=at)


@transaction.atomic
def withdraw_tie(*, tie: Tie, actor: Account, at: datetime) -> Tie:
    """It was noted by mistake and never held. Raises `TieOver` when withdrawn already."""
    raise_version(tutor_id=tie.tutor_id)
    row = _open(tie)
    row.withdrawn_by, row.withdrawn_at = actor, at
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return _changed(row, act="withdrawn", actor=actor, at=at)


@transaction.atomic
def describe_organisation(
    *,
    organisation: Organisation,
    name: str,
    client: str,
    tags: Sequence[str],
    actor: Account,
    at: datetime,
) -> Organisation:
    """Say what an organisation is: its name, which client it is (`C-12` or empty), its kinds.

    Where that client was known under another word, the two become one. Everybody tied to it is
    looked at again. Raises `CannotChangeOrganisation` with errors by field.
    """
    errors = _organisation_faults(name=name, client=client, tags=tags)
    if errors:
        raise CannotChangeOrganisation(
            _("Look at the marked fields; nothing was saved."), errors=errors
        )
    return _describe(organisation, name=name, client=client, tags=set(tags), actor=actor, at=at)


def _describe(
    organisation: Organisation,
    *,
    tags: set[str],
    actor: Account,
    at: datetime,
    name: str | None = None,
    client: str | None = None,
    also: Tutor | None = None,
) -> Organisation:
    """Organisations are held before tutors, and tutors in the order of their keys."""
    client = organisation.client if client is None else client
    same = Q(pk=organisation.pk) | (Q(client=client) if client else Q())
    rows = {row.pk: row for row in Organisation.objects.select_for_update().filter(same)}
    row = rows.pop(organisation.pk)
    twins = list(rows.values())
    tied = Tie.objects.filter(organisation__in=[row, *twins], withdrawn_at__isnull=True)
    tutors = sorted({*tied.values_list("tutor_id", flat=True), *([also.pk] if also else [])})
    raise_versions(tutor_ids=tutors)
    row.name, row.client = (name or row.name).strip(), client
    row.tags = sorted({*tags, *(tag for twin in twins for tag in twin.tags)})
    if len(row.tags) > parties.TAGS_MAX:
        raise CannotChangeOrganisation(
            _("Too many kinds."), errors={"tags": [_("At most %d kinds.") % parties.TAGS_MAX]}
        )
    Tie.objects.filter(organisation__in=twins).update(organisation=row)
    Organisation.objects.filter(pk__in=[twin.pk for twin in twins]).delete()
    row.save(update_fields=["name", "client", "tags"])
    event = OrganisationChanged(
        subject=row.public_id,
        client=client,
        tags=tuple(row.tags),
        tutors=tuple(public_id(Tutor.prefix, tutor) for tutor in tutors),
    )
    record(event=event, actor=actor, at=at)
    return row


@transaction.atomic
def keep_organisation(
    *,
    word: str,
    name: str,
    client: str,
    tags: Sequence[str],
    actor: Account,
    at: datetime,
) -> Organisation:
    """Describe an organisation by its word (from its name if empty), kept if it was not yet."""
    word = word or slugify(name)[: parties.WORD_MAX].strip("-")
    errors = _organisation_faults(name=name, client=client, tags=tags)
    if not parties.is_word(word):
        errors["word"] = [_("A lower-case word, such as harbour-hospital.")]
    if errors:
        raise CannotChangeOrganisation(
            _("Look at the marked fields; nothing was saved."), errors=errors
        )
    found, _new = Organisation.objects.get_or_create(
        word=word, defaults={"name": name.strip(), "added_at": at}
    )
    return _describe(found, name=name, client=client, tags=set(tags), actor=actor, at=at)


@transaction.atomic
def organisation_of_client(*, client: str, name: str, at: datetime) -> Organisation:
    """What is known of a client as an organisation; kept from now on if it was not yet."""
    known = Organisation.objects.filter(client=client).first()
    if known is not None:
        return known
    return Organisation.objects.create(word=client.lower(), name=name, client=client, added_at=at)


def _named(kind: str, word: str, bond: Bond, *, at: datetime) -> Organisation:
    """The organisation, held: whoever describes it waits, and sees the tie that is made here."""
    if kind == CLIENT:
        found = organisation_of_client(client=word, name=word, at=at)
    else:
        found, _new = Organisation.objects.get_or_create(
            word=word, defaults={"name": bond.name.strip() or word, "added_at": at}
        )
    return Organisation.objects.select_for_update().get(pk=found.pk)


def _open(tie: Tie) -> Tie:
    """The row as it is now; `TieOver` when it was withdrawn meanwhile."""
    row = Tie.objects.select_related("tutor", "organisation").get(pk=tie.pk)
    if row.withdrawn_at is not None:
        raise TieOver(_("This tie was withdrawn already."))
    return row


def _changed(tie: Tie, *, act: str, actor: Account, at: datetime) -> Tie:
    event = TieChanged(subject=tie.public_id, tutor=tie.tutor.public_id, act=act)
    record(event=event, actor=actor, at=at)
    return tie


def _latest(at: datetime) -> date:
    return (at + timedelta(days=AHEAD_YEARS_MAX * 366)).date()


def _faults(bond: Bond, *, party: str, at: datetime) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not parties.is_party(party):
        where = "party" if bond.party else "name"
        errors[where] = [_("Name the organisation, in Latin letters.")]
    if not bond.relation.strip():
        errors["relation"] = [_("Say what the tie is, such as a post or a share.")]
    if bond.tags and party.startswith(TAG):
        errors["tags"] = [_("A kind of organisation has no further kinds.")]
    elif any(not parties.is_word(tag) for tag in bond.tags):
        errors["tags"] = [_("Kinds are lower-case words, such as ai-lab.")]
    if bond.since and bond.until and bond.until < bond.since:
        errors["until"] = [_("The end is before the beginning.")]
    elif max(bond.since or at.date(), bond.until or at.date()) > _latest(at):
        errors["until"] = [_("This lies too far ahead.")]
    return errors


def _organisation_faults(*, name: str, client: str, tags: Sequence[str]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = [_("Say its name.")]
    if client and not parties.is_party(f"{CLIENT}:{client}"):
        errors["client"] = [_("A client such as C-12, or nothing.")]
    if len(set(tags)) > parties.TAGS_MAX:
        errors["tags"] = [_("At most %d kinds.") % parties.TAGS_MAX]
    elif any(not parties.is_word(tag) for tag in tags):
        errors["tags"] = [_("Kinds are lower-case words, such as ai-lab.")]
    return errors
