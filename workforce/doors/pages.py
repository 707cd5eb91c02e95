"""The portals' one kind of page: form in, one call, template out.

Refusals are decided in one order: signed out, wrong role, then what the call itself says. A
POST runs in one transaction, and a form sent twice (`{% formkey %}`) gets the first answer.
"""

import functools
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from workforce.doors import now
from workforce.models import Account
from workforce.operations.remembering import KEY_CHARS_MAX, recall, remember
from workforce.rules.problems import Conflict, Invalid, NotAllowed, Refusal
from workforce.rules.roles import EVERYONE, Role

FORM_KEY = "_key"
"""The hidden field that makes a form's repetition harmless."""

UTC_BELOW = "/ops/"
"""Operations and pay are shown in UTC and say so; everybody else sees her own zone."""

REFUSED_TOAST_STATUS = frozenset({400, 403, 404, 409, 422, 429})


@dataclass(frozen=True, kw_only=True)
class PageSpec:
    """What a page declares of itself; the navigation, the role matrix and the tests read it."""

    name: str
    roles: frozenset[Role]


@dataclass
class Visit:
    """One request on its way through a page."""

    request: HttpRequest
    account: Account
    at: datetime
    _said: list[dict[str, Any]] = field(default_factory=list)

    @property
    def posted(self) -> bool:
        return self.request.method == "POST"

    @property
    def is_htmx(self) -> bool:
        return self.request.headers.get("HX-Request") == "true"

    @property
    def query(self) -> QueryDict:
        return self.request.GET

    def say(self, text: str, *, undo: str = "", bad: bool = False) -> None:
        """Tell the person in a toast; `undo` is the address its Undo button posts to."""
        self._said.append({"text": text, "undo": undo, "bad": bad})

    def render(
        self, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The template as the answer; what was said goes with it."""
        toasts, self._said = self._said, []
        if not self.is_htmx:
            _keep(self.request, toasts)
        answer = render(self.request, template, dict(context or {}), status=status)
        if toasts and self.is_htmx:
            answer["HX-Trigger"] = json.dumps({"toast": toasts})
        return answer

    def go(self, to: str, *args: Any, say: str = "", undo: str = "") -> HttpResponse:
        """Send the person to a page by its name (or address), with a toast if `say` is given."""
        if say:
            self.say(say, undo=undo)
        _keep(self.request, self._said)
        self._said = []
        return _redirect(self.request, resolve_url(to, *args))

    def empty(self) -> HttpResponse:
        """Nothing changed: htmx leaves the page as it is."""
        answer = HttpResponse(status=204)
        if self._said:
            answer["HX-Trigger"] = json.dumps({"toast": self._said})
        return answer


View = Callable[..., HttpResponseBase]


def page(*, roles: Collection[Role] = EVERYONE) -> Callable[[View], View]:
    """Make a function of a `Visit` a page for these roles. Path arguments come as keywords.

    Wrap the forms' `Cannot…` in the page itself (`put_errors`, status 422); a `Refusal` that
    is not caught becomes a page of its status, or a toast where htmx asked.
    """
    held = frozenset(roles)

    def wrap(view: View) -> View:
        @never_cache
        @functools.wraps(view)
        def handle(request: HttpRequest, **path: str) -> HttpResponseBase:
            account = request.user
            if not isinstance(account, Account) or not account.is_active:
                return sign_in_first(request)
            with timezone.override(zone_of(request, account)):
                try:
                    _check_role(account, held)
                    return _answer(view, Visit(request=request, account=account, at=now()), path)
                except Refusal as refusal:
                    return refused(request, refusal)

        handle.page = PageSpec(name=view.__name__, roles=held)  # type: ignore[attr-defined]
        return handle

    return wrap


def spec_of(view: object) -> PageSpec:
    """What `page` noted of a view; `TypeError` for a view that it did not make."""
    spec = getattr(view, "page", None)
    if not isinstance(spec, PageSpec):
        raise TypeError(f"{view!r} is no page")
    return spec


def zone_of(request: HttpRequest, account: Account) -> str:
    return "UTC" if request.path.startswith(UTC_BELOW) else account.time_zone


def _check_role(account: Account, roles: frozenset[Role]) -> None:
    if not account.roles & roles:
        raise NotAllowed(
            _("This page is for: %s. Ask an administrator if it should be yours.")
            % ", ".join(sorted(roles))
        )


def _answer(view: View, visit: Visit, path: Mapping[str, str]) -> HttpResponseBase:
    if not visit.posted:
        return view(visit, **path)
    with transaction.atomic():
        key = visit.request.POST.get(FORM_KEY, "")
        if not key:
            return _kept_or_undone(view(visit, **path))
        return _once(view, visit, path, key)


def _kept_or_undone(answer: HttpResponseBase) -> HttpResponseBase:
    """A form that is shown again wrote nothing."""
    if answer.status_code >= 400:
        transaction.set_rollback(True)
    return answer


def _once(view: View, visit: Visit, path: Mapping[str, str], key: str) -> HttpResponseBase:
    if len(key) > KEY_CHARS_MAX or not key.isprintable():
        raise Invalid(_("This form's key is not one of ours. Load the page again."))
    key, request_hash = f"page:{key}"[:KEY_CHARS_MAX], _hash(visit.request)
    first = recall(account=visit.account, key=key, request_hash=request_hash)
    if first is not None:
        return _redirect(visit.request, str(first.response))
    answer = _kept_or_undone(view(visit, **path))
    if to := answer.headers.get("Location") or answer.headers.get("HX-Redirect"):
        remember(
            account=visit.account, key=key, request_hash=request_hash,
            status=answer.status_code, response=json.dumps(to), at=visit.at,
        )  # fmt: skip
    return answer


def _hash(request: HttpRequest) -> str:
    fields = sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")
    files = sorted((k, str(f)) for k, f in request.FILES.items())
    raw = json.dumps([request.path, fields, files], default=str)
    return hashlib.sha256(raw.encode()).hexdigest()


class SeeOther(HttpResponseRedirect):
    """After a POST, look there with a GET."""

    status_code = 303


def _redirect(request: HttpRequest, to: str) -> HttpResponse:
    if _by_script(request):
        return HttpResponse(headers={"HX-Redirect": to})
    return SeeOther(to)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _keep(request: HttpRequest, toasts: list[dict[str, Any]]) -> None:
    for toast in toasts:
        level = messages.ERROR if toast["bad"] else messages.SUCCESS
        messages.add_message(request, level, toast["text"], extra_tags=toast["undo"])


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the sign-in page; a script learns it by 401 and keeps the page."""
    back = request.get_full_path()
    if _by_script(request):
        back = request.headers.get("HX-Current-URL", "/")
    to = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if _by_script(request) or request.headers.get("X-Requested-With") == "fetch":
        answer = HttpResponse(status=401)
        answer["X-Sign-In"] = to
        return answer
    return HttpResponse(status=302, headers={"Location": to})


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as a page of its status, or as a toast beside the page that asked."""
    if _by_script(request):
        answer = HttpResponse(status=refusal.status)
        toast = {"text": refusal.detail, "undo": "", "bad": True}
        answer["HX-Trigger"] = json.dumps({"toast": [toast]})
        return answer
    context = {
        "title": refusal.title,
        "detail": refusal.detail,
        "errors": refusal.errors,
        "status": refusal.status,
        "is_conflict": isinstance(refusal, Conflict),
    }
    return render(request, "workforce/refused.html", context, status=refusal.status)


def put_errors(form: BaseForm, refusal: Refusal) -> None:
    """Show a refusal on the form: each named field gets its sentence, the rest stands above."""
    placed = False
    for name, texts in refusal.errors.items():
        own = name.partition("[")[0].partition(".")[0]
        for text in texts:
            form.add_error(own if own in form.fields else None, text)
            placed = True
    if not placed:
        form.add_error(None, refusal.detail)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A 404 for people."""
    return render(
        request,
        "workforce/refused.html",
        {
            "title": _("Nothing is here"),
            "detail": _("This address leads nowhere, or to something that is not yours to see."),
            "status": 404,
        },
        status=404,
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The CSRF token did not fit: usually a page left open over a sign-in or sign-out."""
    detail = _(
        "This page was open while you signed in or out elsewhere. Go back: what you typed is "
        "still there. Load the page again and send it once more."
    )
    context = {"title": _("The form is out of date"), "detail": detail, "status": 403}
    return render(request, "workforce/refused.html", context, status=403)
