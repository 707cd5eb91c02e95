"""Client organisations and the people who act for them."""

from typing import Any

from rest_framework import serializers

from tasks.operations import welcoming
from tasks.queries import visible
from tasks.rules.limits import NAME_CHARS_MAX
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.rules.roles import STAFF, Role

STAFF_AND_CLIENTS = STAFF | {Role.CLIENT}


class ClientAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    is_sandbox = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class ClientRequest(Body):
    name = serializers.CharField(max_length=NAME_CHARS_MAX)
    is_sandbox = serializers.BooleanField(default=False)


class MemberAnswer(serializers.Serializer[Any]):
    account = serializers.CharField(source="account.public_id")
    name = serializers.CharField(source="account.name")
    email = serializers.EmailField(source="account.email")
    added_at = serializers.DateTimeField()


class MemberRequest(Body):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=200)


def find_client(call: Call, id: str) -> Any:
    return visible.one(visible.clients(account=call.account), key_of("C", id))


class Clients(Desk):
    @door(
        "clients_list",
        summary="Client organisations",
        roles=STAFF_AND_CLIENTS,
        answer=ClientAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        """Staff see all of them, a client's member her own."""
        return visible.clients(account=call.account)

    @door(
        "clients_create",
        summary="Add a client organisation",
        roles=[Role.MANAGER, Role.ADMIN],
        body=ClientRequest,
        answer=ClientAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        return welcoming.add_client(**call.body, actor=call.account, at=call.at)

    @door(
        "clients_show",
        summary="One client organisation",
        roles=STAFF_AND_CLIENTS,
        find=find_client,
        answer=ClientAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found


class Members(Desk):
    @door(
        "members_list",
        summary="Who acts for a client",
        roles=STAFF_AND_CLIENTS,
        find=find_client,
        answer=MemberAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return call.found.members.select_related("account")

    @door(
        "members_create",
        summary="Let somebody act for a client",
        roles=[Role.MANAGER, Role.ADMIN],
        find=find_client,
        body=MemberRequest,
        answer=MemberAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """Makes an account, or gives the one with this e-mail the client's role."""
        return welcoming.add_member(client=call.found, **call.body, actor=call.account, at=call.at)
