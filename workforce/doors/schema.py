"""The OpenAPI description, read off the doors."""

import functools
import re
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from workforce.doors.desk import DoorSpec
from workforce.doors.problems import CONTENT_TYPE, Problem
from workforce.operations.remembering import KEY_CHARS_MAX

REASONS = {
    400: "The input does not hold together; `errors` says where.",
    401: "No valid token or session.",
    403: "Not yours to do.",
    404: "No such thing, or not yours to see.",
    409: "A lost race, or the wrong state.",
    413: "The body is too large.",
    415: "A media type that is not read here.",
    422: "The Idempotency-Key belongs to another request.",
    429: "Too many requests; see Retry-After.",
    503: "The database is busy; nothing was changed, try again.",
}
_BODY_LIMITS = (413, 415)
FIELDS = frozenset({"application/json", "multipart/form-data"})
"""Bodies made of fields; any other kind is a file as it is."""


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "workforce.doors.tokens.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "workforce.doors.tokens.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class DeskSchema(AutoSchema):
    """drf-spectacular's view of a Desk: everything comes from the door's own declaration."""

    @property
    def spec(self) -> DoorSpec | None:
        return getattr(getattr(self.view, self._action(), None), "door", None)

    def _action(self) -> str:
        return getattr(self.view, "action", None) or ""

    def get_operation_id(self) -> str:
        return self.spec.name if self.spec else super().get_operation_id()

    def get_summary(self) -> str | None:
        return self.spec.summary if self.spec else super().get_summary()

    def get_description(self) -> str:  # type: ignore[override]
        if self.spec is None:
            return super().get_description()
        handler = getattr(self.view, self._action(), None)
        text = re.sub(r"\s+", " ", getattr(handler, "__doc__", "") or "").strip()
        held = ", ".join(f"`{r.value}`" for r in sorted(self.spec.roles))
        return f"{text}\n\nRoles: {held}.".strip()

    def get_tags(self) -> list[str]:
        return [self.path.split("/")[3] if self.path.count("/") > 3 else "lectern"]

    def get_request_serializer(self) -> Any:
        spec = self.spec
        if spec is None:
            return super().get_request_serializer()
        media = self.map_parsers()
        if spec.body is None or set(media) <= FIELDS:
            return spec.body
        return {m: spec.body if m in FIELDS else OpenApiTypes.BINARY for m in media}

    def map_parsers(self) -> list[Any]:
        if self.spec is None:
            return list(super().map_parsers())
        return list(dict.fromkeys(parser.media_type for parser in self.spec.parsers))

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # a page is an object of its own, with its neighbours' addresses

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_override_parameters(self) -> list[Any]:
        spec = self.spec
        if spec is None:
            return list(super().get_override_parameters())
        names = re.findall(r"{(\w+)}", self.path)
        found: list[Any] = [
            OpenApiParameter(n, OpenApiTypes.STR, OpenApiParameter.PATH) for n in names
        ]
        if spec.filters:
            found.append(spec.filters)
        if spec.idempotent:
            found.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": KEY_CHARS_MAX,
                     "pattern": "^[A-Za-z0-9._:-]+$"},
                    OpenApiParameter.HEADER,
                    description="The same key and body give the first answer again.",
                )
            )  # fmt: skip
        return found

    def get_response_serializers(self) -> Any:
        spec = self.spec
        if spec is None:
            return super().get_response_serializers()
        answers: dict[Any, Any] = {}
        for status in self._refusals(spec):
            answers[(status, CONTENT_TYPE)] = OpenApiResponse(Problem, REASONS[status])
        answers |= self._success(spec)
        return answers

    def _success(self, spec: DoorSpec) -> dict[Any, Any]:
        if spec.many and spec.answer:
            return {200: _page_of(spec.answer)}
        if spec.answer is None and spec.media == ("application/json",):
            return {204: None}
        answers: dict[Any, Any] = {}
        for media in spec.media:
            binary = media != "application/json"
            answers[(spec.status, media)] = OpenApiTypes.BINARY if binary else spec.answer
        if spec.empty:
            answers[204] = None
        return answers

    def _refusals(self, spec: DoorSpec) -> list[int]:
        found = [400, 401, 403, 429, 503]
        if spec.find or spec.names_others:
            found.append(404)
        if spec.unsafe:
            found.extend(_BODY_LIMITS)
        if spec.conflict:
            found.append(409)
        if spec.idempotent:
            found.append(422)
        return sorted(set(found))


@functools.cache
def _page_of(answer: type[serializers.Serializer[Any]]) -> Any:
    name = answer.__name__.removesuffix("Answer")
    return inline_serializer(
        f"{name}Page",
        {
            "results": answer(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
        },
    )


def close_bodies(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Post-processing: request bodies refuse unknown fields, and the schema says so."""
    for name, component in result.get("components", {}).get("schemas", {}).items():
        if name.endswith("Request") and component.get("type") == "object":
            component.setdefault("additionalProperties", False)
    return result
