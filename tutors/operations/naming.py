"""Requirement sets kept by name: saved, replaced by a changed one, put away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tutors.events import RequirementsNamed, RequirementsPutAway
from tutors.models import NamedSet
from tutors.rules.requirements import parse
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict, Invalid

_LOCK = 7_403


class CannotNameSet(Invalid):
    """`errors` names a place, as `name` or `rules`."""

    code = "requirement_set_not_valid"


class SetExists(Conflict):
    """The same rules are kept already, under a name that `detail` says."""

    code = "requirement_set_exists"


class SetOver(Conflict):
    """Somebody replaced it or put it away meanwhile."""

    code = "requirement_set_over"


@transaction.atomic
def name_set(
    *,
    document: Mapping[str, Any],
    replaces: NamedSet | None = None,
    actor: Account,
    at: datetime,
) -> NamedSet:
    """Keep the document by its name. With `replaces` it takes the place of that set, which ends;
    projects that began with it stay as they are.

    Raises `CannotReadRequirements`, `CannotNameSet`, `SetExists`, `SetOver`.
    """
    requirement = parse(dict(document))
    name = " ".join(requirement.name.split())
    if not requirement.rules:
        told = {"rules": [_("Add a rule: without one anybody under contract may do the work.")]}
        raise CannotNameSet(_("Nothing was saved."), errors=told)
    _one_at_a_time()
    if replaces is not None:
        _end(replaces, actor=actor, at=at)
    signature = requirement.signature(client=None)
    _refuse_twins(name, signature)
    made = NamedSet.objects.create(
        name=name,
        signature=signature,
        document={**requirement.document, "name": name},
        replaces=replaces,
        made_by=actor,
        made_at=at,
    )
    event = RequirementsNamed(
        subject=made.public_id,
        signature=signature,
        replaces=replaces.public_id if replaces else "",
    )
    record(event=event, actor=actor, at=at)
    return made


@transaction.atomic
def put_away(*, named: NamedSet, actor: Account, at: datetime) -> None:
    """No new project starts from it; those that did stay as they are. Raises `SetOver`."""
    _end(named, actor=actor, at=at)
    record(event=RequirementsPutAway(subject=named.public_id), actor=actor, at=at)


def _end(named: NamedSet, *, actor: Account, at: datetime) -> None:
    live = NamedSet.objects.filter(pk=named.pk, ended_at__isnull=True)
    if not live.update(ended_by=actor, ended_at=at):
        raise SetOver(_("This set was replaced or put away meanwhile. Look at the list again."))


def _refuse_twins(name: str, signature: str) -> None:
    live = NamedSet.objects.filter(ended_at__isnull=True)
    if live.filter(name__iexact=name).exists():
        told = {"name": [_("There is a set of this name already. Choose another one.")]}
        raise CannotNameSet(_("Nothing was saved."), errors=told)
    twin = live.filter(signature=signature).first()
    if twin is not None:
        words = {"id": twin.public_id, "name": twin.name}
        raise SetExists(_("%(id)s “%(name)s” asks for exactly this. Use it.") % words)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
