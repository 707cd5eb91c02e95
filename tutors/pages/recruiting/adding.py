"""Adding a tutor, changing her profile, sending the invitation again."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tutors.operations.onboarding import (
    CannotAddTutor,
    Profile,
    add_tutor,
    change_profile,
    invite_again,
)
from tutors.pages.recruiting.acting import ACTING, Act, show
from tutors.pages.recruiting.forms import NewTutorForm, ProfileForm
from tutors.queries import people
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page, put_errors
from workforce.operations.admitting import CannotAdmit
from workforce.queries.terms import all_domains


@page(roles=ACTING)
def add(visit: Visit) -> HttpResponse:
    """The form; then the link that was mailed, shown this once."""
    form = NewTutorForm(
        visit.request.POST or None,
        domains=list(all_domains()),
        initial={"time_zone": visit.account.time_zone, "languages": "en C1"},
    )
    if visit.posted and form.is_valid():
        try:
            added = add_tutor(
                profile=Profile(**form.cleaned_data), actor=visit.account, at=visit.at
            )
        except (CannotAddTutor, CannotAdmit) as refusal:
            put_errors(form, refusal)
        else:
            visit.request.session["invited"] = _kept(added, visit)
            name = added.tutor.account.name
            return visit.go(
                "recruiting-tutor-added", added.tutor.public_id,
                say=_("%s was added. The invitation is on its way.") % name,
            )  # fmt: skip
    status = 422 if form.errors else 200
    return visit.render("tutors/recruiting/add.html", {"form": form}, status=status)


def _kept(added: Any, visit: Visit) -> dict[str, str]:
    """The link waits in the session for the page that follows; it is kept nowhere else."""
    link = visit.request.build_absolute_uri(added.invited.path) if added.invited else ""
    return {"tutor": added.tutor.public_id, "link": link}


@page(roles=ACTING)
def added(visit: Visit, *, id: str) -> HttpResponse:
    tutor = people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    kept = visit.request.session.get("invited", {})
    link = kept.get("link", "") if kept.get("tutor") == tutor.public_id else ""
    context = {"tutor": tutor, "link": link}
    return visit.render("tutors/recruiting/added.html", context)


@page(roles=ACTING)
def invite(visit: Visit, *, id: str) -> HttpResponse:
    """A fresh link by mail. Asked for by GET, it leads back to the profile."""
    tutor = people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    if not visit.posted:
        return visit.go("recruiting-tutor", tutor.public_id)
    invited = invite_again(tutor=tutor, actor=visit.account, at=visit.at)
    link = visit.request.build_absolute_uri(invited.path)
    visit.request.session["invited"] = {"tutor": tutor.public_id, "link": link}
    return visit.go(
        "recruiting-tutor-added", tutor.public_id,
        say=_("A new invitation is on its way to %s.") % tutor.account.email,
    )  # fmt: skip


@page(roles=ACTING)
def edit(visit: Visit, *, id: str) -> HttpResponse:
    tutor = people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    form = ProfileForm(
        visit.request.POST or None, domains=list(all_domains()), initial=_initial(tutor)
    )
    if visit.posted and form.is_valid():
        try:
            changes = _changes(form, tutor)
            if changes:
                change_profile(tutor=tutor, changes=changes, actor=visit.account, at=visit.at)
        except CannotAddTutor as refusal:
            put_errors(form, refusal)
        else:
            told = _("The profile is saved.") if changes else _("Nothing was changed.")
            return visit.go("recruiting-tutor", tutor.public_id, say=told)
    act = Act(
        title=_("Edit profile"),
        button=_("Save profile"),
        back=tutor.public_id,
        body="tutors/recruiting/acts/profile.html",
        more={"tutor": tutor},
    )
    return show(visit, form, act)


def _initial(tutor: Any) -> dict[str, Any]:
    return {
        "name": tutor.account.name,
        "headline": tutor.headline,
        "country": tutor.country,
        "region": tutor.region,
        "residence_since": tutor.residence_since,
        "time_zone": tutor.account.time_zone,
        "capacity": tutor.capacity,
        "languages": "\n".join(f"{spoken.tag} {spoken.level}" for spoken in tutor.languages.all()),
        "domains": [domain.slug for domain in tutor.domains.all()],
    }


def _changes(form: ProfileForm, tutor: Any) -> dict[str, Any]:
    """What differs from what is kept; naming a country names its part as well."""
    kept = {
        **_initial(tutor),
        "languages": [(s.tag, s.level) for s in tutor.languages.all()],
    }
    wanted = form.cleaned_data
    changed = {
        name: value
        for name, value in wanted.items()
        if (
            set(value) != set(kept[name])
            if name in ("domains", "languages")
            else value != kept[name]
        )
    }
    if "country" in changed:
        changed["region"] = wanted["region"]
    return changed
