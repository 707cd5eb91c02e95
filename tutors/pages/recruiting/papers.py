"""Offering, amending and ending contracts; offering and withdrawing agreements.

What costs money is shown back first: the same form, checked by the operation without writing,
then sent once more with `confirmed`.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tutors.operations.agreeing import (
    AgreementExists,
    CannotOfferAgreement,
    offer_agreement,
    withdraw_agreement,
)
from tutors.operations.contracting import (
    CannotAmend,
    CannotEnd,
    CannotOffer,
    amend,
    end,
    offer,
    try_amend,
    try_offer,
)
from tutors.operations.contracting.drafting import NoContractText, tiers_of
from tutors.operations.vetting import NotByOneself
from tutors.pages.recruiting.acting import ACTING, Act, show
from tutors.pages.recruiting.forms import EndForm
from tutors.pages.recruiting.money_forms import AgreementForm, AmendForm, OfferForm
from tutors.pages.recruiting.words import LEVELS
from tutors.queries import people, profiles
from tutors.rules.contracts import CannotAgree, today_in
from tutors.rules.states import AgreementKind
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page, put_errors
from workforce.queries.terms import all_domains
from workforce.rules.problems import Refusal
from workforce.rules.shown import money

FIELDS_OF = {
    "rate_minor_hourly": "rate",
    "cap_seconds_week": "cap_hours",
    "start": "starts_on",
    "end": "ends_on",
}
"""The operations' names for what the forms call otherwise."""

REFUSALS = (CannotAgree, CannotOffer, CannotAmend, CannotEnd, NotByOneself, NoContractText)


@page(roles=ACTING)
def offer_contract(visit: Visit, *, id: str) -> HttpResponse:
    tutor = people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    tiers = _tiers(tutor, "USD", visit)
    form = OfferForm(
        visit.request.POST or None,
        held=[(t["slug"], t["name"]) for t in tiers],
        initial={
            "starts_on": visit.at.date(),
            "zone": tutor.account.time_zone,
            "cap_hours": "20",
        },
    )
    rates: list[Any] | None = None
    if visit.posted and form.is_valid():
        try:
            if visit.request.POST.get("confirmed"):
                made = offer(tutor=tutor, offered=form.offered(), actor=visit.account, at=visit.at)
                return _sent(visit, tutor, made)
            rates = try_offer(tutor=tutor, offered=form.offered(), actor=visit.account, at=visit.at)
        except REFUSALS as refusal:
            _put(form, refusal, tiers)
    context = {"form": form, "tutor": tutor, "tiers": tiers, "rates": rates}
    if rates is not None and not visit.request.POST.get("change"):
        return visit.render(
            "tutors/recruiting/offer_confirm.html", {**context, **_said(form, rates)}
        )
    status = 422 if form.errors else 200
    return visit.render("tutors/recruiting/offer.html", context, status=status)


def _sent(visit: Visit, tutor: Any, made: Any) -> HttpResponse:
    return visit.go(
        "recruiting-contract", made.public_id,
        say=_("%(contract)s is offered to %(name)s.")
        % {"contract": made.public_id, "name": tutor.account.name},
        undo=reverse("recruiting-contract-undo", args=[made.public_id]),
    )  # fmt: skip


def _said(form: OfferForm, rates: list[Any]) -> dict[str, Any]:
    """What was typed, as it would stand in the contract, with the most that a week could cost."""
    offered = form.offered()
    highest = max((rate.rate_minor_hourly for rate in rates), default=None)
    cap = offered.cap_seconds_week
    week = (highest * cap + 1800) // 3600 if highest is not None and cap else None
    return {"offered": offered, "week": week}


def _tiers(tutor: Any, currency: str, visit: Visit) -> list[dict[str, Any]]:
    """The rate card for what the tutor is qualified in."""
    names = {domain.slug: domain.name for domain in all_domains()}
    found = tiers_of(tutor=tutor, speciality="", currency=currency, at=visit.at)
    return [
        {
            "slug": held.speciality, "name": names.get(held.speciality, held.speciality),
            "level": held.level, "words": LEVELS[held.level], "currency": currency,
            "rate": tier.minor_hourly, "low": tier.min_minor_hourly, "high": tier.max_minor_hourly,
        }
        for held, tier in found
    ]  # fmt: skip


def _put(form: Any, refusal: Refusal, tiers: list[dict[str, Any]]) -> None:
    """Place a refusal's errors by the forms' own names, with the range in money."""
    placed = {FIELDS_OF.get(name, name): texts for name, texts in refusal.errors.items()}
    if "rate" in placed and tiers:
        placed["rate"] = [_range(form.cleaned_data.get("speciality", ""), tiers)]
    refusal.errors = placed
    put_errors(form, refusal)


def _range(speciality: str, tiers: list[dict[str, Any]]) -> str:
    wanted = [t for t in tiers if not speciality or t["slug"] == speciality] or tiers
    low, high = max(t["low"] for t in wanted), min(t["high"] for t in wanted)
    currency = wanted[0]["currency"]
    return _("Write a rate from %(low)s to %(high)s: the tier allows no other.") % {
        "low": money(low, currency), "high": money(high, currency),
    }  # fmt: skip


@page(roles=ACTING)
def undo_offer(visit: Visit, *, id: str) -> HttpResponse:
    """Withdraw an offer of a moment ago."""
    found = people.contract_by_id(account=visit.account, contract_id=key_of("K", id))
    if visit.posted:
        reason = _("Offered by mistake and undone at once.")
        end(contract=found, reason=reason, actor=visit.account, at=visit.at)
        visit.say(_("%s is withdrawn.") % found.public_id)
    return visit.go("recruiting-tutor", found.tutor.public_id)


