"""Where an invited person chooses her password."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from workforce.access import let_in
from workforce.doors import now
from workforce.operations.admitting import CannotAccept, accept_invitation
from workforce.queries.accounts import has_second_factor


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("12 characters or more."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
        strip=False,
    )


@never_cache
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the form, take the password, and sign the person in with it.

    Whoever has a second factor already is asked for it on the sign-in page.
    """
    form = PasswordForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            account = accept_invitation(
                secret=secret, password=form.cleaned_data["password"], at=now()
            )
        except CannotAccept as refusal:
            problem = refusal.detail
            for text in refusal.errors.get("password", []):
                form.add_error("password", text)
        else:
            if has_second_factor(account=account):
                return redirect("account_login")
            let_in(request=request, account=account, method="password")
            return redirect("home")
    status = 400 if form.errors or problem else 200
    context = {"form": form, "problem": problem, "is_over": bool(problem and not form.errors)}
    return render(request, "workforce/invitation.html", context, status=status)
