"""What every request passes: an id for the logs, and a strict content security policy."""

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID_CHARS_MAX = 64


def request_id(get_response: GetResponse) -> GetResponse:
    """Give each request an id (the caller's X-Request-ID when it is a plain word)."""

    def handle(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        plain = given.replace("-", "").isalnum() and len(given) <= REQUEST_ID_CHARS_MAX
        ident = given if plain and given.isascii() else secrets.token_hex(8)
        request.lectern_id = ident  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=ident):
            response = get_response(request)
        response["X-Request-ID"] = ident
        return response

    return handle


def content_security(get_response: GetResponse) -> GetResponse:
    """Only our own files run; scripts and styles of pages carry this request's nonce."""

    def handle(request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = get_response(request)
        response.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; "
            f"script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
            "img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'",
        )
        response.setdefault("X-Content-Type-Options", "nosniff")
        return response

    return handle
