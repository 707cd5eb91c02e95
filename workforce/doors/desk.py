"""The API's one kind of door: read the request, make one call, give the answer.

Every refusal is decided in the same order: 401, 403, 404, 415, 400, 429, 409. (The limit
on requests is checked before the call that could find a conflict, so that refused calls
cannot be made without end.)
"""

import functools
import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers, viewsets
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from workforce.access import require_role, require_scope, require_session
from workforce.doors import now, throttles
from workforce.doors.paging import Filters, page
from workforce.doors.parsing import LimitedJSONParser
from workforce.doors.tokens import BearerAuthentication, SessionAuthentication
from workforce.models import Account
from workforce.operations.remembering import KEY_CHARS_MAX, recall, remember
from workforce.operations.transacting import whole_request
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import Invalid, NotFound
from workforce.rules.roles import EVERYONE, Role, Scope

Answer = serializers.Serializer[Any]

KEY_AT_ONCE_BODY_BYTES_MAX = 64 * 1024
"""Up to this a body comes in one piece. A longer one may come slowly, and no transaction waits for
it: its key is looked up when it is here.
"""


class Body(serializers.Serializer[Any]):
    """Base of request bodies: a field that is not named here is refused, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(k) for k in data if k not in self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("There is no such field here.")] for name in unknown}
                )
        return super().to_internal_value(data)


@dataclass
class Call:
    """One request on its way through a door."""

    request: Request
    account: Account
    at: datetime
    scopes: Sequence[str] | None = None
    found: Any = None
    body: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)


Find = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class DoorSpec:
    """What a door declares of itself: the schema, the role matrix and the tests read it."""

    name: str
    summary: str
    roles: frozenset[Role]
    find: Find | None
    body: type[serializers.Serializer[Any]] | None
    answer: type[serializers.Serializer[Any]] | None
    status: int
    filters: type[Filters] | None
    many: bool
    order: str
    idempotent: bool
    scope: Scope | None
    throttle: Literal["read", "write", "claim"]
    parsers: tuple[type[BaseParser], ...]
    media: tuple[str, ...]
    empty: str | None
    unsafe: bool
    conflict: bool
    session_only: bool
    names_others: bool


def door(
    name: str,
    *,
    summary: str,
    roles: Collection[Role] = EVERYONE,
    find: Find | None = None,
    body: type[serializers.Serializer[Any]] | None = None,
    answer: type[serializers.Serializer[Any]] | None = None,
    status: int = 200,
    filters: type[Filters] | None = None,
    many: bool = False,
    order: str = "-id",
    idempotent: bool = False,
    scope: Scope | None = None,
    throttle: Literal["read", "write", "claim"] | None = None,
    parsers: tuple[type[BaseParser], ...] = (LimitedJSONParser,),
    media: tuple[str, ...] = ("application/json",),
    empty: str | None = None,
    unsafe: bool | None = None,
    conflict: bool | None = None,
    session_only: bool = False,
    names_others: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]:
    """Make a viewset's method a door. It gets a `Call` and gives what the answer is made of.

    `name` is the operation id (`claims_submit`). `find(call, **path)` returns the object or
    raises `NotFound`. `body` reads the request, `filters` the query, `answer` writes the
    result. With `many` the method returns a QuerySet, paged by `order`. With `idempotent` an
    `Idempotency-Key` is honoured in the transaction of the effect. `empty` describes a 204
    for a result of None. `session_only` keeps tokens out. `names_others` says that its
    body names things by id, so that it may answer 404. A method may also return a ready Django
    response.
    """
    writes = unsafe if unsafe is not None else (body is not None or idempotent)
    spec = DoorSpec(
        name=name, summary=summary, roles=frozenset(roles), find=find, body=body, answer=answer,
        status=status, filters=filters or (Filters if many else None), many=many, order=order,
        idempotent=idempotent, scope=scope, throttle=throttle or ("write" if writes else "read"),
        parsers=parsers, media=media, empty=empty, unsafe=writes,
        conflict=conflict if conflict is not None else writes, session_only=session_only,
        names_others=names_others,
    )  # fmt: skip

    def wrap(method: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(method)
        def view(desk: "Desk", request: Request, **path: str) -> HttpResponseBase:
            return _pass(spec, method, desk, request, path)

        view.door = spec  # type: ignore[attr-defined]
        return view

    return wrap


class Desk(viewsets.ViewSet):
    """A viewset whose actions are doors; authorisation and limits are the doors' business."""

    permission_classes = ()
    throttle_classes = ()

    def get_authenticators(self) -> list[BaseAuthentication]:
        spec, request = self._spec(), getattr(self, "request", None)
        key = _key(spec, request) if spec and request and _is_short(request) else None
        return [BearerAuthentication(key=key), SessionAuthentication()]

    def perform_authentication(self, request: Request) -> None:
        """Nothing yet: the door asks who is calling, within the transaction of the effect."""

    def get_parsers(self) -> list[BaseParser]:
        spec = self._spec()
        return [p() for p in (spec.parsers if spec else (LimitedJSONParser,))]

    def _spec(self) -> DoorSpec | None:
        """The door being knocked at; the schema asks without a request."""
        action = getattr(self, "action", None)
        if action is None and self.request is not None:
            actions: dict[str, str] = getattr(self, "action_map", None) or {}
            action = actions.get((self.request.method or "").lower())
        return getattr(getattr(self, action or "", None), "door", None)


