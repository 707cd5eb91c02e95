"""Oneself and one's tokens; and, for administrators, everybody's account."""

from typing import Any

from rest_framework import serializers

from workforce.access import stepped_up
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.operations.admitting import close_account
from workforce.operations.issuing import issue, revoke
from workforce.queries.accounts import account_of, accounts, token_of, tokens_of
from workforce.rules.roles import Role, Scope

REASON_CHARS_MAX = 500


class MeAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    email = serializers.EmailField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    roles = serializers.SerializerMethodField()

    def get_roles(self, account: Any) -> list[str]:
        return sorted(account.roles)


class TokenRequest(Body):
    name = serializers.CharField(max_length=80)
    days = serializers.IntegerField(min_value=1, max_value=365, default=30)
    scopes = serializers.ListField(
        child=serializers.ChoiceField([s.value for s in Scope]), default=["api"], max_length=4
    )


class TokenAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    hint = serializers.CharField(help_text="The secret's last four characters.")
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class IssuedAnswer(serializers.Serializer[Any]):
    token = TokenAnswer()
    secret = serializers.CharField(help_text="Shown this once.")


def _own_token(call: Call, id: str) -> Any:
    return token_of(account=call.account, token_id=key_of("TK", id))


class Tokens(Desk):
    @door("tokens_list", summary="My tokens", answer=TokenAnswer, many=True)
    def list(self, call: Call) -> Any:
        return tokens_of(account=call.account)

    @door(
        "tokens_create",
        summary="Make a token",
        body=TokenRequest,
        answer=IssuedAnswer,
        status=201,
        session_only=True,
    )
    def create(self, call: Call) -> Any:
        """By session only; the secret is in this answer and nowhere else.

        `payouts:release` needs a second factor confirmed within the last five minutes.
        """
        return issue(
            account=call.account,
            name=call.body["name"],
            days=call.body["days"],
            scopes=[Scope(s) for s in call.body["scopes"]],
            stepped_up=stepped_up(request=call.request._request, account=call.account, at=call.at),
            at=call.at,
        )

    @door("tokens_show", summary="One of my tokens", find=_own_token, answer=TokenAnswer)
    def show(self, call: Call) -> Any:
        return call.found

    @door("tokens_revoke", summary="Revoke a token", find=_own_token, unsafe=True, conflict=False)
    def revoke(self, call: Call) -> None:
        revoke(token=call.found, actor=call.account, at=call.at)


class AccountFilters(Filters):
    q = serializers.CharField(max_length=80, required=False, help_text="Name, e-mail or A-12.")
    role = serializers.ChoiceField([r.value for r in Role], required=False)
    active = serializers.BooleanField(default=None, allow_null=True, required=False)


class AccountAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    email = serializers.EmailField()
    name = serializers.CharField()
    roles = serializers.SerializerMethodField()
    active = serializers.BooleanField(source="is_active", help_text="False: it is closed.")
    joined_at = serializers.DateTimeField()

    def get_roles(self, account: Any) -> list[str]:
        return sorted(grant.role for grant in account.grants.all())


class CloseRequest(Body):
    reason = serializers.CharField(max_length=REASON_CHARS_MAX)


def _account(call: Call, id: str) -> Any:
    return account_of(account_id=key_of("A", id))


class Accounts(Desk):
    @door(
        "accounts_list",
        summary="Accounts",
        roles=[Role.ADMIN],
        filters=AccountFilters,
        answer=AccountAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        role = call.params.get("role")
        return accounts(
            text=call.params.get("q", "").strip(),
            role=Role(role) if role else None,
            active=call.params.get("active"),
        )

    @door(
        "accounts_show",
        summary="One account",
        roles=[Role.ADMIN],
        find=_account,
        answer=AccountAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "accounts_close",
        summary="Close an account",
        roles=[Role.ADMIN],
        find=_account,
        body=CloseRequest,
        answer=AccountAnswer,
        idempotent=True,
    )
    def close(self, call: Call) -> Any:
        """Sessions and tokens end at once, offers and work in hand go back within seconds, pay
        still due stays due. Closing twice changes nothing; nobody closes her own.
        """
        close_account(
            account=call.found, reason=call.body["reason"], actor=call.account, at=call.at
        )
        return account_of(account_id=call.found.pk)
