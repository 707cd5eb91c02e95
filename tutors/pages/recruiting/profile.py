"""One tutor: what is known, what is proven, what is agreed, and what comes next."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tutors.doors import CONTENT
from tutors.pages.recruiting.acting import ACTING, RECRUITING
from tutors.pages.recruiting.background_words import lines
from tutors.pages.recruiting.feed import told
from tutors.pages.recruiting.links import shown
from tutors.pages.recruiting.words import (
    AGREEMENTS,
    CHECKS,
    LEVELS,
    STATUSES,
    STEPS,
    credential_name,
    credential_pill,
)
from tutors.queries import linked, profiles
from tutors.queries.next_steps import road_facts
from tutors.rules.next_steps import (
    CREDENTIAL_EXPIRY_DAYS,
    NextStep,
    RoadFacts,
    Step,
    Turn,
    next_step,
)
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page

IN_FORCE = ("active", "notice")
SOON = timedelta(days=30)


PAGES_OF_THEIR_OWN = (Step.OFFER_CONTRACT, Step.COUNTERSIGN)
"""Steps that are taken on a whole page, for there is much to read; the others open a dialog."""


@page(roles=RECRUITING)
def tutor(visit: Visit, *, id: str) -> HttpResponse:
    found = profiles.profile(account=visit.account, tutor_id=key_of("E", id))
    facts = road_facts(tutor_ids=[found.pk], at=visit.at)[found.pk]
    step = next_step(facts, at=visit.at)
    contracts = list(found.contracts.all())
    acts = bool(visit.account.roles & ACTING)
    credentials = [_credential(each, today=visit.at.date()) for each in found.credentials.all()]
    until = found.presence_until
    context = {
        "tutor": found,
        "step": step,
        "words": STEPS[step.step],
        "act": _act(found, step) if acts else "",
        "is_post": step.step is Step.INVITE_AGAIN,
        "in_dialog": step.step not in PAGES_OF_THEIR_OWN,
        "is_ours": step.turn is Turn.RECRUITER,
        "stages": _stages(facts),
        "entered": facts.entered,
        "credentials": credentials,
        "verified": sum(1 for each in credentials if each.pill[0] == "ok"),
        "qualifications": _qualifications(found, visit),
        "agreements": [(paper, AGREEMENTS[paper.kind]) for paper in found.agreements.all()],
        "background": lines(found, today=visit.at.date()),
        "agreed": [CONTENT[given.content][0] for given in found.opt_ins.all()],
        "links": shown(found, linked.links_of(tutor=found).order_by("id")),
        "contract": next(iter(contracts), None),
        "version": _version(contracts),
        "earlier": contracts[1:],
        "may_offer": not any(each.state != "ended" for each in contracts),
        "invitation": profiles.last_invitation(account_id=found.account_id),
        "working": found.presence == "taking_work" and until is not None and until > visit.at,
        "feed": told(profiles.story(tutor=found)),
        "acts": acts,
        "now": visit.at,
    }
    return visit.render("tutors/recruiting/tutor.html", context)


@page(roles=RECRUITING)
def next_(visit: Visit, *, id: str) -> HttpResponse:
    """Lead to where the tutor's next step is taken."""
    found = profiles.profile(account=visit.account, tutor_id=key_of("E", id))
    facts = road_facts(tutor_ids=[found.pk], at=visit.at)[found.pk]
    to = _act(found, next_step(facts, at=visit.at))
    return visit.go(to or reverse("recruiting-tutor", args=[found.public_id]))


def _act(tutor: Any, step: NextStep) -> str:
    """The address at which a recruiter takes this step; empty when it is not hers."""
    mine = {
        Step.INVITE_AGAIN: "recruiting-tutor-invite",
        Step.ASK_CREDENTIAL: "recruiting-credential-add",
        Step.RENEW_CREDENTIAL: "recruiting-credential-add",
        Step.GRANT_QUALIFICATION: "recruiting-qualification-grant",
        Step.RENEW_QUALIFICATION: "recruiting-qualification-grant",
        Step.OFFER_CONTRACT: "recruiting-contract-offer",
        Step.OFFER_AGREEMENT: "recruiting-agreement-offer",
    }
    if step.step in mine:
        return reverse(mine[step.step], args=[tutor.public_id])
    if step.step is Step.VERIFY_CREDENTIAL:
        waiting = [c for c in tutor.credentials.all() if _waits(c)]
        return reverse("recruiting-credential-check", args=[waiting[0].public_id])
    if step.step is Step.COUNTERSIGN:
        signed = [
            k for k in tutor.contracts.all() if any(v.state == "signed" for v in k.versions.all())
        ]
        return reverse("recruiting-contract", args=[signed[0].public_id])
    return ""


def _waits(credential: Any) -> bool:
    return bool(credential.verified == "self" and credential.status != "refused")


@dataclass(frozen=True)
class Stage:
    name: Any
    state: str


def _stages(facts: RoadFacts) -> list[Stage]:
    """The road as steps: done, the first open one, and what lies ahead."""
    done = [
        (_("Invited"), facts.entered),
        (_("Credentials"), facts.proven_at is not None),
        (_("Qualification"), facts.qualified_at is not None),
        (_("Contract"), facts.has_contract),
        (_("Agreements"), facts.agreed_at is not None),
    ]
    now = next((n for n, (_name, held) in enumerate(done) if not held), None)
    return [
        Stage(name, "done" if held else "now" if n == now else "")
        for n, (name, held) in enumerate(done)
    ]


@dataclass(frozen=True)
class Proof:
    """A credential as a line of the table."""

    row: Any
    name: str
    detail: str
    pill: tuple[str, Any, str]
    check: Any
    level: Any
    days_left: int | None


def _credential(row: Any, *, today: date) -> Proof:
    check = next(iter(row.checks.all()), None)
    left = (row.expires_on - today).days if row.expires_on else None
    detail = [row.issuer, row.field, row.jurisdiction, str(STATUSES[row.status])]
    if row.restricted:
        detail.append(str(_("with restrictions")))
    return Proof(
        row=row,
        name=credential_name(row),
        detail=" · ".join(part for part in detail if part),
        pill=credential_pill(row),
        check=check,
        level=CHECKS[row.verified],
        days_left=left if left is not None and left <= CREDENTIAL_EXPIRY_DAYS else None,
    )


def _qualifications(tutor: Any, visit: Visit) -> list[dict[str, Any]]:
    """Those in force first, then what was; replaced ones are in the log."""
    rows = [held for held in tutor.qualifications.all() if held.state != "replaced"]
    rows.sort(key=lambda held: (held.state != "granted", held.domain.slug))
    return [
        {
            "row": held,
            "level": LEVELS[held.level],
            "lapsed": bool(held.expires_at and held.expires_at <= visit.at),
            "soon": bool(held.expires_at and visit.at < held.expires_at <= visit.at + SOON),
        }
        for held in rows
    ]


def _version(contracts: list[Any]) -> Any:
    """The version that says most about now: in force, else the newest."""
    if not contracts:
        return None
    versions = list(contracts[0].versions.all())
    return next((v for v in versions if v.state == "in_force"), next(iter(versions), None))
