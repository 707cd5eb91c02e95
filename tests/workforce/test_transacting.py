"""Verbs in a request's transaction: without a savepoint at its rim, with one inside."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import person
from workforce.models import Account, IdempotencyKey
from workforce.operations.remembering import StillInFlight, recall, remember
from workforce.operations.transacting import verb, whole_request
from workforce.rules.problems import Conflict
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


@verb
def rename(account: Account, name: str, *, refuses: bool = False) -> None:
    Account.objects.filter(pk=account.pk).update(name=name)
    if refuses:
        raise Conflict("No.")


@verb
def rename_or_not(account: Account) -> None:
    rename(account, "Ada the first")
    try:
        rename(account, "Ada the second", refuses=True)
    except Conflict:
        assert Account.objects.get(pk=account.pk).name == "Ada the first"


def savepoints(captured):
    return sum(query["sql"].startswith("SAVEPOINT") for query in captured.captured_queries)


def test_a_verb_at_the_rim_joins_the_request_and_those_in_it_keep_their_savepoints():
    ada = person("Ada", Role.ADMIN)
    with CaptureQueriesContext(connection) as captured, whole_request():
        rename(ada, "Ada Lind")
    assert savepoints(captured) == 1  # the request's own, within the test's transaction
    with CaptureQueriesContext(connection) as captured, whole_request():
        rename_or_not(ada)
    assert savepoints(captured) == 3
    ada.refresh_from_db()
    assert ada.name == "Ada the first"


def test_a_refusal_undoes_the_whole_request():
    ada = person("Ada", Role.ADMIN)
    with pytest.raises(Conflict), whole_request():
        rename(ada, "Ada Lind")
        rename(ada, "Ada Berg", refuses=True)
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_outside_a_request_a_verb_is_a_savepoint_in_another_transaction():
    ada = person("Ada", Role.ADMIN)
    with pytest.raises(Conflict):
        rename(ada, "Ada Berg", refuses=True)
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_who_looked_before_another_was_answered_ends_without_effect():
    ada = person("Ada", Role.ADMIN)
    with pytest.raises(StillInFlight), whole_request():
        assert recall(account=ada, key="k", request_hash="h") is None
        rename(ada, "Ada Lind")
        IdempotencyKey.objects.create(
            account=ada, key="k", request_hash="h", status=201, response={}, created_at=AT
        )
        remember(account=ada, key="k", request_hash="h", status=201, response="{}", at=AT)
    ada.refresh_from_db()
    assert ada.name == "Ada"