@page(roles=ACTING)
def amend_contract(visit: Visit, *, id: str) -> HttpResponse:
    found = profiles.contract(account=visit.account, contract_id=key_of("K", id))
    versions = list(found.versions.all())
    newest = next((v for v in versions if v.state == "in_force"), versions[0])
    tiers = _tiers(found.tutor, newest.currency, visit)
    form = AmendForm(
        visit.request.POST or None,
        held=[(t["slug"], t["name"]) for t in tiers],
        currency=newest.currency,
    )
    draft = None
    if visit.posted and form.is_valid():
        asked: dict[str, Any] = {
            "contract": found, "amendment": form.amendment(),
            "actor": visit.account, "at": visit.at,
        }  # fmt: skip
        try:
            if visit.request.POST.get("confirmed"):
                amend(**asked)
                return visit.go(
                    "recruiting-contract", found.public_id,
                    say=_("The amendment is offered. It counts once both have signed."),
                )  # fmt: skip
            draft = try_amend(**asked)
        except REFUSALS as refusal:
            _put(form, refusal, tiers)
    context = {
        "form": form, "contract": found, "newest": newest, "tutor": found.tutor, "tiers": tiers,
    }  # fmt: skip
    if draft is not None and not visit.request.POST.get("change"):
        said = {"amendment": form.amendment(), "from": draft[0], "rates": draft[1]}
        return visit.render("tutors/recruiting/amend_confirm.html", {**context, "said": said})
    status = 422 if form.errors else 200
    return visit.render("tutors/recruiting/amend.html", context, status=status)


@page(roles=ACTING)
def end_contract(visit: Visit, *, id: str) -> HttpResponse:
    """Give notice, or withdraw an offer that is on the table."""
    found = profiles.contract(account=visit.account, contract_id=key_of("K", id))
    in_force = found.state in ("active", "notice")
    form = EndForm(visit.request.POST or None)
    if not in_force:
        del form.fields["ends_on"]
    if visit.posted and form.is_valid():
        try:
            ended = end(
                contract=found,
                reason=form.cleaned_data["reason"],
                ends_on=form.cleaned_data.get("ends_on"),
                actor=visit.account,
                at=visit.at,
            )
        except REFUSALS as refusal:
            if "ends_on" in refusal.errors:
                refusal.errors["ends_on"] = [_earliest(found, visit)]
            put_errors(form, refusal)
        else:
            told = _("Notice is given. The contract ends on %s.") if in_force else _(
                "The offer is withdrawn."
            )  # fmt: skip
            day = f"{ended.ends_at:%d %b %Y}" if ended.ends_at else ""
            return visit.go(
                "recruiting-contract", found.public_id, say=told % day if in_force else told
            )
    return show(visit, form, _end_act(found, in_force=in_force))


def _earliest(found: Any, visit: Visit) -> str:
    """The schedule guard in words: how long notice is, and the first day it allows."""
    days = next(v.notice_days for v in found.versions.all() if v.state == "in_force")
    first = today_in(zone=found.zone, at=visit.at + timedelta(days=days))
    return _("Notice is %(n)d days, so the earliest last day is %(day)s. Choose that or later.") % {
        "n": days, "day": f"{first.day} {first:%b %Y}",
    }  # fmt: skip


def _end_act(found: Any, *, in_force: bool) -> Act:
    version = next((v for v in found.versions.all() if v.state == "in_force"), None)
    note = _("The tutor is told. Hours that were worked are paid in any case.")
    if in_force and version:
        note = _(
            "Notice is %d days. Work in hand may be finished; hours are paid until the last day."
        ) % version.notice_days  # fmt: skip
    return Act(
        title=_("Give notice") if in_force else _("Withdraw the offer"),
        lead=f"{found.tutor.account.name}, {found.public_id}",
        note=note,
        button=_("Give notice") if in_force else _("Withdraw the offer"),
        back=found.tutor.public_id,
        kind="danger",
        more={"tutor": found.tutor},
    )


@page(roles=ACTING)
def offer_paper(visit: Visit, *, id: str) -> HttpResponse:
    tutor = people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    form = AgreementForm(visit.request.POST or None, initial={"kind": "conduct"})
    if visit.posted and form.is_valid():
        try:
            paper = offer_agreement(
                tutor=tutor,
                kind=AgreementKind(form.cleaned_data["kind"]),
                party=form.party(),
                actor=visit.account,
                at=visit.at,
            )
        except (CannotOfferAgreement, AgreementExists) as refusal:
            refusal.errors = {
                "client" if name == "party" else name: texts
                for name, texts in refusal.errors.items()
            }
            put_errors(form, refusal)
        else:
            return visit.go(
                "recruiting-tutor", tutor.public_id,
                say=_("%s is offered.") % paper.paper.title,
                undo=reverse("recruiting-agreement-withdraw", args=[paper.public_id]),
            )  # fmt: skip
    act = Act(
        title=_("Offer agreement"),
        lead=tutor.account.name,
        note=_("The newest published text is offered. The tutor reads and signs it in her portal."),
        button=_("Offer agreement"),
        back=tutor.public_id,
        more={"tutor": tutor},
    )
    return show(visit, form, act)


@page(roles=ACTING)
def withdraw_paper(visit: Visit, *, id: str) -> HttpResponse:
    """Take back a paper that is not signed yet."""
    paper = people.agreement_by_id(account=visit.account, agreement_id=key_of("AG", id))
    if visit.posted:
        withdraw_agreement(agreement=paper, actor=visit.account, at=visit.at)
        visit.say(_("%s is withdrawn.") % paper.paper.title)
    return visit.go("recruiting-tutor", paper.tutor.public_id)
