"""Lists of the portals: pages by key, and the same rows as a CSV."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.text import slugify

from workforce.doors.pages import Visit
from workforce.doors.paging import page
from workforce.rules.tables import quoted

ROWS_A_PAGE = 50
CSV_ROWS_MAX = 100_000
"""A longer export is cut here and its last line says so: narrow the filter, or use the API."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of a list; the addresses keep the filters."""

    rows: list[Any]
    next: str | None
    previous: str | None

    @property
    def is_whole(self) -> bool:
        return self.next is None and self.previous is None


def listing(
    visit: Visit, rows: QuerySet[Any], *, order: str = "-id", size: int = ROWS_A_PAGE
) -> Listing:
    """The page of `rows` that the address asks for. `order` names the leading column.

    Raises `CannotReadCursor`.
    """
    params: dict[str, Any] = {"page_size": size}
    if cursor := visit.query.get("cursor"):
        params["cursor"] = cursor
    found, following, preceding = page(rows=rows, params=params, request=visit.request, order=order)
    return Listing(rows=found, next=following, previous=preceding)


class _Line:
    """What `csv.writer` writes to: it gives each line back."""

    def write(self, text: str) -> str:
        return text


def csv_file(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """A CSV that streams, with formula starts quoted and a byte order mark for spreadsheets."""
    answer = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "list"}.csv"'
    return answer


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(header)
    remaining = iter(rows)
    for row in islice(remaining, CSV_ROWS_MAX):
        yield writer.writerow([_cell(value) for value in row])
    if next(remaining, None) is not None:
        yield writer.writerow([f"Cut after {CSV_ROWS_MAX:,} rows. Narrow the filter."])


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return text if isinstance(value, int | float) else quoted(text)
