"""The page on which a tutor reads a paper and signs it: `K-7` a contract, `AG-3` an agreement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutors.doors import signature_from
from tutors.operations import contracting
from tutors.operations.agreeing import CannotSignAgreement, sign_agreement
from tutors.operations.contracting import CannotSignContract
from tutors.operations.signing import CannotSign, NotTheSigner, TextHasChanged
from tutors.operations.viewing import view_agreement, view_contract
from tutors.queries import papers
from tutors.rules.changes import changes
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page, put_errors
from workforce.queries.terms import newest_terms
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

REFUSALS = (CannotSign, CannotSignContract, CannotSignAgreement, NotTheSigner, TextHasChanged)


class SignatureForm(forms.Form):
    typed_name = forms.CharField(
        label=gettext_lazy("Type your name to sign"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=gettext_lazy("I have read it, and I sign it electronically."),
        error_messages={"required": gettext_lazy("Tick this to sign electronically.")},
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


@dataclass(frozen=True)
class Reading:
    """What is read: the paper, where it stands, and what changed since the version before."""

    row: Any
    kind: str
    paper: Any
    state: str
    version: Any
    seen_at: datetime | None
    before: Any = None


@page(roles={Role.TUTOR})
def sign(visit: Visit, *, id: str) -> HttpResponse:
    """Read, then sign. Opening it is noted; a foreign id is not there."""
    reading = _reading(visit, id)
    may_sign = reading.state == "offered"
    form = SignatureForm(
        visit.request.POST if visit.posted else None, initial={"sha256": reading.paper.sha256}
    )
    if visit.posted and not may_sign:
        return visit.render(*_shown(visit, reading, None), status=409)
    if visit.posted and form.is_valid() and _signed(visit, form, reading):
        return visit.go(
            "work-contract",
            say=_("%s is signed. A copy of the exact text stays with you.") % reading.paper.title,
        )
    if may_sign and not visit.posted:
        _note(visit, reading)
    template, context = _shown(visit, reading, form if may_sign else None)
    return visit.render(template, context, status=422 if visit.posted else 200)


def _shown(visit: Visit, reading: Reading, form: Any) -> tuple[str, dict[str, Any]]:
    consent = newest_terms(kind="consent")
    before = reading.before
    context = {
        "reading": reading,
        "form": form,
        "consent": consent.text.strip() if consent else "",
        "diff": changes(old=before.paper.text, new=reading.paper.text) if before else [],
        "name": visit.account.name,
    }
    return "tutors/work/sign.html", context


def _reading(visit: Visit, id: str) -> Reading:
    if id.startswith("AG-"):
        agreement = papers.own_paper(account=visit.account, agreement_id=key_of("AG", id))
        if agreement is None:
            raise NotFound
        return Reading(
            row=agreement, kind="agreement", paper=agreement.paper, state=agreement.state,
            version=agreement, seen_at=agreement.viewed_at,
        )  # fmt: skip
    contract = papers.own_contract(account=visit.account, contract_id=key_of("K", id))
    if contract is None:
        raise NotFound
    versions = list(contract.versions.all())
    tabled = [v for v in versions if v.state in ("offered", "signed")]
    shown = (tabled or [v for v in versions if v.state == "in_force"] or versions)[0]
    before = [v for v in versions if v.number < shown.number and v.state == "in_force"]
    state = "ended" if contract.state == "ended" else shown.state
    return Reading(
        row=contract, kind="contract", paper=shown.paper, state=state, version=shown,
        seen_at=shown.viewed_at, before=before[0] if before else None,
    )  # fmt: skip


def _note(visit: Visit, reading: Reading) -> None:
    if reading.kind == "contract":
        view_contract(contract=reading.row, account=visit.account, at=visit.at)
    else:
        view_agreement(agreement=reading.row, account=visit.account, at=visit.at)


def _signed(visit: Visit, form: SignatureForm, reading: Reading) -> bool:
    signature = signature_from(
        visit,
        typed_name=form.cleaned_data["typed_name"],
        sha256=form.cleaned_data["sha256"],
        viewed_at=reading.seen_at,
    )
    try:
        if reading.kind == "contract":
            contracting.sign(
                contract=reading.row, signature=signature, account=visit.account, at=visit.at
            )
        else:
            sign_agreement(
                agreement=reading.row, signature=signature, account=visit.account, at=visit.at
            )
    except REFUSALS as refusal:
        put_errors(form, refusal)
        return False
    return True
