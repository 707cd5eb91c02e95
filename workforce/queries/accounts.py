"""Questions about accounts and tokens."""

from django.db.models import QuerySet

from workforce.models import Account, ApiToken
from workforce.rules.problems import NotFound


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
