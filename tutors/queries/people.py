"""Questions about tutors and their papers. `visible_to` is the one gate to each model."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from tutors.models import (
    Agreement,
    Contract,
    ContractVersion,
    Credential,
    ImportRow,
    Qualification,
    SignatureEvidence,
    Tie,
    Tutor,
    TutorImport,
)
from tutors.queries import background
from workforce.models import Account
from workforce.rules.problems import NotFound
from workforce.rules.roles import STAFF, Role

SEARCH_CHARS_MAX = 80


def sees_everybody(account: Account) -> bool:
    return bool(account.roles & STAFF)


def tutors_visible_to(*, account: Account) -> QuerySet[Tutor]:
    """Everybody for staff, oneself for a tutor, nobody else."""
    rows = Tutor.objects.all()
    return rows if sees_everybody(account) else rows.filter(account=account)


def credentials_visible_to(*, account: Account) -> QuerySet[Credential]:
    rows = Credential.objects.all()
    return rows if sees_everybody(account) else rows.filter(tutor__account=account)


def qualifications_visible_to(*, account: Account) -> QuerySet[Qualification]:
    rows = Qualification.objects.select_related("domain")
    return rows if sees_everybody(account) else rows.filter(tutor__account=account)


def contracts_visible_to(*, account: Account) -> QuerySet[Contract]:
    rows = Contract.objects.select_related("tutor").prefetch_related(
        Prefetch("versions", _versions())
    )
    return rows if sees_everybody(account) else rows.filter(tutor__account=account)


def agreements_visible_to(*, account: Account) -> QuerySet[Agreement]:
    rows = Agreement.objects.select_related("tutor", "paper")
    return rows if sees_everybody(account) else rows.filter(tutor__account=account)


def imports_visible_to(*, account: Account) -> QuerySet[TutorImport]:
    """Imports hold strangers' addresses: for recruiters and admins only."""
    rows = TutorImport.objects.all()
    return rows if account.roles & {Role.RECRUITER, Role.ADMIN} else rows.none()


def profiles(*, rows: QuerySet[Tutor]) -> QuerySet[Tutor]:
    """The rows with everything a profile shows; a constant number of statements for any page."""
    return rows.select_related("account").prefetch_related(
        *background.held(),
        "domains",
        "languages",
        Prefetch("credentials", Credential.objects.order_by("id")),
        Prefetch("qualifications", Qualification.objects.select_related("domain").order_by("id")),
        Prefetch("agreements", Agreement.objects.select_related("paper").order_by("id")),
        Prefetch(
            "contracts",
            Contract.objects.prefetch_related(Prefetch("versions", _versions())).order_by("id"),
        ),
    )


def listed(*, rows: QuerySet[Tutor]) -> QuerySet[Tutor]:
    """The rows with what a list shows: no papers."""
    return rows.select_related("account").prefetch_related("domains", "languages")


def found(
    *,
    rows: QuerySet[Tutor],
    domain: str | None = None,
    country: str | None = None,
    language: str | None = None,
    level: int | None = None,
    q: str | None = None,
) -> QuerySet[Tutor]:
    """The rows narrowed by field (or below), country, language, level, name or e-mail."""
    if domain or level:
        held = Qualification.objects.filter(state="granted")
        if domain:
            below = Q(domain__slug=domain) | Q(domain__slug__startswith=f"{domain}.")
            held = held.filter(below)
        if level:
            held = held.filter(level__gte=level)
        rows = rows.filter(pk__in=held.values("tutor_id"))
    if country:
        rows = rows.filter(country=country)
    if language:
        rows = rows.filter(languages__tag=language)
    if q:
        rows = rows.filter(Q(account__name__icontains=q) | Q(account__email__icontains=q))
    return rows


def by_name(*, rows: QuerySet[Tutor]) -> QuerySet[Tutor]:
    """The rows with `name_low` to be ordered by: small and capital letters are one."""
    return rows.annotate(name_low=Lower("account__name"))


def tutor_of(*, account: Account) -> Tutor | None:
    """The tutor behind an account, if there is one."""
    return Tutor.objects.select_related("account").filter(account=account).first()


def tutor_by_id(*, account: Account, tutor_id: int) -> Tutor:
    """One tutor whom the account may see; `NotFound` for any other."""
    tutor = profiles(rows=tutors_visible_to(account=account)).filter(pk=tutor_id).first()
    if tutor is None:
        raise NotFound
    return tutor


def contract_by_id(*, account: Account, contract_id: int) -> Contract:
    """One contract that the account may see, its versions in order; `NotFound` for any other."""
    contract = contracts_visible_to(account=account).filter(pk=contract_id).first()
    if contract is None:
        raise NotFound
    return contract


def agreement_by_id(*, account: Account, agreement_id: int) -> Agreement:
    """One paper that the account may see; `NotFound` for any other."""
    agreement = agreements_visible_to(account=account).filter(pk=agreement_id).first()
    if agreement is None:
        raise NotFound
    return agreement


def evidence_of(*, subject: str) -> QuerySet[SignatureEvidence]:
    """The signatures under a contract (`K-7`) or paper (`AG-3`)."""
    return SignatureEvidence.objects.select_related("account").filter(subject=subject)


Stated = TypeVar("Stated", bound=Model)


def in_state(*, rows: QuerySet[Stated], state: str | None) -> QuerySet[Stated]:
    """The rows in this state; an unknown state has none."""
    return rows.filter(state=state) if state else rows


def all_rows(*, upload: TutorImport) -> QuerySet[ImportRow]:
    return ImportRow.objects.select_related("tutor").filter(upload=upload)


def rows_of(*, upload: TutorImport, limit: int) -> Sequence[ImportRow]:
    """The rows that need somebody first, then the others, at most `limit`."""
    rows = upload.rows.select_related("tutor")
    needy = rows.exclude(state__in=["ready", "added"]).order_by("number")[:limit]
    found_rows = list(needy)
    rest = limit - len(found_rows)
    if rest > 0:
        found_rows += list(rows.filter(state__in=["ready", "added"]).order_by("number")[:rest])
    return found_rows


def _versions() -> QuerySet[ContractVersion]:
    return (
        ContractVersion.objects.select_related("paper")
        .prefetch_related("rates", "rates__domain")
        .order_by("number")
    )


def somebody_tied(*, account: Account, organisation_id: int) -> str:
    """The public id of whoever was tied to an organisation last, of those one may see; or ""."""
    ties = Tie.objects.filter(
        organisation_id=organisation_id, tutor__in=tutors_visible_to(account=account)
    )
    last = ties.select_related("tutor").order_by("pk").last()
    return last.tutor.public_id if last else ""
