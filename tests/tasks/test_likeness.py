"""A tutor copied for a test is what the operations would have made, in every table and column."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from payments.demo import made_up_iban
from payments.models import PayoutDetails
from payments.operations.payees import IBAN_CONTEXT, opened_iban
from tests.databases import OwnDatabase
from tests.people import person
from tests.tasks.crew import Crew, moment
from tests.tasks.likeness import (
    PASSWORD,
    Entry,
    Kind,
    build,
    newest_keys,
    rows_since,
    tables,
    tutor_like,
)
from tutors.models import Paper, Qualification, SignatureEvidence, Tutor
from tutors.queries.evidence import breaks
from tutors.rules.signing import text_digest
from workforce.models import Outbox, Terms
from workforce.providers.vault import ring
from workforce.rules.roles import Role

KINDS = {
    "tutor": Kind(1, "stem.mathematics", (Role.TUTOR,), contract=True, capacity=3),
    "reviewer": Kind(3, "stem.physics", (Role.TUTOR, Role.REVIEWER), contract=True, capacity=1),
    "elsewhere": Kind(2, "medicine.psychiatry", (Role.TUTOR,), contract=True, capacity=9),
    "no contract": Kind(1, "stem.mathematics", (Role.TUTOR,), contract=False, capacity=3),
}
MADE_OF_KEYS = {
    "workforce_account": ("password",),
    "workforce_event": ("recorded_at",),
    "tutors_paper": ("sha256",),
    "tutors_signatureevidence": ("sha256", "previous", "digest"),
    "payments_payoutdetails": ("iban_sealed", "iban_fingerprint", "iban_masked"),
}
"""Columns that differ from one to the next; each has a test of its own below."""
PUBLIC = re.compile(r"\b[A-Z]{1,2}-[1-9]\d*\b")

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def snapshot() -> Rows:
    """Every row of every table."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            rows[table] = [json.loads(row) for (row,) in cursor.fetchall()]
    return rows


def written(make: Callable[[], Tutor]) -> Rows:
    """The rows that are there since, and were not before."""
    before = snapshot()
    make()
    after = snapshot()
    for table, rows in before.items():
        assert [row for row in rows if row not in after[table]] == [], f"{table} was changed"
    new = {t: [row for row in rows if row not in before[t]] for t, rows in after.items()}
    return {t: sorted(rows, key=lambda row: row.get("id", 0)) for t, rows in new.items() if rows}


def likened(rows: Rows) -> Rows:
    """The rows with their keys, here and in public ids, told by where each stands."""
    places = {
        (table, row["id"]): f"{table} {number}"
        for table, each in rows.items()
        for number, row in enumerate(each)
        if "id" in row
    }
    words: dict[str, str] = {}

    def worded(value: Any) -> Any:
        text = json.dumps(value)
        return PUBLIC.sub(lambda word: words.setdefault(word[0], f"word {len(words)}"), text)

    def liken(table: str, row: Row) -> Row:
        homes = homes_of(table)
        return {
            column: places.get((homes[column], value), value) if column in homes else worded(value)
            for column, value in row.items()
            if column not in MADE_OF_KEYS.get(table, ())
        }

    known = [table for table in sorted(rows) if table in tables()]
    return {table: [liken(table, row) for row in rows[table]] for table in known}


def homes_of(table: str) -> dict[str, str]:
    """The columns with keys, each with the table that they are keys of."""
    fields = tables()[table]._meta.concrete_fields
    related = {f.column: f.related_model for f in fields if isinstance(f.related_model, type)}
    return {"id": table} | {column: model._meta.db_table for column, model in related.items()}


def entry(crew: Crew, number: int) -> Entry:
    return Entry(
        name="Alice O\"Hara", email=f"alice-{number}@crew.example.org",
        recruiter=crew.ruth, client=crew.client, at=crew.at,
    )  # fmt: skip


