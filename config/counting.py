"""The numbers beside the entries of the navigation: what waits there for somebody."""

from payments.queries.deciding import awaiting_approval
from tasks.queries.deciding import time_waiting
from tutors.queries import background, next_steps, profiles
from workforce.doors import now
from workforce.models import Account
from workforce.queries.events import parked_count


def recruiters_queue(account: Account) -> int:
    return len(next_steps.queue(at=now()).waiting)


def credentials_to_check(account: Account) -> int:
    """Credentials, rights to work and experience that nobody has looked at; one statement."""
    ways = profiles.unchecked, background.unchecked_rights, background.unchecked_experience
    first, *others = (way(account=account).order_by().values_list("pk") for way in ways)
    return first.union(*others, all=True).count()


def time_to_approve(account: Account) -> int:
    return time_waiting().total


def batches_to_approve(account: Account) -> int:
    return len(awaiting_approval())


def jobs_parked(account: Account) -> int:
    return parked_count()
