"""Contracts: the list by state, one contract with its text and signatures, the countersignature."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from tutors.doors import signature_from
from tutors.operations.contracting import CannotCountersign, countersign
from tutors.operations.signing import CannotSign, NotTheSigner, TextHasChanged
from tutors.pages.recruiting.acting import ACTING, RECRUITING
from tutors.pages.recruiting.money_forms import SignForm
from tutors.pages.recruiting.words import OFFERS
from tutors.queries import people, profiles
from tutors.rules.changes import changes
from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page, put_errors
from workforce.doors.views import saved_views

CSV_CHUNK = 500
ON_THE_TABLE = ("offered", "signed")


@page(roles=RECRUITING)
def offers(visit: Visit) -> HttpResponseBase:
    state = visit.query.get("state", "")
    state = state if state in OFFERS else ""
    rows = profiles.offers(account=visit.account, state=state)
    if visit.query.get("format") == "csv":
        return _csv(rows)
    found = listing(visit, rows)
    counts = profiles.offer_counts(account=visit.account)
    context = {
        "listing": found,
        "lines": [(row, _shown_version(row), _tabled(row)) for row in found.rows],
        "tabs": [(key, words, counts[key]) for key, words in OFFERS.items()],
        "state": state,
        "state_words": OFFERS.get(state, ""),
        "views": saved_views(visit, page="recruiting-offers"),
    }
    return visit.render("tutors/recruiting/offers.html", context)


def _shown_version(contract: Any) -> Any:
    """The version in force; for what never came into force, the newest."""
    versions = list(contract.versions.all())
    return next((v for v in versions if v.state == "in_force"), next(iter(versions), None))


def _tabled(contract: Any) -> Any:
    """The version that waits for a signature, if one does."""
    return next((v for v in contract.versions.all() if v.state in ON_THE_TABLE), None)


def _csv(rows: Any) -> HttpResponseBase:
    header = [
        _("Contract"), _("Tutor"), _("Name"), _("State"), _("Version"), _("Currency"),
        _("Rates an hour"), _("Weekly cap, hours"), _("Starts"), _("Ends"), _("Offered"),
        _("Viewed"), _("Signed"), _("Countersigned"),
    ]  # fmt: skip
    return csv_file("contracts", header, _csv_rows(rows))


def _csv_rows(rows: Any) -> Iterator[list[Any]]:
    for contract in rows.order_by("-id").iterator(CSV_CHUNK):
        version = _shown_version(contract)
        rates = " ".join(
            f"{rate.domain.slug if rate.domain else 'all'}:{rate.rate_minor_hourly / 100:.2f}"
            for rate in version.rates.all()
        )
        cap = version.cap_seconds_week
        moments = (
            contract.starts_at, contract.ends_at, version.offered_at, version.viewed_at,
            version.signed_at, version.countersigned_at,
        )  # fmt: skip
        yield [
            contract.public_id, contract.tutor.public_id, contract.tutor.account.name,
            contract.state, version.number, version.currency, rates,
            f"{cap / 3600:.2f}" if cap else "",
            *(moment.isoformat() if moment else "" for moment in moments),
        ]  # fmt: skip


@page(roles=RECRUITING)
def contract(visit: Visit, *, id: str) -> HttpResponse:
    """One contract. A POST countersigns the version that waits."""
    found = profiles.contract(account=visit.account, contract_id=key_of("K", id))
    waiting = next((v for v in found.versions.all() if v.state == "signed"), None)
    acts = bool(visit.account.roles & ACTING)
    form = SignForm(
        visit.request.POST or None,
        initial={"sha256": waiting.paper.sha256 if waiting else ""},
    )
    if visit.posted and acts and form.is_valid() and _countersigned(visit, form, found):
        name = found.tutor.account.name
        return visit.go(
            "recruiting-contract", found.public_id,
            say=_("%(contract)s with %(name)s is signed by both.")
            % {"contract": found.public_id, "name": name},
        )  # fmt: skip
    versions = list(found.versions.all())
    shown = _chosen(versions, visit.query.get("version", "")) or waiting or versions[0]
    before = next((v for v in versions if v.number < shown.number), None)
    context = {
        "contract": found,
        "versions": versions,
        "version": shown,
        "before": before,
        "diff": changes(old=before.paper.text, new=shown.paper.text) if before else [],
        "waiting": waiting,
        "evidence": list(people.evidence_of(subject=found.public_id).order_by("version", "id")),
        "form": form,
        "acts": acts,
        "is_own": found.tutor.account_id == visit.account.pk,
        "tutor": found.tutor,
    }
    status = 422 if form.errors else 200
    return visit.render("tutors/recruiting/contract.html", context, status=status)


def _chosen(versions: list[Any], number: str) -> Any:
    return next((v for v in versions if str(v.number) == number), None)


def _countersigned(visit: Visit, form: SignForm, found: Any) -> bool:
    said = form.cleaned_data
    signature = signature_from(visit, typed_name=said["typed_name"], sha256=said["sha256"])
    try:
        countersign(contract=found, signature=signature, account=visit.account, at=visit.at)
    except (CannotSign, CannotCountersign, NotTheSigner, TextHasChanged) as refusal:
        put_errors(form, refusal)
        return False
    return True
