"""Bodies that are files: streamed to disk, hashed on the way, stopped at a limit."""

import hashlib
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser, MultiPartParser

from tasks.providers import files
from tasks.rules.intake import BatchFormat
from workforce.doors.parsing import TooLarge

READ_BYTES = 1024 * 1024


@extend_schema_field(OpenApiTypes.BINARY)
class FileField(serializers.FileField):
    """A file of a form; the API's description says binary, not a link."""


class Upload(dict[str, Any]):
    """A file that came as a request's body. As a dictionary it is what idempotency compares."""

    file: Any

    @property
    def format(self) -> BatchFormat:
        return BatchFormat(self["format"])


def received(stream: IO[bytes], *, format: BatchFormat) -> Upload:
    """Write a stream to disk; `TooLarge` past `UPLOAD_BYTES_MAX`."""
    file, digest, total = files.incoming(), hashlib.sha256(), 0
    while block := stream.read(READ_BYTES):
        total += len(block)
        if total > settings.UPLOAD_BYTES_MAX:
            file.close()
            raise too_large()
        digest.update(block)
        file.write(block)
    upload = Upload(format=format.value, sha256=digest.hexdigest(), bytes=total)
    upload.file = file
    return upload


def too_large() -> TooLarge:
    limit = settings.UPLOAD_BYTES_MAX // 1024**2
    return TooLarge(_("A file may have %(n)d MB at most.") % {"n": limit})


class _FileParser(BaseParser):
    format: BatchFormat

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Upload:
        return received(stream, format=self.format)


class NdjsonParser(_FileParser):
    media_type = "application/x-ndjson"
    format = BatchFormat.JSONL


class JsonlParser(_FileParser):
    media_type = "application/jsonl"
    format = BatchFormat.JSONL


class CsvParser(_FileParser):
    media_type = "text/csv"
    format = BatchFormat.CSV


class LimitedMultiPartParser(MultiPartParser):
    """DRF's own parser, which writes large files to disk but stops at no size."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {})["request"]
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.UPLOAD_BYTES_MAX:
            raise too_large()
        try:
            return super().parse(stream, media_type, parser_context)
        except UnicodeError as problem:
            raise exceptions.ParseError(str(problem)) from None
