"""API tokens of one's own: made, shown once, revoked."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.access import stepped_up
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page, put_errors
from workforce.operations.issuing import CannotIssue, NeedsStepUp, TooManyTokens, issue, revoke
from workforce.queries.accounts import token_of, tokens_of
from workforce.rules.roles import Role, Scope

TOKENS_SHOWN_MAX = 100
DAYS = (7, 30, 90, 365)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("Such as “Nightly intake”: you will know it by this."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Works for"),
        coerce=int,
        choices=[(n, gettext_lazy("%d days") % n) for n in DAYS],
        initial=30,
    )
    release = forms.BooleanField(
        label=gettext_lazy("May approve and send payouts"),
        help_text=gettext_lazy("Asks for your second factor first."),
        required=False,
    )

    def __init__(self, *args: Any, may_release: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_release:
            del self.fields["release"]


@page()
def tokens(visit: Visit) -> HttpResponse:
    """One's tokens, and the form that makes one. The secret is in that answer only."""
    form = TokenForm(
        visit.request.POST if visit.posted else None,
        may_release=Role.FINANCE in visit.account.roles,
    )
    issued = None
    if visit.posted and form.is_valid():
        try:
            issued = _issue(visit, form.cleaned_data)
        except NeedsStepUp:
            back = urlencode({"next": reverse("settings-tokens")})
            visit.say(_("Confirm with your second factor, then make the token."))
            return visit.go(f"{reverse('mfa_reauthenticate')}?{back}")
        except (CannotIssue, TooManyTokens) as refusal:
            put_errors(form, refusal)
        else:
            form = TokenForm(may_release=Role.FINANCE in visit.account.roles)
    rows = tokens_of(account=visit.account).order_by("revoked_at", "-id")[:TOKENS_SHOWN_MAX]
    context = {"form": form, "issued": issued, "tokens": list(rows), "at": visit.at}
    return visit.render("workforce/own/tokens.html", context, status=422 if form.errors else 200)


def _issue(visit: Visit, said: dict[str, Any]) -> Any:
    release = [Scope.PAYOUTS_RELEASE] if said.get("release") else []
    return issue(
        account=visit.account,
        name=said["name"],
        days=said["days"],
        scopes=[Scope.API, *release],
        stepped_up=stepped_up(request=visit.request, account=visit.account, at=visit.at),
        at=visit.at,
    )


@page()
def revoke_token(visit: Visit, *, id: str) -> HttpResponse:
    token = token_of(account=visit.account, token_id=key_of("TK", id))
    if visit.posted:
        revoke(token=token, actor=visit.account, at=visit.at)
        return visit.go("settings-tokens", say=_("%s works no more.") % token.name)
    return visit.go("settings-tokens")
