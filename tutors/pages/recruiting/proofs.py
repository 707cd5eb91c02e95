"""Credentials noted and checked, qualifications granted and taken back."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutors.operations.qualifying import CannotGrant, CannotRevoke, grant, revoke
from tutors.operations.vetting import (
    CannotAddCredential,
    CannotVerify,
    NeedsAnotherCheck,
    NotByOneself,
    add_credential,
    verify_credential,
)
from tutors.pages.recruiting.acting import ACTING, RECRUITING, Act, show
from tutors.pages.recruiting.background_words import unchecked
from tutors.pages.recruiting.forms import CheckForm, CredentialForm, GrantForm, ReasonForm
from tutors.pages.recruiting.words import (
    CHECKS,
    LEVELS,
    STATUSES,
    credential_name,
    credential_pill,
)
from tutors.queries import background, people, profiles
from tutors.rules.states import CredentialStatus, Verified
from workforce.doors.desk import key_of
from workforce.doors.listing import listing
from workforce.doors.pages import Visit, page, put_errors
from workforce.queries.terms import all_domains
from workforce.rules.problems import NotFound

GRANTED_FOR = timedelta(days=365)
UNDONE = gettext_lazy("Granted by mistake and undone at once.")


@page(roles=RECRUITING)
def verification(visit: Visit) -> HttpResponse:
    """Every credential that nobody has checked, the oldest first; then other facts that wait."""
    found = listing(visit, profiles.unchecked(account=visit.account), order="added_at")
    context = {
        "listing": found,
        "lines": [
            {"row": row, "name": credential_name(row), "status": STATUSES[row.status]}
            for row in found.rows
        ],
        "others": unchecked(
            background.unchecked_rights(account=visit.account)[: background.UNCHECKED_MAX],
            background.unchecked_experience(account=visit.account)[: background.UNCHECKED_MAX],
            today=visit.at.date(),
        ),
        "next_expiry": None
        if found.rows
        else profiles.next_expiry(account=visit.account, at=visit.at),
        "acts": bool(visit.account.roles & ACTING),
    }
    return visit.render("tutors/recruiting/verification.html", context)


@page(roles=ACTING)
def add(visit: Visit, *, id: str) -> HttpResponse:
    tutor = people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    form = CredentialForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        try:
            noted = add_credential(
                tutor=tutor, proof=form.proof(), actor=visit.account, at=visit.at
            )
        except CannotAddCredential as refusal:
            put_errors(form, refusal)
        else:
            told = _("%s is noted. Somebody has to check it.") % credential_name(noted)
            return visit.go("recruiting-tutor", tutor.public_id, say=told)
    act = Act(
        title=_("Add credential"),
        lead=tutor.account.name,
        button=_("Add credential"),
        back=tutor.public_id,
        body="tutors/recruiting/acts/credential.html",
        more={"tutor": tutor},
    )
    return show(visit, form, act)


@page(roles=ACTING)
def check(visit: Visit, *, id: str) -> HttpResponse:
    """Verify or refuse; `?from=verification` leads back to that list."""
    credential = _credential(visit, id)
    tutor = credential.tutor
    form = CheckForm(visit.request.POST or None)
    if visit.posted and form.is_valid() and _checked(visit, form, credential):
        refused = form.cleaned_data["outcome"] == "refused"
        told = _("%s is refused.") if refused else _("%s is verified.")
        told = told % credential_name(credential)
        if visit.query.get("from") == "verification":
            return visit.go("recruiting-verification", say=told)
        return visit.go("recruiting-tutor", tutor.public_id, say=told)
    act = Act(
        title=_("Check credential"),
        lead=f"{tutor.account.name}: {credential_name(credential)}",
        button=_("Write down the check"),
        back=tutor.public_id,
        body="tutors/recruiting/acts/check.html",
        more={
            "credential": credential,
            "pill": credential_pill(credential),
            "checks": [(each, CHECKS[each.level]) for each in credential.checks.all()],
            "tutor": tutor,
            "status": STATUSES[credential.status],
        },
    )
    return show(visit, form, act)


def _checked(visit: Visit, form: CheckForm, credential: Any) -> bool:
    said = form.cleaned_data
    try:
        verify_credential(
            credential=credential,
            level=Verified(said["level"]),
            source=said["source"],
            status=form.status(credential),
            expires_on=said["expires_on"],
            actor=visit.account,
            at=visit.at,
        )
    except NeedsAnotherCheck as refusal:
        form.add_error("level", refusal.detail)
        return False
    except (CannotVerify, NotByOneself) as refusal:
        put_errors(form, refusal)
        return False
    return True


def _credential(visit: Visit, id: str) -> Any:
    rows = people.credentials_visible_to(account=visit.account)
    rows = rows.select_related("tutor__account").prefetch_related("checks__checked_by")
    found = rows.filter(pk=key_of("CR", id)).first()
    if found is None:
        raise NotFound
    return found


@page(roles=ACTING)
def qualify(visit: Visit, *, id: str) -> HttpResponse:
    """Grant a field at a level; `?speciality=` fills in what runs out."""
    tutor = people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    form = GrantForm(
        visit.request.POST or None,
        domains=list(all_domains()),
        initial={
            "speciality": visit.query.get("speciality") or _likely(tutor),
            "level": 1,
            "expires_at": (visit.at + GRANTED_FOR).date(),
        },
    )
    if visit.posted and form.is_valid():
        granted = _granted(visit, form, tutor)
        if granted is not None:
            return visit.go(
                "recruiting-tutor", tutor.public_id,
                say=_("%(field)s is granted at level %(level)d.")
                % {"field": granted.domain.name, "level": granted.level},
                undo="" if granted.domain.slug in _fields_held(tutor)
                else reverse("recruiting-qualification-undo", args=[granted.public_id]),
            )  # fmt: skip
    held = [q for q in tutor.qualifications.all() if q.state == "granted"]
    proof = [c for c in tutor.credentials.all() if c.verified != "self"]
    act = Act(
        title=_("Grant qualification"),
        lead=tutor.account.name,
        button=_("Grant"),
        back=tutor.public_id,
        body="tutors/recruiting/acts/grant.html",
        more={
            "tutor": tutor,
            "held": [(q, LEVELS[q.level]) for q in held],
            "proof": [(credential_name(c), CHECKS[c.verified]) for c in proof
                      if c.status != CredentialStatus.REFUSED],
        },
    )  # fmt: skip
    return show(visit, form, act)


def _likely(tutor: Any) -> str:
    """The narrowest of her fields that she does not hold yet."""
    held = _fields_held(tutor)
    open_ = [d.slug for d in tutor.domains.all() if d.slug not in held]
    return max(open_, key=lambda slug: slug.count("."), default="")


def _fields_held(tutor: Any) -> set[str]:
    """As the page was asked for: a grant in place of an earlier one cannot simply be undone."""
    return {q.domain.slug for q in tutor.qualifications.all() if q.state == "granted"}


def _granted(visit: Visit, form: GrantForm, tutor: Any) -> Any:
    try:
        return grant(
            tutor=tutor,
            speciality=form.cleaned_data["speciality"],
            level=form.cleaned_data["level"],
            expires_at=form.ends_at(zone=tutor.account.time_zone),
            actor=visit.account,
            at=visit.at,
        )
    except (CannotGrant, NotByOneself) as refusal:
        put_errors(form, refusal)
        return None


@page(roles=ACTING)
def take_back(visit: Visit, *, id: str) -> HttpResponse:
    """Revoke with a reason that the tutor reads."""
    held = _qualification(visit, id)
    form = ReasonForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        try:
            revoke(
                qualification=held,
                reason=form.cleaned_data["reason"],
                actor=visit.account,
                at=visit.at,
            )
        except (CannotGrant, CannotRevoke) as refusal:
            put_errors(form, refusal)
        else:
            told = _("%s is revoked. Work in hand stays.") % held.domain.name
            return visit.go("recruiting-tutor", held.tutor.public_id, say=told)
    act = Act(
        title=_("Revoke qualification"),
        lead=f"{held.tutor.account.name}: {held.domain.name}, {LEVELS[held.level]}",
        note=_("No new task passes from this moment on. What is in hand may be finished."),
        button=_("Revoke %s") % held.domain.name,
        back=held.tutor.public_id,
        kind="danger",
        more={"tutor": held.tutor},
    )
    return show(visit, form, act)


@page(roles=ACTING)
def undo_grant(visit: Visit, *, id: str) -> HttpResponse:
    """Take back a grant of a moment ago."""
    held = _qualification(visit, id)
    if visit.posted:
        revoke(qualification=held, reason=str(UNDONE), actor=visit.account, at=visit.at)
        visit.say(_("The grant of %s is undone.") % held.domain.name)
    return visit.go("recruiting-tutor", held.tutor.public_id)


def _qualification(visit: Visit, id: str) -> Any:
    rows = people.qualifications_visible_to(account=visit.account)
    found = rows.select_related("tutor__account", "domain").filter(pk=key_of("Q", id)).first()
    if found is None:
        raise NotFound
    return found
