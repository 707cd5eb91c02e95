"""Every rule of money is asked, holds after a real story, and notices when it is broken."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from payments.operations.paying import approve_batch, build_batch, send_batch
from payments.operations.stating import close_periods
from payments.queries.invariants import checks
from tests.payments.people import LATER, fay, finn, tutor

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {check.name for check in checks(at=LATER) if list(check.problems)}


@pytest.fixture
def story(settings: object) -> Iterator[None]:
    settings.PAYER = {"name": "L", "iban": "DE89370400440532013000", "bic": ""}  # type: ignore[attr-defined]
    maker = fay()
    alice = tutor("Alice")
    alice.earns(4830)
    close_periods(until=LATER, contracts=None, reason="", actor=maker, at=LATER)
    batch = build_batch(pay_on=None, statements=None, actor=maker, at=LATER)
    approve_batch(batch=batch, content_hash=None, actor=finn(), at=LATER)
    send_batch(batch=batch, actor=maker, at=LATER)
    alice.earns(61)
    yield


def test_a_story_keeps_them_all(story: None) -> None:
    assert broken() == set()
    assert len(list(checks(at=LATER))) == 13


@pytest.mark.parametrize(
    ("damage", "notices"),
    [
        ("UPDATE payments_balance SET credits_minor = credits_minor + 1",
         "balances_are_their_transfers"),
        ("UPDATE payments_balance SET debits_minor = debits_minor + 1 WHERE account_id ="
         " (SELECT max(account_id) FROM payments_balance)", "books_balance"),
        ("UPDATE payments_bucket SET posted_minor = 1", "buckets_hold_their_worth"),
        ("UPDATE payments_earning SET amount_minor = 1", "lines_are_in_the_books"),
        ("UPDATE payments_earning SET amount_minor = 1", "paid_is_what_the_ledger_says"),
        ("UPDATE payments_statement SET total_minor = 1", "statements_are_their_lines"),
        ("UPDATE payments_payoutpart SET amount_minor = 1", "payouts_are_their_statements"),
        ("UPDATE payments_payout SET amount_minor = 1", "batches_are_what_was_agreed"),
        ("UPDATE payments_payout SET state = 'settled'", "payouts_are_in_the_books"),
        ("UPDATE payments_payout SET state = 'settled'", "tallies_count_right"),
        ("DELETE FROM payments_batchapproval", "approvals_are_by_others"),
        ("UPDATE payments_batchapproval SET content_hash = ''", "approvals_are_by_others"),
    ],
)  # fmt: skip
def test_damage_past_the_triggers_is_noticed(story: None, damage: str, notices: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(damage)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert notices in broken()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE payments_journal SET reason = 'x'",
        "DELETE FROM payments_journal",
        "UPDATE payments_transfer SET amount_minor = 1",
        "DELETE FROM payments_transfer",
        "TRUNCATE payments_transfer CASCADE",
        "UPDATE payments_balance SET credits_minor = 0",
        "DELETE FROM payments_balance",
        "UPDATE payments_earning SET amount_minor = 1",
        "DELETE FROM payments_earning",
        "UPDATE payments_statement SET total_minor = 1",
        "DELETE FROM payments_statementline",
        "UPDATE payments_period SET ends_at = ends_at + interval '1 hour' WHERE state = 'closed'",
        "UPDATE payments_payout SET amount_minor = amount_minor + 1",
    ],
)
def test_the_database_refuses_the_damage_itself(story: None, damage: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(damage)
    assert broken() == set()