def _pass(
    spec: DoorSpec,
    method: Callable[..., Any],
    desk: Desk,
    request: Request,
    path: Mapping[str, str],
) -> HttpResponseBase:
    if not spec.unsafe:
        call = _enter(spec, request, path)
        return _answer(spec, call, method(desk, call))
    keyed = spec.idempotent and "Idempotency-Key" in request.headers
    if keyed and _is_short(request):
        with whole_request():
            call = _enter(spec, request, path)
            return _once(spec, call, lambda: method(desk, call))
    call = _enter(spec, request, path)
    with whole_request():
        if keyed:
            return _once(spec, call, lambda: method(desk, call))
        return _answer(spec, call, method(desk, call))


def _is_short(request: HttpRequest | Request) -> bool:
    """Whether the body came whole with its head; see `KEY_AT_ONCE_BODY_BYTES_MAX`."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) <= KEY_AT_ONCE_BODY_BYTES_MAX


def _key(spec: DoorSpec, request: HttpRequest | Request) -> str | None:
    """The idempotency key that this door honours; None without one, or when it is not a key."""
    key = request.headers.get("Idempotency-Key", "")
    if spec.idempotent and 1 <= len(key) <= KEY_CHARS_MAX and key.isprintable():
        return key
    return None


def _enter(spec: DoorSpec, request: Request, path: Mapping[str, str]) -> Call:
    """Everything that may be refused before the verb is called, in the order of refusals."""
    call = _admit(spec, request)
    if spec.find:
        call.found = spec.find(call, **path)
    _read(spec, call)
    throttles.check(account_id=call.account.pk, kind=spec.throttle, at=call.at)
    return call


def _admit(spec: DoorSpec, request: Request) -> Call:
    account = request.user
    if not isinstance(account, Account):
        raise NotAuthenticated(_("Sign in, or send `Authorization: Bearer <token>`."))
    scopes = getattr(request.auth, "scopes", None)
    require_role(account=account, roles=spec.roles)
    if spec.session_only:
        require_session(scopes=scopes)
    require_scope(scopes=scopes, wanted=Scope.API)
    if spec.scope:
        require_scope(scopes=scopes, wanted=spec.scope)
    return Call(request=request, account=account, at=now(), scopes=scopes)


def _read(spec: DoorSpec, call: Call) -> None:
    if spec.body:
        call.body = _checked_body(spec.body, call.request.data)
    query = call.request.query_params
    if spec.filters:
        filters = spec.filters(data=query.dict())
        filters.is_valid(raise_exception=True)
        call.params = dict(filters.validated_data)
    elif query:
        raise Invalid(
            _("This address takes no query parameters."),
            errors={name: [_("There is no such parameter here.")] for name in query},
        )


def _checked_body(body: type[Answer], given: Any) -> dict[str, Any]:
    if given is None:  # only a serializer that has it words this refusal
        body(data=given).is_valid(raise_exception=True)
    return dict(_reader(body).run_validation(given))


@functools.cache
def _reader(body: type[Answer]) -> Answer:
    """One serializer for all requests of a kind: its fields would be copied for each."""
    return body()


def _answer(spec: DoorSpec, call: Call, result: Any) -> HttpResponseBase:
    if isinstance(result, HttpResponseBase):
        return result
    if spec.many:
        rows, following, preceding = page(
            rows=result, params=call.params, request=call.request._request, order=spec.order
        )
        results = _written(spec, rows, many=True)
        return Response({"results": results, "next": following, "previous": preceding})
    if result is None and (spec.empty or spec.answer is None):
        return Response(status=204)
    return Response(_written(spec, result), status=spec.status)


def _written(spec: DoorSpec, result: Any, *, many: bool = False) -> Any:
    if spec.answer is None:
        return result
    writer = _writer(spec.answer)
    return [writer(each) for each in result] if many else writer(result)


@functools.cache
def _writer(answer: type[Answer]) -> Callable[[Any], Any]:
    """One serializer for all answers of a kind: making its fields anew costs more than writing."""
    return answer().to_representation


def _once(spec: DoorSpec, call: Call, act: Callable[[], Any]) -> HttpResponseBase:
    key = _key(spec, call.request)
    if key is None:
        raise Invalid(_("An Idempotency-Key has 1 to 128 printable characters."))
    request_hash, seen = _hash(call), getattr(call.request.auth, "known", None)
    first = recall(account=call.account, key=key, request_hash=request_hash, seen=seen)
    if first is not None:
        again = Response(first.response, status=first.status)
        again["Idempotency-Replayed"] = "true"
        return again
    response = _answer(spec, call, act())
    if isinstance(response, Response):
        remember(
            account=call.account,
            key=key,
            request_hash=request_hash,
            status=response.status_code,
            response=json.dumps(response.data, default=str),
            at=call.at,
        )
    return response


def _hash(call: Call) -> str:
    request = call.request
    parts = (request.method or "", request.path, json.dumps(_plain(request.data), sort_keys=True))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _plain(data: Any) -> Any:
    """A request's body as JSON; an uploaded file counts by its bytes."""
    if not hasattr(data, "lists"):
        return data
    return {name: [_digest(v) for v in values] for name, values in data.lists()}


def _digest(value: Any) -> str:
    if not hasattr(value, "chunks"):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()


def key_of(prefix: str, text: str) -> int:
    """The key behind a public id in a path; `NotFound` when it is none of that kind."""
    try:
        return internal_id(prefix, text)
    except NotAnId:
        raise NotFound from None
