"""Clients come to us: their organisation, and the people who speak for it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tasks.events import ClientAdded, ClientMemberAdded
from tasks.models import Client, ClientMember
from workforce.models import Account
from workforce.operations import record
from workforce.operations.admitting import admit, grant_role
from workforce.queries.accounts import by_email
from workforce.rules.problems import Conflict
from workforce.rules.roles import STAFF, Role

MEMBERS_MAX = 200


class CannotAddClient(Conflict):
    code = "client_exists"


class CannotAddMember(Conflict):
    code = "member_not_added"


@transaction.atomic
def add_client(*, name: str, actor: Account, at: datetime, is_sandbox: bool = False) -> Client:
    """Make a client organisation; `CannotAddClient` when one has this name already."""
    client = Client(name=name.strip(), is_sandbox=is_sandbox, created_at=at)
    try:
        with transaction.atomic():
            client.save(force_insert=True)
    except IntegrityError:
        raise CannotAddClient(
            _("There is a client named %(name)s already.") % {"name": client.name},
            errors={"name": [_("This name is taken.")]},
        ) from None
    record(event=ClientAdded(subject=client.public_id), actor=actor, at=at)
    return client


@transaction.atomic
def add_member(
    *, client: Client, email: str, name: str, actor: Account, at: datetime, time_zone: str = "UTC"
) -> ClientMember:
    """Let somebody act for the client, with a new account or the one she has.

    `CannotAddMember` for our own staff, who see every client, and past 200 members.
    """
    if client.members.count() >= MEMBERS_MAX:
        raise CannotAddMember(
            _("%(name)s has %(n)d members already.") % {"name": client.name, "n": MEMBERS_MAX}
        )
    account = by_email(email=email)
    if account is None:
        roles = [Role.CLIENT]
        account = admit(
            email=email, name=name, roles=roles, actor=actor, at=at, time_zone=time_zone
        )
    elif account.roles & STAFF:
        raise CannotAddMember(
            _("This person works for us and sees every client. Invite somebody of the client's."),
            errors={"email": [_("This account has a role of our own.")]},
        )
    else:
        grant_role(account=account, role=Role.CLIENT, actor=actor, at=at)
    return join(client=client, account=account, actor=actor, at=at)


@transaction.atomic
def join(*, client: Client, account: Account, actor: Account | None, at: datetime) -> ClientMember:
    """Make an account a member of the client. Being one already is no error."""
    member, new = ClientMember.objects.get_or_create(
        client=client, account=account, defaults={"added_at": at}
    )
    if new:
        event = ClientMemberAdded(subject=client.public_id, account=account.public_id)
        record(event=event, actor=actor, at=at)
    return member
