"""Whether somebody is who she says: checked by a person, again every so often."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import IdentityChecked, IdentityCheckWithdrawn
from tutors.models import IdentityCheck, Tutor
from tutors.operations.facts import raise_version
from tutors.operations.vetting import CannotVerify, NotByOneself
from tutors.rules.states import IdentityMethod
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict


class IdentityCheckOver(Conflict):
    code = "identity_check_over"


@transaction.atomic
def check_identity(
    *, tutor: Tutor, method: IdentityMethod, source: str, actor: Account, at: datetime
) -> IdentityCheck:
    """Write down that her identity was checked just now, how, and where it can be read up.

    Raises `CannotVerify` without a source, `NotByOneself`.
    """
    if tutor.account_id == actor.pk:
        raise NotByOneself(_("Somebody else has to check your identity."))
    if not source.strip():
        raise CannotVerify(
            _("Say what was looked at; nothing was saved."),
            errors={"source": [_("Such as a passport on a call, or the report of a provider.")]},
        )
    raise_version(tutor_id=tutor.pk)
    check = IdentityCheck.objects.create(
        tutor=tutor, method=method, source=source.strip(), checked_by=actor, checked_at=at
    )
    event = IdentityChecked(subject=check.public_id, tutor=tutor.public_id, method=method.value)
    record(event=event, actor=actor, at=at)
    return check


@transaction.atomic
def withdraw_identity_check(*, check: IdentityCheck, actor: Account, at: datetime) -> IdentityCheck:
    """It was written by mistake; an earlier check counts again. `IdentityCheckOver` if done."""
    raise_version(tutor_id=check.tutor_id)
    row = IdentityCheck.objects.get(pk=check.pk)
    if row.withdrawn_at is not None:
        raise IdentityCheckOver(_("This check was withdrawn already."))
    row.withdrawn_by, row.withdrawn_at = actor, at
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    event = IdentityCheckWithdrawn(subject=row.public_id, tutor=check.tutor.public_id)
    record(event=event, actor=actor, at=at)
    return row
