"""Hot statements: planned once for a connection, whatever their values and their text."""

import pytest
from django.db import connection

from tests.tasks.statements import counting
from workforce.queries.plans import prepared

pytestmark = pytest.mark.django_db


def asked(text, values):
    with prepared() as cursor:
        cursor.execute(text, values)
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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%planned once%'"
        )
        assert cursor.fetchall() == [(7, 0)]


def test_what_is_sent_is_noted_for_those_who_count():
    with counting() as counted:
        asked("SELECT /* noted */ %s::int", [3])
    assert counted.statements == ["SELECT /* noted */ $1::int"]
