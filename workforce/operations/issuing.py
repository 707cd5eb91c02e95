"""API tokens: issued once, shown once, revoked for ever."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from workforce.events import TokenIssued, TokenRevoked
from workforce.models import Account, ApiToken
from workforce.operations.admitting import hashed
from workforce.operations.recording import record
from workforce.queries.plans import prepared
from workforce.rules.problems import Conflict, Invalid, NotAllowed
from workforce.rules.roles import Role, Scope

TOKENS_MAX = 50
"""Live tokens that one account may hold."""


class CannotIssue(Invalid):
    code = "token_not_issued"


class TooManyTokens(Conflict):
    code = "too_many_tokens"


class NeedsStepUp(NotAllowed):
    code = "step_up_needed"


@dataclass(frozen=True, kw_only=True)
class Issued:
    token: ApiToken
    secret: str


@transaction.atomic
def issue(
    *,
    account: Account,
    name: str,
    at: datetime,
    scopes: Iterable[Scope] = (Scope.API,),
    days: int = 30,
    stepped_up: bool = False,
) -> Issued:
    """Make a token of the account. The secret is in the answer and nowhere else.

    `payouts:release` needs the finance role and a fresh step-up (`NeedsStepUp`).
    """
    wanted = sorted(set(scopes))
    if not 1 <= days <= settings.TOKEN_DAYS_MAX:
        raise CannotIssue(
            _("The token cannot live that long."),
            errors={"days": [_("Between 1 and %d days.") % settings.TOKEN_DAYS_MAX]},
        )
    if Scope.PAYOUTS_RELEASE in wanted and not (stepped_up and Role.FINANCE in account.roles):
        raise NeedsStepUp(
            _("Confirm with your second factor first; only finance may hold this scope.")
        )
    if account.tokens.filter(revoked_at__isnull=True, expires_at__gt=at).count() >= TOKENS_MAX:
        raise TooManyTokens(_("You hold %d tokens already. Revoke one first.") % TOKENS_MAX)
    secret = f"lt_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        account=account,
        name=name,
        secret_hash=hashed(secret),
        hint=secret[-4:],
        scopes=wanted,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    record(
        event=TokenIssued(subject=account.public_id, token=token.public_id, scopes=tuple(wanted)),
        actor=account,
        at=at,
    )
    return Issued(token=token, secret=secret)


_NOTE_USE = """
UPDATE workforce_apitoken SET last_used_at = %(at)s
 WHERE id = (SELECT id FROM workforce_apitoken WHERE id = %(token)s FOR UPDATE SKIP LOCKED)
"""


def note_use(*, token_id: int, at: datetime) -> None:
    """Note when the token was used, unless another request is noting it: nobody waits for that."""
    with prepared() as cursor:
        cursor.execute(_NOTE_USE, {"token": token_id, "at": at})


@transaction.atomic
def revoke(*, token: ApiToken, actor: Account, at: datetime) -> None:
    """End a token. Revoking twice is no error."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
        record(
            event=TokenRevoked(subject=token.account.public_id, token=token.public_id),
            actor=actor,
            at=at,
        )
