"""JSON bodies within limits: bytes, depth, and no characters that cannot be stored."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import BaseParser


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The body is too large"
    default_code = "too_large"


class LimitedJSONParser(BaseParser):
    """DRF's own parser reads without limit; this one stops at `BODY_BYTES_MAX`."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(settings.BODY_BYTES_MAX + 1)
        if len(raw) > settings.BODY_BYTES_MAX:
            limit = settings.BODY_BYTES_MAX // (1024 * 1024)
            raise TooLarge(_("A JSON body may have %(n)d MB at most.") % {"n": limit})
        try:
            parsed = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as problem:
            raise exceptions.ParseError(
                _("The body is not valid JSON: %(why)s") % {"why": problem}
            ) from None
        check_storable(parsed)
        return parsed


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def check_storable(value: Any) -> None:
    """`ParseError` for nesting beyond `BODY_DEPTH_MAX`, NUL or lone surrogates anywhere."""
    level: list[Any] = [value]
    for _depth in range(settings.BODY_DEPTH_MAX + 1):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, dict):
                deeper.extend(item.keys())
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
        if not deeper:
            return
        level = deeper
    raise exceptions.ParseError(
        _("The body is nested deeper than %(n)d levels.") % {"n": settings.BODY_DEPTH_MAX}
    )


def _check_text(text: str) -> None:
    if "\x00" in text or (not text.isascii() and not _encodable(text)):
        raise exceptions.ParseError(
            _("A text holds a NUL or half of a surrogate pair, which cannot be stored.")
        )


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
