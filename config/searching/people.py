"""Tutors and their papers."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from config.searching.asking import ASKED_MAX, Asked, Group, Hit, url
from tutors.models import Contract, Tutor
from tutors.queries import people
from tutors.rules.states import ContractState
from workforce.rules.roles import STAFF, Role

CONTRACT_WORDS = {
    ContractState.OFFERED: _("Waits for the tutor"),
    ContractState.SIGNED: _("Waits for us"),
    ContractState.ACTIVE: _("In force"),
    ContractState.NOTICE: _("Notice"),
    ContractState.ENDED: _("Ended"),
}


def _tutor(tutor: Tutor) -> Hit:
    return Hit(
        title=tutor.account.name,
        detail=tutor.account.email,
        id=tutor.public_id,
        url=url("recruiting-tutor", tutor.public_id),
        icon="user",
    )


def _tutors(asked: Asked) -> Sequence[Hit]:
    rows = people.tutors_visible_to(account=asked.account).select_related("account")
    key = asked.key_of(Tutor.prefix)
    wanted = rows.filter(pk=key) if key else people.found(rows=rows, q=asked.text)
    return [_tutor(tutor) for tutor in wanted.order_by("account__name", "pk")[:ASKED_MAX]]


def _contract(asked: Asked, contract: Contract) -> Hit:
    own = contract.tutor.account_id == asked.account.pk
    address = url("work-contract") if own else url("recruiting-contract", contract.public_id)
    return Hit(
        title=contract.tutor.account.name,
        detail=str(CONTRACT_WORDS[ContractState(contract.state)]),
        id=contract.public_id,
        url=address,
        icon="signature",
    )


def _contracts(asked: Asked) -> Sequence[Hit]:
    rows = people.contracts_visible_to(account=asked.account).prefetch_related(None)
    rows = rows.select_related("tutor__account")
    key = asked.key_of(Contract.prefix)
    if key:
        rows = rows.filter(pk=key)
    else:
        named = people.found(rows=people.tutors_visible_to(account=asked.account), q=asked.text)
        rows = rows.filter(tutor__in=named.values("pk"))
    return [_contract(asked, contract) for contract in rows.order_by("-pk")[:ASKED_MAX]]


TUTORS = Group(label=_("Tutors"), icon="users", roles=STAFF, find=_tutors)
CONTRACTS = Group(
    label=_("Contracts"),
    icon="signature",
    roles=frozenset({Role.RECRUITER, Role.ADMIN}),
    find=_contracts,
)


def _paper(rows: Callable[..., QuerySet[Any]]) -> Callable[[Asked], Hit | None]:
    """A credential, qualification or agreement leads to its tutor's profile."""

    def find(asked: Asked) -> Hit | None:
        found = rows(account=asked.account).filter(pk=asked.key)
        row = found.select_related("tutor__account").first()
        return _tutor(row.tutor) if row else None

    return find


def _import(asked: Asked) -> Hit | None:
    row = people.imports_visible_to(account=asked.account).filter(pk=asked.key).first()
    if row is None:
        return None
    address = url("recruiting-import", row.public_id)
    return Hit(title=row.file_name, id=row.public_id, url=address, icon="file-import")


def _first(find: Callable[[Asked], Sequence[Hit]]) -> Callable[[Asked], Hit | None]:
    return lambda asked: next(iter(find(asked)), None)


BY_ID: dict[str, Callable[[Asked], Hit | None]] = {
    "E": _first(_tutors),
    "K": _first(_contracts),
    "CR": _paper(people.credentials_visible_to),
    "Q": _paper(people.qualifications_visible_to),
    "AG": _paper(people.agreements_visible_to),
    "TI": _import,
}
