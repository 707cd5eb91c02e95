"""Lists by key, never by offset."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import serializers

from workforce.rules.problems import Invalid


class Filters(serializers.Serializer[Any]):
    """Base of a list's allowed query parameters; anything else is refused."""

    page_size = serializers.IntegerField(
        min_value=1, max_value=settings.PAGE_SIZE_MAX, required=False
    )
    cursor = serializers.CharField(max_length=512, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(
                {name: [_("There is no such parameter here.")] for name in sorted(unknown)}
            )
        return attrs


class CannotReadCursor(Invalid):
    code = "cursor_not_valid"


def page(
    *, rows: QuerySet[Any], params: Mapping[str, Any], request: HttpRequest, order: str = "-id"
) -> tuple[list[Any], str | None, str | None]:
    """One page of `rows` and the URLs of its neighbours.

    `order` names the leading column (`-` for descending); ties are ordered by key.
    """
    size = params.get("page_size", settings.PAGE_SIZE)
    column, descending = order.lstrip("-"), order.startswith("-")
    backwards, after = _cursor(params.get("cursor"))
    if after is not None:
        try:
            rows = rows.filter(_beyond(column, after, less=descending != backwards))
        except (TypeError, ValueError, ValidationError):
            raise _not_ours() from None
    sign = "-" if descending != backwards else ""
    ordered = rows.order_by(*dict.fromkeys([f"{sign}{column}", f"{sign}id"]))
    found: list[Model] = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (after is not None, more) if backwards else (more, after is not None)
    following = _link(request, found[-1], column, back=False) if found and has_next else None
    preceding = _link(request, found[0], column, back=True) if found and has_previous else None
    return found, following, preceding


def _beyond(column: str, after: list[Any], *, less: bool) -> Q:
    op = "lt" if less else "gt"
    value, key = after
    if column == "id":
        return Q(**{f"id__{op}": key})
    return Q(**{f"{column}__{op}": value}) | Q(**{column: value, f"id__{op}": key})


def _cursor(text: str | None) -> tuple[bool, list[Any] | None]:
    if text is None:
        return False, None
    try:
        back, value, key = json.loads(base64.urlsafe_b64decode(text.encode()))
        if type(back) is not bool or type(key) is not int or not 0 <= key < 2**63:
            raise ValueError
        if isinstance(value, str) and (moment := parse_datetime(value)):
            value = moment
        elif isinstance(value, list):
            value = _text(*value)
        elif value is not None and type(value) is not int:
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise _not_ours() from None
    return back, [value, key]


def _text(value: object) -> str:
    """A column of text is in a list of one: a name may look like a moment."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    value.encode()
    return value


def _not_ours() -> CannotReadCursor:
    return CannotReadCursor(
        _("This cursor is not one of ours. Start again without it."),
        errors={"cursor": [_("Not a cursor.")]},
    )


def _link(request: HttpRequest, row: Any, column: str, *, back: bool) -> str:
    value = None if column == "id" else getattr(row, column)
    if isinstance(value, datetime):
        value = value.isoformat()
    elif isinstance(value, str):
        value = [value]
    raw = json.dumps([back, value, row.pk]).encode()
    query = request.GET.copy()
    query["cursor"] = base64.urlsafe_b64encode(raw).decode()
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
