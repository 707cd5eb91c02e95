"""Questions about accounts and tokens."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from workforce.events import AccountClosed
from workforce.models import Account, ApiToken, Event
from workforce.rules.devices import PHONES, device_of, system_of
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role


def accounts(
    *, text: str = "", role: Role | None = None, active: bool | None = None
) -> QuerySet[Account]:
    """Accounts with their roles; `text` is looked for in names and addresses, `A-12` is a key."""
    found = Account.objects.prefetch_related("grants")
    if role is not None:
        found = found.filter(grants__role=role)
    if active is not None:
        found = found.filter(is_active=active)
    if not text:
        return found
    named = Q(name__icontains=text) | Q(email__icontains=text)
    with suppress(NotAnId):
        named |= Q(pk=internal_id(Account.prefix, text.upper()))
    return found.filter(named)


def account_of(*, account_id: int) -> Account:
    found = accounts().filter(pk=account_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, kw_only=True)
class Access:
    """What an account opens now, and since when it does not, where it is closed."""

    tokens: int
    sessions: int
    closed_at: datetime | None = None
    closed_by: str = ""
    reason: str = ""


def access_of(*, account: Account, at: datetime) -> Access:
    live = ApiToken.objects.filter(account=account, revoked_at__isnull=True, expires_at__gt=at)
    closed = None
    if not account.is_active:
        rows = Event.objects.filter(subject=account.public_id, kind=AccountClosed.kind)
        closed = rows.select_related("actor").order_by("-id").first()
    return Access(
        tokens=live.count(),
        sessions=len(sessions_of(account=account, at=at)) if account.is_active else 0,
        closed_at=closed.at if closed else None,
        closed_by=closed.actor.name if closed and closed.actor else "",
        reason=str(closed.body.get("reason", "")) if closed else "",
    )


def tokens_of(*, account: Account) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(account=account)


def token_of(*, account: Account, token_id: int) -> ApiToken:
    """One of the account's own tokens; `NotFound` for anybody else's."""
    token = ApiToken.objects.filter(account=account, pk=token_id).first()
    if token is None:
        raise NotFound
    return token


def by_email(*, email: str) -> Account | None:
    return Account.objects.filter(email__iexact=email).first()


SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(*, account: Account, but: int | None = None) -> bool:
    """Whether the account has an authenticator app or a passkey (beside the one named)."""
    return bool(
        Authenticator.objects.filter(user_id=account.pk, type__in=SECOND_FACTORS)
        .exclude(pk=but)
        .exists()
    )


SESSIONS_SHOWN_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One place where somebody is signed in."""

    id: int
    key: str
    device: str
    is_phone: bool
    address: str
    since: datetime
    seen_at: datetime


def sessions_of(*, account: Account, at: datetime) -> list[Sitting]:
    """Where the account is signed in, the last seen first."""
    rows = UserSession.objects.filter(user_id=account.pk).order_by("-last_seen_at", "-pk")
    found = list(rows[:SESSIONS_SHOWN_MAX])
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in found], expire_date__gt=at
        ).values_list("session_key", flat=True)
    )
    return [
        Sitting(
            id=row.pk,
            key=row.session_key,
            device=device_of(row.user_agent),
            is_phone=system_of(row.user_agent) in PHONES,
            address=row.ip,
            since=row.created_at,
            seen_at=row.last_seen_at,
        )
        for row in found
        if row.session_key in alive
    ]


def staff_accounts(*, role: Role) -> list[int]:
    """Keys of the active accounts that hold a role."""
    held = Account.objects.filter(grants__role=role, is_active=True)
    return list(held.order_by("pk").values_list("pk", flat=True)[:STAFF_TOLD_MAX])


STAFF_TOLD_MAX = 200


DEMONSTRATION_MAX = 200


def demonstration_emails() -> set[str]:
    """Addresses of the demonstration's accounts that can sign in."""
    rows = Account.objects.filter(is_demo=True, is_active=True).order_by("pk")
    return set(rows.values_list("email", flat=True)[:DEMONSTRATION_MAX])
