"""What the pay desks share: amounts, bank files as bodies, papers as answers."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from payments.providers.bankxml import BANK_FILE_BYTES_MAX
from workforce.doors.desk import Desk
from workforce.doors.parsing import TooLarge
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import Invalid


class Amount(serializers.Serializer[Any]):
    """Money in whole minor units of its currency."""

    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()


def amount(*, minor: int, currency: str) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": currency}


def keys_in(*, prefix: str, texts: Sequence[str] | None, field: str) -> list[int] | None:
    """The keys behind public ids in a body; a 400 that names the field for anything else."""
    if texts is None:
        return None
    try:
        return [internal_id(prefix, text) for text in texts]
    except NotAnId as wrong:
        raise Invalid(
            _("Some ids are not of the right kind."),
            errors={field: [_("%(id)s is not one.") % {"id": wrong}]},
        ) from None


class XMLParser(BaseParser):
    """A bank's message as the body itself, kept as bytes: only the reader judges them."""

    media_type = "application/xml"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        content = stream.read(BANK_FILE_BYTES_MAX + 1)
        check_size(len(content))
        return MultiValueDict({"file": [ContentFile(content, name="message.xml")]})


class TextXMLParser(XMLParser):
    media_type = "text/xml"


class BytesParser(XMLParser):
    media_type = "application/octet-stream"


def check_size(size: int) -> None:
    """413 for a file larger than any bank's."""
    if size > BANK_FILE_BYTES_MAX:
        raise TooLarge(_("A bank file may have %(n)d bytes.") % {"n": BANK_FILE_BYTES_MAX})


class _Whatever(DefaultContentNegotiation):
    """A paper has one form: `Accept: application/pdf` must not be a 406 of the JSON renderer."""

    def select_renderer(
        self,
        request: Request,
        renderers: Sequence[BaseRenderer],  # type: ignore[override]
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type or "application/json"


class PaperDesk(Desk):
    """A desk whose answers may be files."""

    content_negotiation_class = _Whatever


def paper(content: bytes, *, media: str, name: str) -> HttpResponse:
    """A file to keep: never shown inline, never sniffed."""
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
