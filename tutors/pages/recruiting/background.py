"""Right to work, identity, years and ties of one tutor: noted, checked, ended, taken back."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tutors.operations.authorising import (
    AuthorisationOver,
    CannotAuthorise,
    add_authorisation,
    end_authorisation,
    verify_authorisation,
)
from tutors.operations.experiencing import (
    CannotNoteExperience,
    ExperienceOver,
    add_experience,
    verify_experience,
    withdraw_experience,
)
from tutors.operations.identifying import check_identity, withdraw_identity_check
from tutors.operations.tying import (
    CannotChangeOrganisation,
    CannotTie,
    TieOver,
    declare_tie,
    describe_organisation,
    end_tie,
    withdraw_tie,
)
from tutors.operations.vetting import CannotVerify, NeedsAnotherCheck, NotByOneself
from tutors.pages.recruiting.acting import ACTING, Act, show
from tutors.pages.recruiting.background_forms import (
    AuthorisationCheckForm,
    AuthorisationForm,
    ExperienceCheckForm,
    ExperienceForm,
    IdentityForm,
    OrganisationForm,
    TieEndForm,
    TieForm,
)
from tutors.pages.recruiting.background_words import tie_name, years_of
from tutors.queries import background, people
from tutors.rules.states import IdentityMethod, Verified
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page, put_errors
from workforce.rules.problems import Refusal

CHECK_REFUSALS = (CannotVerify, NotByOneself, CannotAuthorise, AuthorisationOver, ExperienceOver)


def _tutor(visit: Visit, id: str) -> Any:
    return people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))


def _back(visit: Visit, tutor: Any, *, say: str, undo: str = "") -> HttpResponse:
    """To her profile, or with `?from=verification` to that list."""
    if visit.query.get("from") == "verification":
        return visit.go("recruiting-verification", say=say)
    return visit.go("recruiting-tutor", tutor.public_id, say=say, undo=undo)


def _act(tutor: Any, *, title: str, button: str, lead: str = "", note: str = "") -> Act:
    return Act(
        title=title,
        lead=lead or tutor.account.name,
        button=button,
        back=tutor.public_id,
        note=note,
        more={"tutor": tutor},
    )


def _put(form: BaseForm, refusal: Refusal, **renamed: str) -> None:
    """The refusal beside its fields, under the names that the form has for them."""
    errors = getattr(refusal, "errors", None) or {}
    refusal.errors = {renamed.get(name, name): told for name, told in errors.items()}
    put_errors(form, refusal)


# --- The right to work ------------------------------------------------------------------------


@page(roles=ACTING)
def add_right(visit: Visit, *, id: str) -> HttpResponse:
    tutor = _tutor(visit, id)
    form = AuthorisationForm(visit.request.POST or None, initial={"place": tutor.country})
    if visit.posted and form.is_valid():
        said = {**form.cleaned_data, "place": form.cleaned_data["place"].upper()}
        try:
            noted = add_authorisation(tutor=tutor, **said, actor=visit.account, at=visit.at)
        except CannotAuthorise as refusal:
            put_errors(form, refusal)
        else:
            undo = reverse("recruiting-authorisation-end", args=[noted.public_id])
            told = _("The right to work in %s is noted. Somebody has to check it.") % noted.place
            return _back(visit, tutor, say=told, undo=undo)
    title = _("Add right to work")
    return show(visit, form, _act(tutor, title=title, button=title))


@page(roles=ACTING)
def check_right(visit: Visit, *, id: str) -> HttpResponse:
    """Confirm it, or end it because it could not be confirmed."""
    right = background.authorisation(account=visit.account, authorisation_id=key_of("WA", id))
    tutor, form = right.tutor, AuthorisationCheckForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        said = form.cleaned_data
        try:
            if said["outcome"] == "refused":
                end_authorisation(authorisation=right, actor=visit.account, at=visit.at)
            else:
                verify_authorisation(
                    authorisation=right,
                    level=Verified(said["level"]),
                    source=said["source"],
                    valid_until=said["expires_on"],
                    actor=visit.account,
                    at=visit.at,
                )
        except NeedsAnotherCheck as refusal:
            form.add_error("level", refusal.detail)
        except CHECK_REFUSALS as refusal:
            _put(form, refusal, valid_until="expires_on")
        else:
            refused = said["outcome"] == "refused"
            told = (
                _("The right to work in %s ended.")
                if refused
                else _("The right to work in %s is verified.")
            )
            return _back(visit, tutor, say=told % right.place)
    lead = f"{tutor.account.name}: {right.place}, {right.basis}"
    act = _act(tutor, title=_("Check right to work"), button=_("Write down the check"), lead=lead)
    return show(visit, form, act)


@page(roles=ACTING)
def end_right(visit: Visit, *, id: str) -> HttpResponse:
    right = background.authorisation(account=visit.account, authorisation_id=key_of("WA", id))
    if visit.posted:
        end_authorisation(authorisation=right, actor=visit.account, at=visit.at)
        visit.say(_("The right to work in %s ended. Work in hand stays.") % right.place)
    return visit.go("recruiting-tutor", right.tutor.public_id)


# --- Identity -----------------------------------------------------------------------------------


@page(roles=ACTING)
def check_person(visit: Visit, *, id: str) -> HttpResponse:
    tutor = _tutor(visit, id)
    form = IdentityForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        try:
            check = check_identity(
                tutor=tutor,
                method=IdentityMethod(form.cleaned_data["method"]),
                source=form.cleaned_data["source"],
                actor=visit.account,
                at=visit.at,
            )
        except (CannotVerify, NotByOneself) as refusal:
            put_errors(form, refusal)
        else:
            undo = reverse("recruiting-identity-withdraw", args=[check.public_id])
            return _back(visit, tutor, say=_("The identity check is noted."), undo=undo)
    act = _act(tutor, title=_("Check identity"), button=_("Write down the check"))
    return show(visit, form, act)


@page(roles=ACTING)
def withdraw_person(visit: Visit, *, id: str) -> HttpResponse:
    check = background.identity_check(account=visit.account, check_id=key_of("IC", id))
    if visit.posted:
        withdraw_identity_check(check=check, actor=visit.account, at=visit.at)
        visit.say(_("The identity check is withdrawn."))
    return visit.go("recruiting-tutor", check.tutor.public_id)


# --- Years in a field -----------------------------------------------------------------------------


@page(roles=ACTING)
def add_years(visit: Visit, *, id: str) -> HttpResponse:
    tutor = _tutor(visit, id)
    form = ExperienceForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        try:
            noted = add_experience(tutor=tutor, post=form.post(), actor=visit.account, at=visit.at)
        except CannotNoteExperience as refusal:
            put_errors(form, refusal)
        else:
            undo = reverse("recruiting-experience-withdraw", args=[noted.public_id])
            told = _("Experience in %s is noted. Somebody has to check it.") % noted.field
            return _back(visit, tutor, say=told, undo=undo)
    title = _("Add experience")
    return show(visit, form, _act(tutor, title=title, button=title))


@page(roles=ACTING)
def check_years(visit: Visit, *, id: str) -> HttpResponse:
    """Confirm it, or withdraw it because it could not be confirmed."""
    row = background.experience(account=visit.account, experience_id=key_of("XP", id))
    tutor, form = row.tutor, ExperienceCheckForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        said, refused = form.cleaned_data, form.cleaned_data["outcome"] == "refused"
        try:
            if refused:
                withdraw_experience(experience=row, actor=visit.account, at=visit.at)
            else:
                verify_experience(
                    experience=row,
                    level=Verified(said["level"]),
                    source=said["source"],
                    actor=visit.account,
                    at=visit.at,
                )
        except NeedsAnotherCheck as refusal:
            form.add_error("level", refusal.detail)
        except CHECK_REFUSALS as refusal:
            put_errors(form, refusal)
        else:
            told = (
                _("Experience in %s is withdrawn.")
                if refused
                else _("Experience in %s is verified.")
            )
            return _back(visit, tutor, say=told % row.field)
    what = ", ".join(part for part in (row.field, years_of(row), row.role) if part)
    act = _act(
        tutor,
        title=_("Check experience"),
        button=_("Write down the check"),
        lead=f"{tutor.account.name}: {what}",
    )
    return show(visit, form, act)


@page(roles=ACTING)
def withdraw_years(visit: Visit, *, id: str) -> HttpResponse:
    row = background.experience(account=visit.account, experience_id=key_of("XP", id))
    if visit.posted:
        withdraw_experience(experience=row, actor=visit.account, at=visit.at)
        visit.say(_("Experience in %s is withdrawn. Work in hand stays.") % row.field)
    return visit.go("recruiting-tutor", row.tutor.public_id)


# --- Ties -----------------------------------------------------------------------------------


@page(roles=ACTING)
def add_tie(visit: Visit, *, id: str) -> HttpResponse:
    tutor = _tutor(visit, id)
    form = TieForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        try:
            tie = declare_tie(tutor=tutor, bond=form.bond(), actor=visit.account, at=visit.at)
        except (CannotTie, CannotChangeOrganisation) as refusal:
            _put(form, refusal, party="tag")
        else:
            undo = reverse("recruiting-tie-withdraw", args=[tie.public_id])
            told = _("The tie to %s is noted. It counts at once.") % tie_name(tie)
            return _back(visit, tutor, say=told, undo=undo)
    title = _("Add tie")
    note = _("Work whose rules forbid it is not offered from now on. Work in hand stays.")
    return show(visit, form, _act(tutor, title=title, button=title, note=note))


@page(roles=ACTING)
def end(visit: Visit, *, id: str) -> HttpResponse:
    """Say on which day a tie ended or will end."""
    tie = background.tie(account=visit.account, tie_id=key_of("TY", id))
    form = TieEndForm(visit.request.POST or None, initial={"until": visit.at.date()})
    if visit.posted and form.is_valid():
        try:
            end_tie(tie=tie, until=form.cleaned_data["until"], actor=visit.account, at=visit.at)
        except (CannotTie, TieOver) as refusal:
            put_errors(form, refusal)
        else:
            told = _("The tie to %s has an end now.") % tie_name(tie)
            return _back(visit, tie.tutor, say=told)
    act = _act(
        tie.tutor,
        title=_("End tie"),
        button=_("End tie"),
        lead=f"{tie.tutor.account.name}: {tie_name(tie)}, {tie.relation}",
        note=_("Some work asks that it ended a while ago; that time begins on this day."),
    )
    return show(visit, form, act)


@page(roles=ACTING)
def withdraw(visit: Visit, *, id: str) -> HttpResponse:
    """Take back a tie that never held."""
    tie = background.tie(account=visit.account, tie_id=key_of("TY", id))
    if visit.posted:
        withdraw_tie(tie=tie, actor=visit.account, at=visit.at)
        visit.say(_("The tie to %s is withdrawn.") % tie_name(tie))
    return visit.go("recruiting-tutor", tie.tutor.public_id)


@page(roles=ACTING)
def organisation(visit: Visit, *, id: str) -> HttpResponse:
    """Which client an organisation is, and of which kinds; `?tutor=` leads back to her, else to
    whoever was tied to it last.
    """
    row = background.organisation(account=visit.account, organisation_id=key_of("OG", id))
    named = visit.query.get("tutor", "")
    tied = named or people.somebody_tied(account=visit.account, organisation_id=row.pk)
    tutor = _tutor(visit, tied)
    initial = {"name": row.name, "client": row.client, "tags": ", ".join(row.tags)}
    form = OrganisationForm(visit.request.POST or None, initial=initial)
    if visit.posted and form.is_valid():
        try:
            kept = describe_organisation(
                organisation=row, **form.cleaned_data, actor=visit.account, at=visit.at
            )
        except CannotChangeOrganisation as refusal:
            put_errors(form, refusal)
        else:
            told = _("%s is kept. Everybody tied to it is looked at again.") % kept.name
            return _back(visit, tutor, say=told)
    act = _act(
        tutor,
        title=_("Organisation"),
        button=_("Save"),
        lead=row.name,
        note=_("This concerns everybody who has a tie to it."),
    )
    return show(visit, form, act)
