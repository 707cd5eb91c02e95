"""Second factors that are given, not asked for: the demonstration's."""

import base64
import hashlib

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from workforce.models import Account
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
