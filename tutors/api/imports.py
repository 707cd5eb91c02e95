"""Tutors by CSV: upload is a dry run, commit adds them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from tutors import doors
from tutors.doors import CsvParser
from tutors.operations import importing
from tutors.operations.importing.mending import Act
from tutors.queries import imports, people
from tutors.rules.importing import COLUMNS, COLUMNS_MAX
from workforce.doors.desk import Body, Call, Desk, door
from workforce.doors.listing import csv_file
from workforce.doors.paging import Filters
from workforce.rules.roles import Role

RECRUITERS = [Role.RECRUITER]
SEERS = [Role.RECRUITER, Role.ADMIN]
SHOWN_ROWS_MAX = 200


class ImportRequest(Body):
    file = serializers.FileField(
        allow_empty_file=True,
        use_url=False,
        help_text="A CSV; also accepted as the whole body with the type text/csv.",
    )
    updates_known = serializers.BooleanField(
        default=False, help_text="A row with a tutor's e-mail brings newer facts."
    )
    asks_namesakes = serializers.BooleanField(
        default=False, help_text="A row with a tutor's name and country waits for a decision."
    )


class MatchRequest(Body):
    columns = serializers.ListField(
        child=serializers.ChoiceField(choices=[*COLUMNS, ""], allow_blank=True),
        max_length=COLUMNS_MAX,
        help_text="For each column of the file what it holds; empty leaves it out.",
    )


class FixRequest(Body):
    column = serializers.ChoiceField(choices=COLUMNS)
    value = serializers.CharField(allow_blank=True, trim_whitespace=True)


class DecideRequest(Body):
    act = serializers.ChoiceField(choices=[act.value for act in Act])


class ImportRowAnswer(serializers.Serializer[Any]):
    row = serializers.IntegerField(source="number", help_text="1 is the line below the header.")
    state = serializers.CharField()
    cells = serializers.DictField(child=serializers.CharField(allow_blank=True))
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), help_text="By column."
    )
    flags = serializers.ListField(
        child=serializers.CharField(), help_text="Columns that look like a formula; kept as text."
    )
    tutor = serializers.CharField(source="tutor.public_id", default=None, allow_null=True)


class ImportCountsAnswer(serializers.Serializer[Any]):
    total = serializers.IntegerField(source="rows_total")
    ready = serializers.IntegerField(source="rows_ready")
    error = serializers.IntegerField(source="rows_error")
    duplicate = serializers.IntegerField(source="rows_duplicate")
    added = serializers.IntegerField(source="rows_added")
    update = serializers.IntegerField(source="rows_update")  # type: ignore[assignment]
    possible = serializers.IntegerField(source="rows_possible")
    skipped = serializers.IntegerField(source="rows_skipped")
    updated = serializers.IntegerField(source="rows_updated")
    undone = serializers.IntegerField(source="rows_undone")
    kept = serializers.IntegerField(source="rows_kept")


class MatchAnswer(serializers.Serializer[Any]):
    header = serializers.CharField()
    column = serializers.CharField(allow_blank=True, help_text="Empty: left out.")


class ImportAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    state = serializers.CharField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    encoding = serializers.CharField()
    delimiter = serializers.CharField()
    columns = serializers.SerializerMethodField()
    counts = ImportCountsAnswer(source="*")
    checked_at = serializers.DateTimeField()
    committed_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(MatchAnswer(many=True))
    def get_columns(self, upload: Any) -> list[dict[str, str]]:
        pairs = zip(upload.header, upload.matching, strict=False)
        return [{"header": header, "column": column} for header, column in pairs]


class ImportDetailAnswer(ImportAnswer):
    rows = serializers.SerializerMethodField(
        help_text=f"At most {SHOWN_ROWS_MAX}, those that need somebody first; all at …/rows/."
    )

    def get_rows(self, upload: Any) -> list[dict[str, Any]]:
        shown = people.rows_of(upload=upload, limit=SHOWN_ROWS_MAX)
        return [dict(row) for row in ImportRowAnswer(shown, many=True).data]


class RowFilters(Filters):
    state = serializers.CharField(max_length=24, required=False)


class TutorImports(Desk):
    @door("tutor_imports_list", summary="Imports", roles=SEERS, answer=ImportAnswer, many=True)
    def list(self, call: Call) -> Any:
        return people.imports_visible_to(account=call.account)

    @door(
        "tutor_imports_create",
        summary="Check a CSV of tutors",
        roles=RECRUITERS,
        body=ImportRequest,
        answer=ImportDetailAnswer,
        status=201,
        idempotent=True,
        parsers=(MultiPartParser, CsvParser),
    )
    def create(self, call: Call) -> Any:
        """A dry run: nothing about anybody is written before the commit.

        Columns: email, name, country, time_zone, domains (`a;b`), languages (`en:C2;de:B1`);
        also region, capacity, headline. Other headers are guessed, and can be matched.
        """
        file = call.body.pop("file")
        return importing.check_file(
            source=file,
            file_name=file.name or "tutors.csv",
            actor=call.account,
            at=call.at,
            **call.body,
        )

    @door(
        "tutor_imports_show",
        summary="One import with its rows",
        roles=SEERS,
        find=doors.upload,
        answer=ImportDetailAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "tutor_imports_rows",
        summary="All rows of an import",
        roles=SEERS,
        find=doors.upload,
        filters=RowFilters,
        answer=ImportRowAnswer,
        many=True,
        order="id",
    )
    def rows(self, call: Call) -> Any:
        rows = people.all_rows(upload=call.found)
        return people.in_state(rows=rows, state=call.params.get("state"))

    @door(
        "tutor_imports_commit",
        summary="Add the ready rows as tutors",
        roles=RECRUITERS,
        find=doors.upload,
        answer=ImportDetailAnswer,
        idempotent=True,
    )
    def commit(self, call: Call) -> Any:
        """At most 500 ready rows: all or none, at once. More: by jobs, in steps of 500
        (`committing` until the last is done). Invitations are sent one by one, when a recruiter
        says so.
        """
        return importing.commit(upload=call.found, actor=call.account, at=call.at)

    @door(
        "tutor_imports_match",
        summary="Say what the columns hold",
        roles=RECRUITERS,
        find=doors.upload,
        body=MatchRequest,
        answer=ImportDetailAnswer,
        idempotent=True,
    )
    def match(self, call: Call) -> Any:
        """All rows are checked again; cells that were put right stay so."""
        columns = call.body["columns"]
        return importing.match_columns(
            upload=call.found, columns=columns, actor=call.account, at=call.at
        )

    @door(
        "tutor_imports_fix",
        summary="Put one cell of a row right",
        roles=RECRUITERS,
        find=doors.import_row,
        body=FixRequest,
        answer=ImportRowAnswer,
        idempotent=True,
    )
    def fix(self, call: Call) -> Any:
        mended = importing.fix_cells(
            upload=call.found.upload,
            number=call.found.number,
            values={call.body["column"]: call.body["value"]},
            actor=call.account,
            at=call.at,
        )
        return mended.row

    @door(
        "tutor_imports_decide",
        summary="Skip a row, take it in again, or keep both of a name",
        roles=RECRUITERS,
        find=doors.import_row,
        body=DecideRequest,
        answer=ImportRowAnswer,
        idempotent=True,
    )
    def decide(self, call: Call) -> Any:
        mended = importing.decide(
            upload=call.found.upload,
            number=call.found.number,
            act=Act(call.body["act"]),
            actor=call.account,
            at=call.at,
        )
        return mended.row

    @door(
        "tutor_imports_discard",
        summary="Give an import up before its commit",
        roles=RECRUITERS,
        find=doors.upload,
        empty="Discarded; its rows are deleted.",
        idempotent=True,
    )
    def discard(self, call: Call) -> Any:
        importing.discard(upload=call.found, actor=call.account, at=call.at)

    @door(
        "tutor_imports_undo",
        summary="Take a whole import back",
        roles=RECRUITERS,
        find=doors.upload,
        answer=ImportDetailAnswer,
        idempotent=True,
    )
    def undo(self, call: Call) -> Any:
        """Within 7 days. People who moved on since stay; their rows are `kept`, with the reason."""
        return importing.undo(upload=call.found, actor=call.account, at=call.at)

    @door(
        "tutor_imports_rejected",
        summary="The rows left out, with reasons, as a CSV",
        roles=SEERS,
        find=doors.upload,
        media=("text/csv",),
    )
    def rejected(self, call: Call) -> Any:
        """The file's own columns, then `row` and `reasons`; it can be mended and sent again."""
        header, rows = imports.rejected(upload=call.found)
        return csv_file(f"{call.found.public_id}-rejected", header, rows)
