"""RFC 9457: every refusal leaves the house as application/problem+json."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from workforce.rules.problems import Invalid, NotFound, Refusal

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
BUSY_RETRY_SECONDS = 2


class Problem(serializers.Serializer[Any]):
    """The body of every error answer."""

    type = serializers.CharField(help_text="A URI that names the kind of problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What happened and what to do next.")
    code = serializers.CharField(help_text="Stable; safe to match on.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="By field.",
    )


def body_of(
    *, code: str, title: str, status: int, detail: str, errors: Mapping[str, list[str]] | None
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"urn:lectern:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = dict(errors)
    return body


def from_refusal(refusal: Refusal) -> dict[str, Any]:
    return body_of(
        code=refusal.code,
        title=str(refusal.title),
        status=refusal.status,
        detail=refusal.detail,
        errors=refusal.errors,
    )


def answer_exception(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what was raised behind a door into an answer; None (a 500) for what nobody foresaw."""
    headers: dict[str, str] = {}
    body = _known(exception, headers)
    if body is None:
        return None
    response = Response(body, status=body["status"], content_type=CONTENT_TYPE)
    for name, value in headers.items():
        response[name] = value
    return response


def _known(exception: Exception, headers: dict[str, str]) -> dict[str, Any] | None:
    match exception:
        case Refusal():
            if retry := getattr(exception, "retry_after_seconds", None):
                headers["Retry-After"] = str(retry)
            return from_refusal(exception)
        case Http404():
            return from_refusal(NotFound())
        case exceptions.ValidationError():
            return from_refusal(
                Invalid(
                    _("Mend the fields named in `errors` and send it again."),
                    errors=flatten(exception.detail),
                )
            )
        case exceptions.APIException():
            return _from_framework(exception, headers)
        case PermissionDenied():
            return body_of(
                code="not_allowed", title=_("Not allowed"), status=403,
                detail=str(exception) or _("This is not yours to do."), errors=None,
            )  # fmt: skip
        case SuspiciousOperation():  # more fields, files or bytes than anybody needs
            return from_refusal(Invalid(_("The request has more parts than we read.")))
        case DataError():
            return from_refusal(Invalid(_("A value is outside what can be stored.")))
        case OperationalError():
            logger.warning("Database busy or away: %s", exception)
            headers["Retry-After"] = str(BUSY_RETRY_SECONDS)
            return body_of(
                code="busy", title=_("Busy"), status=503,
                detail=_("The database did not answer in time. Nothing was changed; try again."),
                errors=None,
            )  # fmt: skip
    return None


_FRAMEWORK_CODES = {
    401: "not_signed_in",
    403: "not_allowed",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "throttled",
}


def _from_framework(exception: exceptions.APIException, headers: dict[str, str]) -> dict[str, Any]:
    status = exception.status_code
    if header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(exception, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    return body_of(
        code=_FRAMEWORK_CODES.get(status, "invalid"),
        title=HTTPStatus(status).phrase,
        status=status,
        detail=str(exception.detail),
        errors=None,
    )


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as field paths: `items[2].external_id`."""
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for key, value in detail.items():
            step = f"[{key}]" if isinstance(key, int) else f".{key}" if path else str(key)
            found |= flatten(value, path + step)
        return found
    if isinstance(detail, list) and any(isinstance(d, (dict, list)) for d in detail):
        return {
            k: v for i, d in enumerate(detail) if d for k, v in flatten(d, f"{path}[{i}]").items()
        }
    return {path: [str(d) for d in detail] if isinstance(detail, list) else [str(detail)]}


def plain_not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Django's 404 for an unknown path, in the same body as every other."""
    return JsonResponse(from_refusal(NotFound()), status=404, content_type=CONTENT_TYPE)


def plain_error(request: HttpRequest) -> JsonResponse:
    body = body_of(
        code="our_fault", title="Our fault", status=500,
        detail="Something broke on our side. Nothing was changed; try again in a minute.",
        errors=None,
    )  # fmt: skip
    return JsonResponse(body, status=500, content_type=CONTENT_TYPE)
