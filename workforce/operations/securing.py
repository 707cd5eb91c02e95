"""Sessions that are ended, and the demonstration's second factors."""

import base64
import hashlib
from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from workforce.events import SessionsEnded
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import NotAllowed


def demonstration_secret(*, account: Account) -> str:
    """The TOTP secret of a demonstration account: made of its e-mail and this instance's key.

    `NotAllowed` for anybody else, and in production for everybody.
    """
    if settings.PRODUCTION or not account.is_demo:
        raise NotAllowed(_("Only a demonstration account has a secret that others may know."))
    digest = salted_hmac("lectern.demonstration.totp", account.email, algorithm="sha256").digest()
    return base64.b32encode(hashlib.sha256(digest).digest()[:20]).decode()


@transaction.atomic
def give_demonstration_factor(*, account: Account) -> str:
    """Give the account its authenticator app, unless it has one; the secret to enter there."""
    secret = demonstration_secret(account=account)
    held = Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP)
    if not held.exists():
        TOTP.activate(account, secret)
    return secret


@transaction.atomic
def end_sessions(
    *, account: Account, at: datetime, only: Collection[int] | None = None, but: str = ""
) -> int:
    """End sessions of the account: those with these keys, or all but the one named; how many.

    Whoever sits there is signed out at her next click. Ended ones are no error.
    """
    rows = UserSession.objects.filter(user_id=account.pk).exclude(session_key=but)
    if only is not None:
        rows = rows.filter(pk__in=only)
    keys = list(rows.values_list("session_key", flat=True))
    if not keys:
        return 0
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    record(event=SessionsEnded(subject=account.public_id, sessions=len(keys)), actor=account, at=at)
    return len(keys)
