"""One tutor more, like one whom the operations made.

The first of a kind is built by the operations, her rows are noted and she is undone; whoever is
wanted of that kind gets these rows under keys, a name and moments of her own, in eight statements
in place of 140. So nothing here says what a tutor is made of, and `test_likeness.py` holds a copy
to what the operations write, column by column.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import AutoField, BigAutoField, Model

from config.seeding.hiring import Newcomer, bring_in, take_on
from payments.demo import made_up_iban
from payments.operations.payees import IBAN_CONTEXT
from payments.providers.accounts import masked
from tasks.models import Client
from tutors.models import Paper, SignatureEvidence, Tutor
from tutors.operations.signing import EVIDENCE_LOCK
from tutors.queries.evidence import covered
from tutors.rules.signing import GENESIS, row_digest, text_digest
from workforce.models import Account
from workforce.providers.vault import ring
from workforce.queries.plans import prepared
from workforce.rules.ids import public_id
from workforce.rules.roles import Role

PASSWORD = "correct horse battery staple"
NAME, EMAIL = "Zuleika Quill", "zuleika@likeness.example.org"
"""Nobody else's, so that they are found again wherever an operation wrote them."""
MICROSECOND = 271_829
"""By which the moments of the set-up are told from days, which a copy keeps."""

PAPERS, EVIDENCE = Paper._meta.db_table, SignatureEvidence._meta.db_table
PAYEES, EVENTS = "payments_payoutdetails", "workforce_event"
LEANED_ON = ("workforce_domain", "workforce_paytier", "workforce_terms")
"""What the operations read besides: where a test changed it, a tutor comes out otherwise."""

_PLACE = re.compile("⟦(.*?)⟧")
_MOMENT = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.{MICROSECOND}\+00:00")

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Kind:
    """What tutors differ in; of one kind they are alike but for keys, names and moments."""

    level: int
    speciality: str
    roles: tuple[Role, ...]
    contract: bool
    capacity: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who comes, who lets her in for which client, and when."""

    name: str
    email: str
    recruiter: Account
    client: Client
    at: datetime


@dataclass(frozen=True)
class Original:
    """Rows as JSON, with a place for whatever is a copy's own; and the statements of a copy."""

    papers: str
    others: str
    numbers: str
    prefixes: tuple[tuple[str, str], ...]
    insert: str


_originals: dict[tuple[Kind, date, str, str], Original] = {}


def build(kind: Kind, entry: Entry) -> Tutor:
    """The tutor, by the operations."""
    tutor = bring_in(
        newcomer=Newcomer(
            name=entry.name,
            email=entry.email,
            country="GB",
            time_zone="Europe/London",
            domains=[kind.speciality.partition(".")[0]],
            qualified={kind.speciality: kind.level},
            roles=kind.roles,
            capacity=kind.capacity,
            password=PASSWORD,
        ),
        recruiter=entry.recruiter,
        at=entry.at,
    )
    if kind.contract:
        clients = [entry.client.public_id]
        take_on(tutor=tutor, recruiter=entry.recruiter, at=entry.at, clients=clients)
    return tutor


@transaction.atomic
def tutor_like(kind: Kind, entry: Entry) -> Tutor:
    """The tutor as `build` would have made her."""
    ground, newest, now = _ground()
    at = entry.at.astimezone(UTC)
    key = (kind, at.date(), entry.recruiter.name, ground)
    if key not in _originals:
        _originals[key] = _note(kind, entry)
    original = _originals[key]
    places = {
        "name": entry.name,
        "email": entry.email,
        "recruiter": str(entry.recruiter.pk),
        "recruiter public": entry.recruiter.public_id,
        "client": entry.client.public_id,
    } | _new_keys(original)
    papers = json.loads(_filled(original.papers, places, at=at))
    fresh = _told_apart(papers, places)
    rows: Rows = json.loads(_filled(original.others, places, at=at)) | {PAPERS: fresh}
    _sign(rows.get(EVIDENCE, []), {paper["id"]: paper["sha256"] for paper in papers}, newest)
    _finish(rows, now=now)
    with prepared() as cursor:
        cursor.execute(original.insert, [json.dumps(rows)])
    key_of_tutor = int(places[f"{Tutor._meta.db_table} 0"])
    return Tutor.objects.select_related("account").get(pk=key_of_tutor)


