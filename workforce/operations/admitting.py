"""Letting people in, as what, and out again."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from workforce.events import (
    AccountAdmitted,
    AccountClosed,
    InvitationAccepted,
    InvitationMade,
    RoleGranted,
)
from workforce.models import Account, ApiToken, Invitation, RoleGrant
from workforce.operations.recording import record
from workforce.rules.problems import Conflict, Invalid
from workforce.rules.roles import Role


class CannotAdmit(Conflict):
    code = "email_taken"


class CannotAccept(Invalid):
    code = "invitation_not_valid"


class CannotClose(Conflict):
    code = "account_not_closable"


@dataclass(frozen=True, kw_only=True)
class Invited:
    """A fresh invitation; `secret` is shown this once and kept nowhere."""

    account: Account
    secret: str
    expires_at: datetime

    @property
    def path(self) -> str:
        return f"/invitations/{self.secret}/"


@transaction.atomic
def admit(
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    actor: Account | None,
    at: datetime,
    time_zone: str = "UTC",
    password: str | None = None,
    is_demo: bool = False,
) -> Account:
    """Make an account with these roles; `CannotAdmit` when the e-mail has one already."""
    account = Account(
        email=email.strip(), name=name, time_zone=time_zone, joined_at=at, is_demo=is_demo
    )
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise CannotAdmit(
            _("There is an account for %s already. Give that one the role instead.") % email,
            errors={"email": [_("This e-mail has an account already.")]},
        ) from None
    held = sorted(set(roles))
    RoleGrant.objects.bulk_create(
        RoleGrant(account=account, role=r, granted_by=actor, granted_at=at) for r in held
    )
    record(event=AccountAdmitted(subject=account.public_id, roles=tuple(held)), actor=actor, at=at)
    return account


@transaction.atomic
def grant_role(*, account: Account, role: Role, actor: Account | None, at: datetime) -> None:
    """Give one more role; having it already is no error."""
    _grant, new = RoleGrant.objects.get_or_create(
        account=account, role=role, defaults={"granted_by": actor, "granted_at": at}
    )
    if new:
        account.__dict__.pop("roles", None)
        record(event=RoleGranted(subject=account.public_id, role=role.value), actor=actor, at=at)


@transaction.atomic
def invite(*, account: Account, actor: Account | None, at: datetime) -> Invited:
    """Make the link with which a person takes over the account made for her.

    It is mailed by a job; who invites may also hand it over in person.
    """
    nonce = secrets.token_urlsafe(32)
    expires_at = at + timedelta(days=settings.INVITATION_DAYS)
    invitation = Invitation.objects.create(
        account=account,
        nonce=nonce,
        secret_hash=hashed(secret_of(nonce)),
        created_by=actor,
        created_at=at,
        expires_at=expires_at,
    )
    made = InvitationMade(subject=account.public_id, invitation=invitation.pk)
    record(event=made, actor=actor, at=at)
    return Invited(account=account, secret=secret_of(nonce), expires_at=expires_at)


def mail_invitation(*, invitation_id: int, at: datetime) -> None:
    """Send the link to its account, unless it was used or has expired meanwhile."""
    invitation = (
        Invitation.objects.select_related("account")
        .filter(pk=invitation_id, accepted_at__isnull=True, expires_at__gt=at)
        .first()
    )
    if invitation is None or invitation.account.is_demo:
        return
    link = f"{settings.BASE_URL}/invitations/{secret_of(invitation.nonce)}/"
    send_mail(
        subject=_("Your invitation to Lectern"),
        message=_(
            "Hello %(name)s,\n\nyou are invited to work with Lectern. Choose your password here, "
            "by %(until)s:\n\n%(link)s\n"
        )
        % {
            "name": invitation.account.name,
            "until": f"{invitation.expires_at:%d %B %Y}",
            "link": link,
        },
        from_email=None,
        recipient_list=[invitation.account.email],
    )


def secret_of(nonce: str) -> str:
    """The secret of an invitation: made of the row and this instance's key, kept nowhere."""
    return salted_hmac("lectern.invitation", nonce, algorithm="sha256").hexdigest()


@transaction.atomic
def accept_invitation(*, secret: str, password: str, at: datetime) -> Account:
    """Set the first password; `CannotAccept` for a used, expired or unknown link."""
    invitation = (
        Invitation.objects.select_related("account").filter(secret_hash=hashed(secret)).first()
    )
    if invitation is None or not invitation.account.is_active:
        raise CannotAccept(
            _("This invitation link is not known. Ask who invited you for a new one.")
        )
    account = invitation.account
    try:
        validate_password(password, account)
    except ValidationError as problem:
        raise CannotAccept(
            _("Choose another password."), errors={"password": list(problem.messages)}
        ) from None
    used = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, expires_at__gt=at
    ).update(accepted_at=at)
    if not used:
        raise CannotAccept(
            _("This invitation was used or has expired. Ask who invited you for a new one.")
        )
    account.set_password(password)
    account.save(update_fields=["password"])
    record(event=InvitationAccepted(subject=account.public_id), actor=account, at=at)
    return account


@transaction.atomic
def close_account(*, account: Account, reason: str, actor: Account, at: datetime) -> None:
    """End an account: sessions and tokens die with it. Closing twice is no error.

    Offers and work in hand go back by the reactions to its event; what is earned stays due.
    Nobody closes her own (`CannotClose`), so there is always somebody left to let others in.
    """
    if account.pk == actor.pk:
        raise CannotClose(_("Your own account is closed by somebody else."))
    if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
        return
    ApiToken.objects.filter(account=account, revoked_at__isnull=True).update(revoked_at=at)
    record(event=AccountClosed(subject=account.public_id, reason=reason), actor=actor, at=at)


def hashed(secret: str) -> str:
    """SHA-256 of a random secret; it has 256 bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
