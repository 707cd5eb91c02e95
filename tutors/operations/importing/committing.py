"""The commit: 500 rows a transaction, on the spot for a small file, by jobs for a large one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tutors.events import ImportStarted, ProfileChanged, TutorsImported
from tutors.models import ImportRow, Tutor, TutorImport, TutorLanguage
from tutors.operations.facts import raise_versions
from tutors.operations.importing import facts
from tutors.operations.importing.checking import count
from tutors.operations.importing.undoing import undo_chunk
from tutors.rules.importing import CHUNK_ROWS, NewTutor, read_cells
from tutors.rules.states import COMMITTABLE, ImportState, RowState
from workforce.models import Account, Domain, RoleGrant
from workforce.operations.recording import record, record_all
from workforce.rules.problems import Conflict
from workforce.rules.roles import Role

Read = tuple[ImportRow, NewTutor]


class CannotCommit(Conflict):
    code = "import_not_committed"


@transaction.atomic
def commit(*, upload: TutorImport, actor: Account, at: datetime) -> TutorImport:
    """Write the ready rows: at most 500 now, all or none; more by jobs, 500 at a time.

    The others stay out. Raises `CannotCommit` when it was committed before, or when somebody
    added one of the people in this very moment: then nothing was written, and it can be
    committed again.
    """
    mine = TutorImport.objects.filter(pk=upload.pk, state=ImportState.CHECKED)
    if not mine.update(state=ImportState.COMMITTING, committed_by=actor, committed_at=at):
        raise CannotCommit(_("This import was committed already, or was discarded."))
    upload.refresh_from_db()
    if upload.rows.filter(state__in=COMMITTABLE).count() > CHUNK_ROWS:
        event = ImportStarted(subject=upload.public_id, act="commit")
        record(event=event, actor=actor, at=at)
        return upload
    try:
        with transaction.atomic():
            _commit_chunk(upload, at=at)
    except IntegrityError:
        raise CannotCommit(
            _("Somebody added one of these people just now. Nothing was written; try again.")
        ) from None
    return upload


def work_on(*, upload_id: int, at: datetime) -> bool:
    """Write or take back the next rows of an import; True while more are left.

    A chunk is one transaction, the rows' own states included, so a killed worker repeats
    nothing, and a chunk that is asked for once too often finds nothing to do.
    """
    with transaction.atomic():
        upload = TutorImport.objects.select_for_update(no_key=True).get(pk=upload_id)
        if upload.state == ImportState.COMMITTING:
            return _commit_chunk(upload, at=at)
        if upload.state == ImportState.UNDOING:
            return undo_chunk(upload, at=at)
        return False


def _commit_chunk(upload: TutorImport, *, at: datetime) -> bool:
    rows = list(upload.rows.filter(state__in=COMMITTABLE).order_by("number")[: CHUNK_ROWS + 1])
    more = len(rows) > CHUNK_ROWS
    read = [(row, read_cells(row.cells)) for row in rows[:CHUNK_ROWS]]
    domains = {domain.slug: domain for domain in Domain.objects.all()}
    _update(upload, [r for r in read if r[0].state == RowState.UPDATE], domains=domains, at=at)
    fresh = _still_new([r for r in read if r[0].state == RowState.READY])
    _add(fresh, domains=domains, actor_id=upload.committed_by_id, at=at)
    ImportRow.objects.bulk_update(
        [row for row, _new in read], ["state", "tutor", "errors", "before"]
    )
    if not more:
        upload.state = ImportState.COMMITTED
    count(upload)
    if not more:
        written = upload.rows_added + upload.rows_updated
        event = TutorsImported(
            subject=upload.public_id,
            added=upload.rows_added,
            updated=upload.rows_updated,
            left_out=upload.rows_total - written,
        )
        record(event=event, actor=upload.committed_by_id, at=at)
    return more


def _still_new(read: Sequence[Read]) -> list[Read]:
    """The rows whose address is still free; the others are marked as late."""
    taken = facts.taken(new.email.lower() for _row, new in read)
    for row, new in read:
        if new.email.lower() in taken:
            row.state = RowState.DUPLICATE
            row.errors = {"email": [_("This e-mail was taken since the check.")]}
    return [(row, new) for row, new in read if row.state == RowState.READY]


def _update(
    upload: TutorImport, read: Sequence[Read], *, domains: Mapping[str, Domain], at: datetime
) -> None:
    """Write newer facts about tutors who are here; what they replaced is kept for an undo."""
    if not read:
        return
    addresses = {new.email.lower() for _row, new in read}
    raise_versions(tutor_ids=[t.pk for t in facts.by_address(addresses).values()])
    tutors = facts.by_address(addresses)
    pairs, events = [], []
    for row, new in read:
        tutor = tutors.get(new.email.lower())
        changes = facts.changes_of(tutor, new, cells=row.cells) if tutor else {}
        if tutor is None or not changes:
            row.state = RowState.DUPLICATE
            row.errors = {"email": [_("Nothing was left to do: somebody was faster.")]}
            continue
        row.state, row.tutor, row.before = RowState.UPDATED, tutor, changes
        pairs.append((tutor, changes))
        events.append(ProfileChanged(subject=tutor.public_id, fields=tuple(sorted(changes))))
    facts.write(pairs, domains=domains)
    record_all(events=events, actor=upload.committed_by_id, at=at)


def _add(
    chunk: Sequence[Read],
    *,
    domains: Mapping[str, Domain],
    actor_id: int | None,
    at: datetime,
) -> None:
    """A chunk of tutors in five statements, however many they are."""
    people = [new for _row, new in chunk]
    accounts = Account.objects.bulk_create(_account(new, at=at) for new in people)
    RoleGrant.objects.bulk_create(
        RoleGrant(account=account, role=Role.TUTOR, granted_by_id=actor_id, granted_at=at)
        for account in accounts
    )
    tutors = Tutor.objects.bulk_create(
        _tutor(new, account=account, actor_id=actor_id, at=at)
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


def _account(new: NewTutor, *, at: datetime) -> Account:
    return Account(
        email=new.email,
        name=new.name,
        time_zone=new.time_zone,
        joined_at=at,
        password=make_password(None),
    )


def _tutor(new: NewTutor, *, account: Account, actor_id: int | None, at: datetime) -> Tutor:
    return Tutor(
        account=account,
        country=new.country,
        region=new.region,
        headline=new.headline,
        capacity=new.capacity,
        added_by_id=actor_id,
        added_at=at,
    )