def _ground() -> tuple[str, str, str]:
    """A mark of what the operations lean on, the newest signature's digest, the database's now."""
    marks = "||' '||".join(
        f"(SELECT count(*) || '-' || coalesce(sum(xmin::text::bigint), 0) FROM {table})"
        for table in LEANED_ON
    )
    newest = f"SELECT digest FROM {EVIDENCE} ORDER BY id DESC LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EVIDENCE_LOCK])
        cursor.execute(f"SELECT {marks}, ({newest}), statement_timestamp()::text")
        ground, digest, now = cursor.fetchone()
    return ground, digest or GENESIS, now


def _note(kind: Kind, entry: Entry) -> Original:
    at = entry.at.astimezone(UTC).replace(microsecond=MICROSECOND)
    example = Entry(name=NAME, email=EMAIL, recruiter=entry.recruiter, client=entry.client, at=at)
    with transaction.atomic():
        before = newest_keys()
        build(kind, example)
        rows = rows_since(before)
        rows[PAPERS] = _papers(rows)
        transaction.set_rollback(True)
    return _with_places(rows, example)


def tables() -> dict[str, type[Model]]:
    """The tables whose rows the database numbers."""
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table: m for m in models if isinstance(m._meta.pk, AutoField | BigAutoField)}


def newest_keys() -> dict[str, int]:
    each = (f"SELECT '{table}', coalesce(max(id), 0) FROM {table}" for table in tables())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def rows_since(before: Mapping[str, int]) -> Rows:
    """The rows of all numbered tables with greater keys, oldest first; this transaction's alone.

    An instance may be at work on the same database. Of what can be seen, only one's own is in
    progress.
    """
    own = "pg_xact_status(xmin::text::xid8) = 'in progress'"
    each = (
        f"SELECT '{table}', id, to_jsonb(t)::text FROM {table} t WHERE id > {key} AND {own}"
        for table, key in before.items()
    )
    rows: Rows = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each) + " ORDER BY 1, 2")
        for table, _key, text in cursor.fetchall():
            rows.setdefault(table, []).append(json.loads(text))
    return rows


def _papers(rows: Rows) -> list[dict[str, Any]]:
    """All that are named, those too that were kept before: elsewhere they may not be."""
    named = {row["paper_id"] for each in rows.values() for row in each if row.get("paper_id")}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t)::text FROM {PAPERS} t WHERE id = ANY(%s) ORDER BY id",
            [sorted(named)],
        )
        return [json.loads(text) for (text,) in cursor.fetchall()]


def _with_places(rows: Rows, example: Entry) -> Original:
    known = tables()
    keys = {
        (table, row["id"]): f"{table} {number}"
        for table, each in rows.items()
        for number, row in enumerate(each)
    }
    words = {NAME: "name", EMAIL: "email", example.client.public_id: "client"}
    for (table, key), place in keys.items():
        if prefix := getattr(known[table], "prefix", ""):
            words[public_id(prefix, key)] = f"{place} public"
    keys[Account._meta.db_table, example.recruiter.pk] = "recruiter"
    words[example.recruiter.public_id] = "recruiter public"
    placed = {
        table: [_placed(row, known[table], keys) for row in each] for table, each in rows.items()
    }
    for paper in placed[PAPERS]:
        paper["added_at"] = example.at.isoformat()
    papers = placed.pop(PAPERS)
    return Original(
        papers=_worded(papers, words, at=example.at),
        others=_worded(placed, words, at=example.at),
        numbers=_numbers(rows),
        prefixes=tuple((table, getattr(known[table], "prefix", "")) for table in rows),
        insert=_insert(rows),
    )


