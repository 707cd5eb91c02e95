"""Bank files: read what the bank sent, once, and see what it did to the payouts."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from payments.operations.settling import CannotImport, Imported, import_bank_message
from payments.providers.accounts import masked
from payments.providers.bankxml import BANK_FILE_BYTES_MAX
from payments.queries import banking, payouts
from workforce.access import require_role
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page, put_errors
from workforce.rules.roles import Role

WATCHERS = frozenset({Role.FINANCE, Role.MANAGER, Role.ADMIN})


class ImportForm(forms.Form):
    file = forms.FileField(
        label=lazy("Bank file"),
        help_text=lazy(
            "A pain.002 or camt.053, as the bank gave it. Reading one twice changes nothing."
        ),
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BANK_FILE_BYTES_MAX:
            raise forms.ValidationError(
                _("The file is larger than %(n)d MB; no bank file is.")
                % {"n": BANK_FILE_BYTES_MAX // 1_000_000}
            )
        return file


@page(roles=WATCHERS)
def bank(visit: Visit) -> HttpResponseBase:
    if not visit.posted:
        if visit.query.get("format") == "csv":
            return csv_file("bank files", HEADER, map(_row, banking.messages().order_by("-pk")))
        return _show(visit, ImportForm())
    require_role(account=visit.account, roles={Role.FINANCE})
    form = ImportForm(visit.request.POST, visit.request.FILES)
    if not form.is_valid():
        return _show(visit, form, status=422)
    try:
        told = import_bank_message(
            content=form.cleaned_data["file"].read(), actor=visit.account, at=visit.at
        )
    except CannotImport as refusal:
        put_errors(form, refusal)
        return _show(visit, form, status=422)
    return visit.go("ops-bank", say=_said(told))


HEADER = (
    "message", "kind", "bank's id", "received", "by", "settled", "failed", "returned", "fees",
    "suspense", "duplicates", "unknown",
)  # fmt: skip


def _row(m: Any) -> tuple[object, ...]:
    r = m.result
    return (
        m.public_id, m.kind, m.message_id, m.received_at.isoformat(), m.received_by.name,
        " ".join(r.get("settled", [])), " ".join(r.get("failed", [])),
        " ".join(r.get("returned", [])), r.get("fees", 0), r.get("suspense", 0),
        r.get("duplicates", 0), r.get("unknown", 0),
    )  # fmt: skip


def _said(told: Imported) -> str:
    """What the file did, in one sentence."""
    if told.duplicate:
        return _("%(id)s was read before, on %(day)s. Nothing was changed now.") % {
            "id": told.message.public_id,
            "day": f"{told.message.received_at:%d %b %H:%M} UTC",
        }
    r = told.result
    parts = [
        ngettext("%(n)d payment settled", "%(n)d payments settled", n) % {"n": n}
        for n in [len(r["settled"])]
        if n
    ]
    parts += [_("%(n)d failed") % {"n": n} for n in [len(r["failed"])] if n]
    parts += [_("%(n)d came back") % {"n": n} for n in [len(r["returned"])] if n]
    parts += [_("%(n)d not explained") % {"n": n} for n in [r["suspense"]] if n]
    parts += [_("%(n)d told before") % {"n": n} for n in [r["duplicates"]] if n]
    parts += [_("%(n)d of no batch of ours") % {"n": n} for n in [r["unknown"]] if n]
    what = ", ".join(parts) or _("nothing changed")
    return _("%(id)s read: %(what)s.") % {"id": told.message.public_id, "what": what}


def _show(visit: Visit, form: ImportForm, *, status: int = 200) -> HttpResponse:
    return visit.render(
        "payments/operations/bank.html",
        {
            "form": form,
            "acts": Role.FINANCE in visit.account.roles,
            "listing": listing(visit, banking.messages()),
            "suspense": [(e, masked(e.account)) for e in banking.suspense()],
            "sums": payouts.summary(),
            "waiting": banking.sent_batches(),
        },
        status=status,
    )
