"""Hot statements: planned once for a connection, whatever their values and their text."""

import pytest
from django.db import NotSupportedError, connection, transaction

from tests.tasks.statements import counting
from workforce.queries.plans import prepared

pytestmark = pytest.mark.django_db


def asked(text, values):
    with prepared() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def runs_of(words):
    """How often kept statements with these words ran with a plan for any values, and for theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE %s AND statement NOT LIKE '%%pg_prepared%%'",
            [f"%{words}%"],
        )
        return cursor.fetchall()


def test_places_stand_by_order_or_by_name_and_a_name_may_stand_twice():
    assert asked("SELECT %s::int, %s::text, '50%%'", [7, "x"]) == [(7, "x", "50%")]
    named = "SELECT %(a)s::int, %(b)s::text, %(a)s::int + 1"
    assert asked(named, {"a": 7, "b": "x", "unused": 0}) == [(7, "x", 8)]
    assert asked("SELECT 1 %% 2", None) == [(1,)]


def test_a_missing_name_is_an_error_and_leaves_the_connection_usable():
    with pytest.raises(KeyError, match="b"):
        asked("SELECT %(a)s::int, %(b)s::int", {"a": 1})
    assert asked("SELECT 1", None) == [(1,)]


def test_a_statement_is_planned_for_no_value_of_its_own_however_often_it_runs():
    text = "SELECT /* planned once */ count(*) FROM workforce_account WHERE id > %(least)s::bigint"
    for least in (1, 2**40, 3, 2**62, 5, 6, 7, 8):
        asked(text, {"least": least})
    assert runs_of("planned once") == [(7, 0)]


@pytest.mark.parametrize(
    "way", [False, pytest.param(True, marks=pytest.mark.django_db(transaction=True))]
)
def test_plans_outlast_what_is_undone(way):
    """A savepoint within the test's transaction, or a transaction of its own."""
    text = "SELECT /* kept on */ count(*) FROM workforce_account WHERE id > %(least)s::bigint"
    for least in range(5):
        with transaction.atomic():
            asked(text, {"least": least})
            transaction.set_rollback(True)
    assert connection.in_atomic_block is not way
    assert runs_of("kept on") == [(4, 0)]


def test_a_plan_that_a_migration_made_stale_fails_once_and_is_made_anew():
    """`DO`, because of a bare ALTER on its own connection the driver knows."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE sheet (a int) ON COMMIT DROP")
        for _ in range(3):
            assert asked("SELECT * FROM sheet", None) == []
        cursor.execute("DO 'BEGIN ALTER TABLE sheet ADD b int; END'")
    with pytest.raises(NotSupportedError, match="cached plan"), transaction.atomic():
        asked("SELECT * FROM sheet", None)
    assert asked("SELECT * FROM sheet", None) == []


def test_what_is_sent_is_noted_for_those_who_count():
    with counting() as counted:
        asked("SELECT /* noted */ %s::int", [3])
    assert counted.statements == ["SELECT /* noted */ $1::int"]