def _placed(
    row: dict[str, Any], model: type[Model], keys: Mapping[tuple[str, Any], str]
) -> dict[str, Any]:
    """The row with places where its own key and those of other new rows stood."""
    placed = dict(row)
    for field in model._meta.concrete_fields:
        target = field.related_model or (model if field.primary_key else None)
        if isinstance(target, type):
            place = keys.get((target._meta.db_table, row[field.column]))
            placed[field.column] = f"⟦{place}⟧" if place else row[field.column]
    return placed


def _worded(rows: object, words: Mapping[str, str], *, at: datetime) -> str:
    """As JSON, with places for names, public ids and moments wherever they stand."""
    any_word = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?!\w)")
    text = any_word.sub(lambda found: f"⟦{words[found[0]]}⟧", json.dumps(rows, ensure_ascii=False))
    return _MOMENT.sub(
        lambda found: f"⟦at {(datetime.fromisoformat(found[0]) - at).total_seconds():.0f}⟧", text
    )


def _numbers(rows: Rows) -> str:
    each = (
        f"ARRAY(SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"
        f" FROM generate_series(1, {len(found)}))"
        for table, found in rows.items()
    )
    return "SELECT " + ", ".join(each)


def _insert(rows: Rows) -> str:
    each = (
        f"into_{table} AS (INSERT INTO {table} SELECT new.* FROM given,"
        f" jsonb_populate_recordset(NULL::{table}, given.rows -> '{table}') AS new)"
        for table in rows
    )
    return f"WITH given AS (SELECT %s::jsonb AS rows), {', '.join(each)} SELECT"


def _new_keys(original: Original) -> dict[str, str]:
    with prepared() as cursor:
        cursor.execute(original.numbers, [])
        given = cursor.fetchone()
    places: dict[str, str] = {}
    for (table, prefix), keys in zip(original.prefixes, given, strict=True):
        for number, key in enumerate(keys):
            places[f"{table} {number}"] = str(key)
            if prefix:
                places[f"{table} {number} public"] = public_id(prefix, key)
    return places


def _filled(text: str, places: Mapping[str, str], *, at: datetime) -> str:
    def fill(found: re.Match[str]) -> str:
        word, _, seconds = found[1].partition("at ")
        if seconds and not word:
            return (at + timedelta(seconds=int(seconds))).isoformat()
        return json.dumps(places[found[1]])[1:-1]

    return _PLACE.sub(fill, text)


def _told_apart(papers: list[dict[str, Any]], places: dict[str, str]) -> list[dict[str, Any]]:
    """The papers that are not kept yet; the others' keys become those under which they are."""
    for paper in papers:
        paper["sha256"] = text_digest(paper["text"])
    digests = [paper["sha256"] for paper in papers]
    kept = dict(Paper.objects.filter(sha256__in=digests).values_list("sha256", "pk"))
    for number, paper in enumerate(papers):
        paper["id"] = str(kept.get(paper["sha256"], paper["id"]))
        places[f"{PAPERS} {number}"] = paper["id"]
    return [paper for paper in papers if paper["sha256"] not in kept]


def _sign(evidence: Iterable[dict[str, Any]], digests: Mapping[str, str], newest: str) -> None:
    """Go on with the chain of signatures."""
    for row in evidence:
        row["sha256"], row["previous"] = digests[row["paper_id"]], newest
        moments = {name: datetime.fromisoformat(row[name]) for name in ("viewed_at", "signed_at")}
        signed = SignatureEvidence(**row | moments | {"account_id": int(row["account_id"])})
        row["digest"] = newest = row_digest(covered(signed))


def _finish(rows: Rows, *, now: str) -> None:
    """What is made of keys and secrets, or of the database's clock."""
    for account in rows[Account._meta.db_table]:
        account["password"] = make_password(PASSWORD)
    for event in rows[EVENTS]:
        event["recorded_at"] = now
    for payee in rows.get(PAYEES, []):
        iban = made_up_iban(number=int(payee["tutor_id"]))
        payee["iban_sealed"] = ring().close(iban, context=IBAN_CONTEXT)
        payee["iban_fingerprint"] = ring().fingerprint(iban, context=IBAN_CONTEXT)
        payee["iban_masked"] = masked(iban)