def without_email(rows: Rows) -> Rows:
    for account in rows["workforce_account"]:
        del account["email"]
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_copy_is_what_the_operations_write(kind: Kind) -> None:
    noted_by, crew = Crew(at=moment().replace(second=1)), Crew(at=moment().replace(second=59))
    tutor_like(kind, entry(noted_by, 0))
    build(kind, entry(crew, 1))  # who comes first brings the papers that all sign
    built = written(lambda: build(kind, entry(crew, 2)))
    copied = written(lambda: tutor_like(kind, entry(crew, 3)))
    assert len(built["workforce_outbox"]) == len(copied["workforce_outbox"])
    assert built.keys() == copied.keys()
    assert without_email(likened(copied)) == without_email(likened(built))


@pytest.mark.django_db
def test_the_first_paper_of_a_database_is_kept_with_the_copy() -> None:
    """The example of a kind is undone, and the papers with her."""
    tutor_like(KINDS["tutor"], entry(Crew(), 0))
    Paper.objects.get(text__contains="Paper: ip.")


@pytest.mark.django_db
def test_signatures_form_one_chain_over_the_texts_that_were_signed() -> None:
    crew = Crew()
    tutor_like(KINDS["tutor"], entry(crew, 0))
    build(KINDS["tutor"], entry(crew, 1))
    tutor_like(KINDS["reviewer"], entry(crew, 2))
    assert list(breaks()) == []
    assert all(text_digest(paper.text) == paper.sha256 for paper in Paper.objects.all())
    signed = SignatureEvidence.objects.select_related("paper")
    assert signed.count() == 15
    assert all(row.sha256 == row.paper.sha256 for row in signed)


@pytest.mark.django_db
def test_she_signs_in_and_is_paid_to_an_account_of_her_own() -> None:
    tutor = tutor_like(KINDS["tutor"], entry(Crew(), 0))
    assert tutor.account.check_password(PASSWORD)
    details = PayoutDetails.objects.get(tutor=tutor)
    iban = made_up_iban(number=tutor.pk)
    assert opened_iban(details) == iban
    assert details.iban_fingerprint == ring().fingerprint(iban, context=IBAN_CONTEXT)
    assert details.iban_masked.endswith(iban[-4:])


@pytest.mark.django_db
def test_her_events_wait_for_the_relay_and_were_recorded_now() -> None:
    before = Outbox.objects.count()
    tutor_like(KINDS["tutor"], entry(Crew(), 0))
    waiting = Outbox.objects.select_related("event").order_by("-event_id")[:14]
    assert Outbox.objects.count() > before
    assert all(timedelta() <= moment() - each.event.recorded_at < timedelta(minutes=1)
               for each in waiting)  # fmt: skip


@pytest.mark.django_db
def test_what_a_test_changed_before_is_in_the_copy() -> None:
    crew = Crew()
    tutor_like(KINDS["tutor"], entry(crew, 0))
    newest = Terms.objects.filter(kind="ip").order_by("-version").first()
    assert newest is not None
    text = "Something else."
    Terms.objects.create(
        kind="ip", version=newest.version + 1, title="IP", text=text,
        sha256=text_digest(text), published_at=moment(),
    )  # fmt: skip
    tutor = tutor_like(KINDS["tutor"], entry(crew, 1))
    assert tutor.agreements.get(kind="ip").version == newest.version + 1


@pytest.mark.django_db
def test_whoever_recruits_is_named_in_what_she_did() -> None:
    crew = Crew()
    tutor_like(KINDS["tutor"], entry(crew, 0))
    crew.ruth = person("Rosa", Role.RECRUITER)
    tutor = tutor_like(KINDS["tutor"], entry(crew, 1))
    assert tutor.added_by_id == crew.ruth.pk
    assert Qualification.objects.get(tutor=tutor).granted_by_id == crew.ruth.pk
    hers = SignatureEvidence.objects.filter(account=crew.ruth)
    assert [row.typed_name for row in hers] == ["Rosa"]


def test_what_an_instance_writes_meanwhile_is_not_hers(own_database: OwnDatabase) -> None:
    before = newest_keys()

    def elsewhere() -> None:
        person("Charlie")
        connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as thread, transaction.atomic():
        person("Bob")
        with transaction.atomic():
            person("Ben")
        thread.submit(elsewhere).result()
        rows = rows_since(before)
    assert [row["name"] for row in rows["workforce_account"]] == ["Bob", "Ben"]
    assert len(rows["workforce_event"]) == 2
