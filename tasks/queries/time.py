"""Time entries: who sees which, and what they add up to."""

from django.db.models import QuerySet

from tasks.models import Project, TimeEntry
from workforce.models import Account
from workforce.rules.problems import Invalid
from workforce.rules.roles import STAFF


def entries_for(*, account: Account) -> QuerySet[TimeEntry]:
    """Staff see all time; anybody else her own."""
    rows = TimeEntry.objects.select_related("contract_version")
    if account.roles & STAFF:
        return rows
    return rows.filter(account_id=account.pk)


def project_named(project_id: int) -> Project:
    """The project that time was spent on; `Invalid` when there is none of this id."""
    found = Project.objects.select_related("domain").filter(pk=project_id).first()
    if found is None:
        message = "There is no such project."
        raise Invalid(message, errors={"project": [message]})
    return found
