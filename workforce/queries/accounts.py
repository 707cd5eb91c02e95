"""Questions about accounts and tokens."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from workforce.models import Account, ApiToken
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role


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


def sessions_of(*, account: Account) -> list[UserSession]:
    """Where the account is signed in, the last seen first."""
    rows = UserSession.objects.filter(user_id=account.pk).order_by("-last_seen_at", "-pk")
    return list(rows[:SESSIONS_SHOWN_MAX])


def staff_accounts(*, role: Role) -> list[int]:
    """Keys of the active accounts that hold a role."""
    held = Account.objects.filter(grants__role=role, is_active=True)
    return list(held.order_by("pk").values_list("pk", flat=True)[:STAFF_TOLD_MAX])


STAFF_TOLD_MAX = 200
