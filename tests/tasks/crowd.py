"""Many alike: one tutor built through operations, the others copied from her, row by row."""

from typing import Any

from django.db.models import Model, QuerySet

from tests.tasks.crew import Crew
from tutors.models import (
    Contract,
    ContractRate,
    ContractVersion,
    Qualification,
    Tutor,
    TutorLanguage,
)
from workforce.models import Account
from workforce.models.accounts import RoleGrant


def crowd(crew: Crew, count: int, **options: Any) -> list[Tutor]:
    """That many tutors as `crew.tutor` makes them, in a fixed number of statements.

    Their contracts count; papers and signatures are the first one's only.
    """
    first = crew.tutor("Anna", **options)
    accounts = _copies(Account.objects.filter(pk=first.account_id), count - 1)
    for number, account in enumerate(accounts):
        account.email = f"anna-{first.pk}-{number}@crowd.example.org"
        account.name = f"Anna {number}"
    Account.objects.bulk_create(accounts)
    tutors = _copies(Tutor.objects.filter(pk=first.pk), count - 1)
    for tutor, account in zip(tutors, accounts, strict=True):
        tutor.account = account
    Tutor.objects.bulk_create(tutors)
    _spread(RoleGrant.objects.filter(account=first.account_id), "account", accounts)
    for model in (Qualification, TutorLanguage):
        _spread(model.objects.filter(tutor=first), "tutor", tutors)
    contracts = _spread(Contract.objects.filter(tutor=first), "tutor", tutors)
    versions = _spread(ContractVersion.objects.filter(contract__tutor=first), "contract", contracts)
    _spread(ContractRate.objects.filter(version__contract__tutor=first), "version", versions)
    return [first, *tutors]


def _copies(rows: QuerySet[Any], count: int) -> list[Any]:
    """Unsaved copies of the one row."""
    return [_copy(rows.get()) for _ in range(count)]


def _copy(row: Any) -> Any:
    row.pk = None
    row._state.adding = True
    return row


def _spread(rows: QuerySet[Any], owner: str, owners: list[Any]) -> list[Any]:
    """The rows once more for each owner."""
    values = [
        {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
        for row in rows
    ]
    model: type[Model] = rows.model
    made = [model(**{**each, f"{owner}_id": one.pk}) for one in owners for each in values]
    model._default_manager.bulk_create(made)
    return made
