"""A tutor's own papers: what is in force, and what waits for her signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tutors.models import Agreement, Contract, Qualification, Tutor
from tutors.queries import people
from tutors.queries.profiles import contracts
from tutors.rules.fields import within
from tutors.rules.states import AgreementState, ContractState
from workforce.models import Account, Domain

PAPERS_MAX = 100


@dataclass(frozen=True, kw_only=True)
class OwnContract:
    """A contract of one's own with the version that counts and the one on the table."""

    row: Contract
    in_force: Any
    waiting: Any


def own_contracts(*, account: Account) -> list[OwnContract]:
    """Newest first; what was never signed and is over is left out."""
    rows = contracts(account=account).filter(tutor__account=account)
    kept = rows.exclude(state=ContractState.ENDED, signed_at__isnull=True).order_by("-id")
    return [_own(row) for row in kept[:PAPERS_MAX]]


def _own(row: Contract) -> OwnContract:
    versions = list(row.versions.all())
    return OwnContract(
        row=row,
        in_force=next((v for v in versions if v.state == "in_force"), None),
        waiting=next((v for v in versions if v.state in ("offered", "signed")), None),
    )


def own_agreements(*, account: Account) -> Sequence[Agreement]:
    rows = people.agreements_visible_to(account=account).filter(tutor__account=account)
    kept = rows.exclude(state=AgreementState.WITHDRAWN).order_by("-id")
    return list(kept[:PAPERS_MAX])


def own_paper(*, account: Account, agreement_id: int) -> Agreement | None:
    """A paper offered to this person; None for any other."""
    rows = people.agreements_visible_to(account=account).select_related("tutor__account", "paper")
    return rows.filter(pk=agreement_id, tutor__account=account).first()


def own_contract(*, account: Account, contract_id: int) -> Contract | None:
    """A contract with this person; None for any other."""
    rows = contracts(account=account).filter(tutor__account=account)
    return rows.filter(pk=contract_id).first()


def own_qualifications(*, tutor: Tutor) -> QuerySet[Qualification]:
    """Held and taken back, by field; what a newer grant replaced is left out."""
    rows = Qualification.objects.filter(tutor=tutor).exclude(state="replaced")
    return rows.select_related("domain").order_by("state", "domain__slug", "-id")


def own_credentials(*, tutor: Tutor) -> Sequence[Any]:
    return list(tutor.credentials.order_by("expires_on", "id")[:PAPERS_MAX])


def not_held(*, tutor: Tutor, at: datetime) -> Sequence[Domain]:
    """The fields that she named and is not qualified in."""
    held = Qualification.objects.filter(tutor=tutor, state="granted").select_related("domain")
    valid = [q.domain.slug for q in held if q.expires_at is None or q.expires_at > at]
    return [
        domain
        for domain in tutor.domains.order_by("slug")
        if not any(within(slug=slug, ancestor=domain.slug) for slug in valid)
    ]
