"""Tutors by CSV: a dry run that writes nothing about anybody, then one commit."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from tutors.events import ImportChecked, TutorsImported
from tutors.models import ImportRow, Tutor, TutorImport, TutorLanguage
from tutors.rules.importing import NewTutor, Row, Source, read_cells, read_rows
from tutors.rules.states import ImportState, RowState
from workforce.models import Account, Domain, RoleGrant
from workforce.operations.recording import record
from workforce.rules.problems import Conflict
from workforce.rules.roles import Role

CHUNK = 500
FILE_NAME_CHARS_MAX = 200


class CannotCommit(Conflict):
    code = "import_not_committed"


class _Hashing:
    """Passes lines through and hashes them on the way."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def readline(self, size: int = -1, /) -> bytes:
        line = self.source.readline(size)
        self.digest.update(line)
        return line


@transaction.atomic
def check_file(*, source: Source, file_name: str, actor: Account, at: datetime) -> TutorImport:
    """Read the file as a stream and keep its rows with their faults: the dry run.

    Raises `CannotReadFile` when the file as a whole cannot be read; then nothing is kept.
    """
    hashing = _Hashing(source)
    upload = TutorImport.objects.create(
        file_name=_plain(file_name), sha256="", checked_by=actor, checked_at=at
    )
    slugs = set(Domain.objects.values_list("slug", flat=True))
    rows = read_rows(hashing)
    while chunk := list(islice(rows, CHUNK)):
        taken = _taken([row.tutor.email for row in chunk if row.tutor])
        ImportRow.objects.bulk_create(
            _checked(row, upload=upload, slugs=slugs, taken=taken) for row in chunk
        )
    upload.sha256 = hashing.digest.hexdigest()
    _count(upload)
    upload.save()
    event = ImportChecked(subject=upload.public_id, rows=upload.rows_total, ready=upload.rows_ready)
    record(event=event, actor=actor, at=at)
    return upload


@transaction.atomic
def commit(*, upload: TutorImport, actor: Account, at: datetime) -> TutorImport:
    """Add the ready rows as tutors, all or none; the others stay out.

    Raises `CannotCommit` when it was committed before, or when somebody added one of the
    people in this very moment: then nothing was written, and it can be committed again.
    """
    mine = TutorImport.objects.filter(pk=upload.pk, state=ImportState.CHECKED)
    if not mine.update(state=ImportState.COMMITTED, committed_by=actor, committed_at=at):
        raise CannotCommit(_("This import was committed already."))
    upload.refresh_from_db()
    domains = {domain.slug: domain for domain in Domain.objects.all()}
    try:
        with transaction.atomic():
            for chunk in _ready(upload):
                _add(chunk, domains=domains, actor=actor, at=at)
    except IntegrityError:
        raise CannotCommit(
            _("Somebody added one of these people just now. Nothing was written; try again.")
        ) from None
    _count(upload)
    upload.save()
    event = TutorsImported(
        subject=upload.public_id,
        added=upload.rows_added,
        left_out=upload.rows_total - upload.rows_added,
    )
    record(event=event, actor=actor, at=at)
    return upload


def _plain(file_name: str) -> str:
    """A name to show, never a path."""
    base = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in base if c.isprintable())[:FILE_NAME_CHARS_MAX] or "tutors.csv"


def _taken(emails: Sequence[str]) -> set[str]:
    """Those of the addresses, in small letters, that have an account."""
    wanted = [email.lower() for email in emails]
    rows = Account.objects.annotate(low=Lower("email")).filter(low__in=wanted)
    return set(rows.values_list("low", flat=True))


def _checked(row: Row, *, upload: TutorImport, slugs: set[str], taken: set[str]) -> ImportRow:
    errors = {column: list(faults) for column, faults in row.errors.items()}
    state = RowState.READY if row.tutor else RowState.ERROR
    if row.tutor:
        unknown = [slug for slug in row.tutor.domains if slug not in slugs]
        if unknown:
            errors["domains"] = [_("There is no domain %s.") % slug for slug in unknown]
            state = RowState.ERROR
        elif row.tutor.email.lower() in taken:
            errors["email"] = [_("This e-mail has an account already.")]
            state = RowState.DUPLICATE
    return ImportRow(
        upload=upload,
        number=row.number,
        state=state,
        cells=dict(row.cells),
        errors=errors,
        flags=list(row.flags),
    )


def _count(upload: TutorImport) -> None:
    states = list(upload.rows.values_list("state", flat=True))
    upload.rows_total = len(states)
    upload.rows_ready = states.count(RowState.READY)
    upload.rows_error = states.count(RowState.ERROR)
    upload.rows_duplicate = states.count(RowState.DUPLICATE)
    upload.rows_added = states.count(RowState.ADDED)


def _ready(upload: TutorImport) -> Iterator[list[tuple[ImportRow, NewTutor]]]:
    """The ready rows in chunks; those whose address was taken since the dry run drop out."""
    rows = upload.rows.filter(state=RowState.READY).order_by("number").iterator(CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        read = [(row, read_cells(row.cells)) for row in chunk]
        taken = _taken([tutor.email for _row, tutor in read])
        late = [row.pk for row, tutor in read if tutor.email.lower() in taken]
        errors = {"email": [_("This e-mail has an account already.")]}
        ImportRow.objects.filter(pk__in=late).update(state=RowState.DUPLICATE, errors=errors)
        yield [(row, tutor) for row, tutor in read if row.pk not in set(late)]


def _add(
    chunk: Sequence[tuple[ImportRow, NewTutor]],
    *,
    domains: dict[str, Domain],
    actor: Account,
    at: datetime,
) -> None:
    """A chunk of tutors in six statements, however many they are."""
    people = [new for _row, new in chunk]
    accounts = Account.objects.bulk_create(_account(new, at=at) for new in people)
    RoleGrant.objects.bulk_create(
        RoleGrant(account=account, role=Role.TUTOR, granted_by=actor, granted_at=at)
        for account in accounts
    )
    tutors = Tutor.objects.bulk_create(
        _tutor(new, account=account, actor=actor, at=at)
        for new, account in zip(people, accounts, strict=True)
    )
    TutorLanguage.objects.bulk_create(
        TutorLanguage(tutor=tutor, tag=tag, level=level)
        for tutor, new in zip(tutors, people, strict=True)
        for tag, level in new.languages
    )
    fields = Tutor.domains.through
    fields.objects.bulk_create(
        fields(tutor_id=tutor.pk, domain_id=domains[slug].pk)
        for tutor, new in zip(tutors, people, strict=True)
        for slug in new.domains
    )
    for (row, _new), tutor in zip(chunk, tutors, strict=True):
        row.tutor, row.state = tutor, RowState.ADDED
    ImportRow.objects.bulk_update([row for row, _new in chunk], ["tutor", "state"])


def _account(new: NewTutor, *, at: datetime) -> Account:
    return Account(
        email=new.email,
        name=new.name,
        time_zone=new.time_zone,
        joined_at=at,
        password=make_password(None),
    )


def _tutor(new: NewTutor, *, account: Account, actor: Account, at: datetime) -> Tutor:
    return Tutor(
        account=account,
        country=new.country,
        region=new.region,
        headline=new.headline,
        capacity=new.capacity,
        added_by=actor,
        added_at=at,
    )
