"""What recruiters' pages show of tutors and their papers, in a constant number of statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from tutors.models import (
    Agreement,
    Contract,
    ContractVersion,
    Credential,
    CredentialCheck,
    ImportRow,
    Qualification,
    Tutor,
)
from tutors.queries import background, people
from tutors.rules.states import WRITTEN, CredentialStatus, RowState, Verified
from workforce.models import Account, Event, Invitation
from workforce.queries.events import events_about
from workforce.rules.problems import NotFound

FEED_MAX = 40
"""Events that a profile shows; the audit trail has them all."""

EXPERT_STATES = ("active", "notice")


def profile(*, account: Account, tutor_id: int) -> Tutor:
    """One tutor with everything about her: checks with who made them, versions with rates."""
    checks = CredentialCheck.objects.select_related("checked_by").order_by("-id")
    rows = people.tutors_visible_to(account=account).select_related("account", "added_by")
    found = (
        rows.prefetch_related(
            "domains",
            "languages",
            Prefetch(
                "credentials",
                Credential.objects.select_related("added_by")
                .prefetch_related(Prefetch("checks", checks))
                .order_by("id"),
            ),
            Prefetch(
                "qualifications",
                Qualification.objects.select_related("domain", "granted_by", "revoked_by").order_by(
                    "-id"
                ),
            ),
            Prefetch("agreements", Agreement.objects.select_related("paper").order_by("-id")),
            Prefetch("contracts", contracts(account=account).order_by("-id")),
            *background.held(),
        )
        .filter(pk=tutor_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def contracts(*, account: Account) -> QuerySet[Contract]:
    """Contracts with their versions, newest first, as the account may see them."""
    versions = (
        ContractVersion.objects.select_related("paper", "offered_by", "countersigned_by")
        .prefetch_related("rates__domain")
        .order_by("-number")
    )
    rows = Contract.objects.select_related("tutor__account", "offered_by")
    rows = rows.prefetch_related(Prefetch("versions", versions))
    return rows if people.sees_everybody(account) else rows.filter(tutor__account=account)


def contract(*, account: Account, contract_id: int) -> Contract:
    found = contracts(account=account).filter(pk=contract_id).first()
    if found is None:
        raise NotFound
    return found


def last_invitation(*, account_id: int) -> Invitation | None:
    rows = Invitation.objects.select_related("created_by").filter(account_id=account_id)
    return rows.order_by("-id").first()


def story(*, tutor: Tutor) -> Sequence[Event]:
    """The newest events about a tutor of `profile` and her papers."""
    subjects = [tutor.public_id, tutor.account.public_id]
    papers: Sequence[Collection[Any]] = (
        tutor.credentials.all(),
        tutor.qualifications.all(),
        tutor.agreements.all(),
        tutor.contracts.all(),
        tutor.authorisations.all(),
        tutor.experience.all(),
        tutor.identity_checks.all(),
        tutor.ties.all(),
    )
    subjects += [paper.public_id for some in papers for paper in some]
    return events_about(subjects=subjects, limit=FEED_MAX)


def narrowed(
    *,
    rows: QuerySet[Tutor],
    presence: str = "",
    contract: str = "",
    imported: int | None = None,
    among: Collection[int] | None = None,
    at: datetime,
) -> QuerySet[Tutor]:
    """By presence now, a contract's state (`none`: without any), the import they are of, by id."""
    if presence == "taking_work":
        rows = rows.filter(presence="taking_work", presence_until__gt=at)
    elif presence:
        rows = rows.exclude(presence="taking_work", presence_until__gt=at)
    if contract:
        held = Contract.objects.filter(tutor=OuterRef("pk"))
        open_ = held.exclude(state="ended")
        rows = rows.filter(
            ~Exists(open_) if contract == "none" else Exists(held.filter(state=contract))
        )
    if imported is not None:
        written = ImportRow.objects.filter(upload=imported, state__in=[*WRITTEN, RowState.KEPT])
        rows = rows.filter(pk__in=written.values("tutor"))
    return rows if among is None else rows.filter(pk__in=among)


def with_work(*, rows: QuerySet[Tutor]) -> QuerySet[Tutor]:
    """The rows of a list: account, domains, languages, qualifications, the open contract."""
    return people.listed(rows=rows).prefetch_related(
        Prefetch(
            "qualifications",
            Qualification.objects.filter(state="granted").select_related("domain").order_by("id"),
        ),
        Prefetch("contracts", Contract.objects.exclude(state="ended").order_by("-id")),
    )


def unchecked(*, account: Account) -> QuerySet[Credential]:
    """Credentials that nobody has checked, with whose they are."""
    rows = people.credentials_visible_to(account=account).select_related("tutor__account")
    waiting = rows.filter(verified=Verified.SELF).exclude(status=CredentialStatus.REFUSED)
    return waiting.prefetch_related("tutor__domains", "checks")


def next_expiry(*, account: Account, at: datetime) -> Credential | None:
    """The checked credential that runs out first from now on."""
    rows = people.credentials_visible_to(account=account).exclude(verified=Verified.SELF)
    dated = rows.filter(expires_on__gte=at.date(), status=CredentialStatus.ACTIVE)
    return dated.select_related("tutor__account").order_by("expires_on", "id").first()


_ON_THE_TABLE = ContractVersion.objects.filter(contract=OuterRef("pk"))
OFFER_FILTERS: Mapping[str, Q] = {
    "offered": Q(Exists(_ON_THE_TABLE.filter(state="offered", viewed_at__isnull=True))),
    "viewed": Q(Exists(_ON_THE_TABLE.filter(state="offered", viewed_at__isnull=False))),
    "signed": Q(Exists(_ON_THE_TABLE.filter(state="signed"))),
    "active": Q(state="active"),
    "notice": Q(state="notice"),
    "ended": Q(state="ended"),
}
"""Where a contract stands for a recruiter; an amendment on its way counts like an offer."""


def offers(*, account: Account, state: str = "") -> QuerySet[Contract]:
    rows = contracts(account=account)
    return rows.filter(OFFER_FILTERS[state]) if state in OFFER_FILTERS else rows


def offer_counts(*, account: Account) -> dict[str, int]:
    """How many contracts stand where; one statement over a table as large as the staff."""
    rows = people.contracts_visible_to(account=account).order_by()
    found: dict[str, int] = rows.aggregate(
        **{state: Count("pk", filter=wanted) for state, wanted in OFFER_FILTERS.items()}
    )
    return found
