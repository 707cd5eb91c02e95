"""The numbers beside the entries of the navigation: what waits there for somebody."""

from payments.queries.deciding import awaiting_approval
from tasks.queries.deciding import time_waiting
from workforce.models import Account
from workforce.queries.events import parked_count


def time_to_approve(account: Account) -> int:
    return time_waiting().total


def batches_to_approve(account: Account) -> int:
    return len(awaiting_approval())


def jobs_parked(account: Account) -> int:
    return parked_count()
