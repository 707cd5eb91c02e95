"""Where a tutor is paid: shown masked, changed only after it was shown back."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.operations.payees import (
    CHANGE_HOLD,
    CannotUseDetails,
    check_details,
    set_details_of,
)
from payments.queries.payouts import details_of
from workforce.access import confirmed_lately
from workforce.doors.pages import Visit, page, put_errors
from workforce.rules.roles import Role


class DetailsForm(forms.Form):
    holder_name = forms.CharField(
        label=lazy("Account holder"),
        max_length=140,
        help_text=lazy("As your bank writes it, in Latin letters."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    iban = forms.CharField(
        label="IBAN",
        max_length=64,
        help_text=lazy("With or without blanks. We check its digits before anything is saved."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "data"}
        ),
    )
    bic = forms.CharField(
        label="BIC",
        max_length=16,
        required=False,
        help_text=lazy("8 or 11 characters. Leave it empty inside the SEPA area."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "data"}
        ),
    )


@page(roles={Role.TUTOR, Role.REVIEWER})
def payout_details(visit: Visit) -> HttpResponse:
    """Two steps: check and show back, then save. A change also asks who is there."""
    details = details_of(account=visit.account)
    must_confirm = details is not None and not confirmed_lately(
        request=visit.request, account=visit.account, at=visit.at
    )
    if not visit.posted:
        return _show(visit, DetailsForm(), details=details, must_confirm=must_confirm)
    form = DetailsForm(visit.request.POST)
    if must_confirm:
        form.full_clean()
        form.add_error(None, _("Confirm that it is you, then send it again. Nothing was saved."))
    if not form.is_valid():
        return _show(visit, form, details=details, must_confirm=must_confirm, status=422)
    try:
        if visit.request.POST.get("step") != "save":
            return _show_back(visit, form, details=details)
        set_details_of(account=visit.account, at=visit.at, **form.cleaned_data)
    except CannotUseDetails as refusal:
        put_errors(form, refusal)
        return _show(visit, form, details=details, must_confirm=False, status=422)
    return visit.go("work-payout-details", say=_said(is_change=details is not None))


def _said(*, is_change: bool) -> str:
    if is_change:
        return _("Saved. Payouts wait 72 hours before they go to the new account.")
    return _("Saved. Your next payout goes to this account.")


def _show(
    visit: Visit, form: DetailsForm, *, details: Any, must_confirm: bool, status: int = 200
) -> HttpResponse:
    return visit.render(
        "payments/work/payout_details.html",
        {
            "form": form,
            "details": details,
            "must_confirm": must_confirm,
            "hold": int(CHANGE_HOLD.total_seconds() // 3600),
            "is_held": bool(details and details.hold_until and details.hold_until > visit.at),
            "changing": bool(form.errors) or details is None or "change" in visit.query,
        },
        status=status,
    )


def _show_back(visit: Visit, form: DetailsForm, *, details: Any) -> HttpResponse:
    number, code = check_details(**form.cleaned_data)
    return visit.render(
        "payments/work/payout_details_check.html",
        {
            "form": form,
            "details": details,
            "holder_name": form.cleaned_data["holder_name"],
            "iban": " ".join(number[i : i + 4] for i in range(0, len(number), 4)),
            "iban_plain": number,
            "bic": code,
            "country": number[:2],
            "from_when": visit.at + CHANGE_HOLD if details else None,
        },
    )
