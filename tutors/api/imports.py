"""Tutors by CSV: upload is a dry run, commit adds them."""

from typing import Any

from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from tutors import doors
from tutors.doors import CsvParser
from tutors.operations.importing import check_file, commit
from tutors.queries import people
from workforce.doors.desk import Body, Call, Desk, door
from workforce.doors.paging import Filters
from workforce.rules.roles import Role

RECRUITERS = [Role.RECRUITER]
SEERS = [Role.RECRUITER, Role.ADMIN]
SHOWN_ROWS_MAX = 200


class ImportRequest(Body):
    file = serializers.FileField(
        allow_empty_file=True,
        use_url=False,
        help_text="UTF-8 CSV; also accepted as the whole body with the type text/csv.",
    )


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


class ImportAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    state = serializers.CharField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    counts = ImportCountsAnswer(source="*")
    checked_at = serializers.DateTimeField()
    committed_at = serializers.DateTimeField(allow_null=True)


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
        also region, capacity, headline.
        """
        file = call.body["file"]
        name = file.name or "tutors.csv"
        return check_file(source=file, file_name=name, actor=call.account, at=call.at)

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
        """All ready rows or none. Invitations are sent one by one, when a recruiter says so."""
        return commit(upload=call.found, actor=call.account, at=call.at)
