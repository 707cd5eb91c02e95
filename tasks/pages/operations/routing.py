"""How waiting tasks find people: the routing policy of a project or a domain, edited and tried."""

import re
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from tasks.operations import policing, rehearsing
from tasks.pages.operations.explaining import SCORE_TERMS
from tasks.pages.operations.parts import READING, STEERING, may_steer, project_of
from tasks.pages.operations.rehearsals import state_word
from tasks.pages.operations.routing_form import (
    REHEARSING,
    TRYING,
    RoutingForm,
    change_lines,
    initial_of,
)
from tasks.queries.policies import names_of
from tasks.queries.policy_preview import Preview, PreviewLine, preview
from tasks.queries.policy_versions import PolicyDesk, Version, policy_desk
from tasks.queries.rehearsals import rehearsal_of, rehearsals_of
from tasks.rules.policies import InForce, Policy, Scope, read_policy
from tasks.rules.ranking import LOSSES
from tasks.rules.rehearsing import AFTER
from tasks.rules.states import ProjectState
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page, put_errors
from workforce.queries.terms import domain_by_slug
from workforce.rules.problems import NotAllowed, Refusal

VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)


@page(roles=READING)
def project_routing(visit: Visit, *, id: str) -> HttpResponseBase:
    return _routing(visit, project_of(visit, id))


@page(roles=READING)
def domain_routing(visit: Visit, *, id: str) -> HttpResponseBase:
    return _routing(visit, domain_by_slug(slug=id))


@page(roles=STEERING)
def project_routing_restore(visit: Visit, *, id: str) -> HttpResponseBase:
    return _restore(visit, project_of(visit, id))


@page(roles=STEERING)
def domain_routing_restore(visit: Visit, *, id: str) -> HttpResponseBase:
    return _restore(visit, domain_by_slug(slug=id))


@page(roles=STEERING)
def project_routing_follow(visit: Visit, *, id: str) -> HttpResponseBase:
    return _follow(visit, project_of(visit, id))


@page(roles=STEERING)
def domain_routing_follow(visit: Visit, *, id: str) -> HttpResponseBase:
    return _follow(visit, domain_by_slug(slug=id))


# --- The acts ---------------------------------------------------------------------------------


def _routing(visit: Visit, owner: Any) -> HttpResponseBase:
    """The form; a POST tries the values on waiting tasks, or saves them as the next version."""
    desk = policy_desk(owner)
    if not visit.posted:
        form = RoutingForm(initial=_initial(visit, desk))
        return _show(visit, owner, desk, form)
    if not may_steer(visit):
        raise NotAllowed(_("Managers set routing policies. You may read them."))
    form = RoutingForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, owner, desk, form, status=422)
    try:
        if visit.request.POST.get("act") == TRYING:
            tried = preview(owner=owner, policy=policing.checked(form.document()), at=visit.at)
            form.fields["note"].required = True
            return _show(visit, owner, desk, form, tried=tried)
        if visit.request.POST.get("act") == REHEARSING:
            return _rehearse(visit, owner, form)
        done = policing.set_policy(
            owner=owner,
            document=form.document(),
            seen=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
            actor=visit.account,
            at=visit.at,
        )
    except policing.PolicyChanged as refusal:
        form = _over_the_newest(visit, desk)
        form.add_error(None, refusal.detail)
        return _show(visit, owner, desk, form, status=409)
    except Refusal as refusal:
        put_errors(form, refusal)
        return _show(visit, owner, desk, form, status=422)
    return _went(visit, desk, done)


def _initial(visit: Visit, desk: PolicyDesk) -> dict[str, Any]:
    """The policy in force, or the values of a dry run to go on with."""
    policy = desk.in_force.policy
    if tried := str(visit.query.get("values", "")):
        row = rehearsal_of(rehearsal_id=key_of("RH", tried))
        policy = read_policy(row.question[AFTER])
    return initial_of(policy, version=desk.seen)


def _rehearse(visit: Visit, owner: Any, form: RoutingForm) -> HttpResponseBase:
    since, until = form.span(at=visit.at)
    row = rehearsing.rehearse_policy(
        owner=owner,
        document=form.document(),
        since=since,
        until=until,
        actor=visit.account,
        at=visit.at,
    )
    return visit.go("ops-rehearsal", row.public_id)


def _over_the_newest(visit: Visit, desk: PolicyDesk) -> RoutingForm:
    """What was typed, now against the version that came in between: the next save is knowing."""
    typed = visit.request.POST.copy()
    typed["version"] = str(desk.seen)
    form = RoutingForm(typed)
    form.is_valid()
    return form


def _restore(visit: Visit, owner: Any) -> HttpResponseBase:
    if not visit.posted:
        return _back(visit, owner)
    number, seen = _numbers(visit)
    done = policing.restore_policy(
        owner=owner,
        number=number,
        seen=seen,
        note=str(visit.request.POST.get("note", "")),
        actor=visit.account,
        at=visit.at,
    )
    return _went(visit, policy_desk(owner), done)


def _follow(visit: Visit, owner: Any) -> HttpResponseBase:
    if not visit.posted:
        return _back(visit, owner)
    _number, seen = _numbers(visit)
    done = policing.set_policy(
        owner=owner,
        document=None,
        seen=seen,
        note=str(visit.request.POST.get("note", "")),
        actor=visit.account,
        at=visit.at,
    )
    return _went(visit, policy_desk(owner), done)


def _back(visit: Visit, owner: Any) -> HttpResponseBase:
    """The acts have no page of their own."""
    desk = policy_desk(owner)
    return visit.go(f"ops-{desk.scope.value}-routing", desk.of)


def _numbers(visit: Visit) -> tuple[int, int]:
    """The version to bring back and the one that was seen; 0 for what is no number."""
    found = (str(visit.request.POST.get(name, "")) for name in ("number", "version"))
    number, seen = (int(text) if VERSION.fullmatch(text) else 0 for text in found)
    return number, seen


def _went(visit: Visit, desk: PolicyDesk, done: policing.PolicySet) -> HttpResponseBase:
    said = _("Version %(n)d is in force.") % {"n": done.row.version}
    if desk.scope is Scope.DOMAIN:
        said = _("Version %(n)d is in force, for %(count)d projects.") % {
            "n": done.row.version,
            "count": done.projects,
        }
    return visit.go(f"ops-{desk.scope.value}-routing", desk.of, say=said)


# --- What is shown ----------------------------------------------------------------------------


def _show(
    visit: Visit,
    owner: Any,
    desk: PolicyDesk,
    form: RoutingForm,
    *,
    tried: Preview | None = None,
    status: int = 200,
) -> HttpResponseBase:
    is_project = desk.scope is Scope.PROJECT
    domain = owner.domain if is_project else owner
    context = {
        "desk": desk,
        "project": owner if is_project else None,
        "domain": domain,
        "parents": _parents(domain.slug, itself=is_project),
        "form": form,
        "source": source_words(desk.in_force),
        "above": source_words(desk.above),
        "versions": _version_lines(desk),
        "rehearsals": [
            {"row": row, "state_word": state_word(row)} for row in rehearsals_of(owner=owner)
        ],
        "preferred": names_of(desk.in_force.policy.preferred_tutors),
        "preview": tried and _preview_lines(tried),
        "people": tried.people if tried else 0,
        "may_set": may_steer(visit) and not _is_closed(owner, is_project),
        "page_url": f"ops-{desk.scope.value}-routing",
        "restore_url": f"ops-{desk.scope.value}-routing-restore",
        "follow_url": f"ops-{desk.scope.value}-routing-follow",
    }
    return visit.render("tasks/operations/routing.html", context, status=status)


def _is_closed(owner: Any, is_project: bool) -> bool:
    return is_project and owner.state == ProjectState.CLOSED


def _parents(slug: str, *, itself: bool) -> list[str]:
    parts = slug.split(".")
    paths = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return paths if itself else paths[1:]


def source_words(held: InForce) -> str:
    """Where a policy in force comes from."""
    if held.scope is Scope.DEFAULT:
        return _("The usual values: nobody set others.")
    words = {"n": held.version, "of": held.of}
    if held.scope is Scope.DOMAIN:
        return _("Version %(n)d of the domain %(of)s.") % words
    return _("Version %(n)d of this project.") % words


def _version_lines(desk: PolicyDesk) -> list[dict[str, Any]]:
    """Versions, newest first, each with what differs from the one before it."""
    lines = []
    for n, version in enumerate(desk.versions):
        before = desk.versions[n + 1] if n + 1 < len(desk.versions) else None
        lines.append(
            {
                "version": version,
                "is_newest": n == 0,
                "changes": _changes(before, version, desk),
                "is_first": before is None and not desk.more,
            }
        )
    return lines


def _changes(
    before: Version | None, version: Version, desk: PolicyDesk
) -> list[dict[str, str]] | None:
    """Differences to the version before, or to the usual values; None where it says nothing."""
    if version.policy is None or (before is None and desk.more):
        return None
    old = before.policy if before and before.policy else Policy()
    return change_lines(before=old, after=version.policy)


def _preview_lines(tried: Preview) -> list[dict[str, Any]]:
    return [{"line": line, "terms": _terms(line)} for line in tried.lines]


def _terms(line: PreviewLine) -> list[dict[str, Any]]:
    """The terms of both scores side by side, losses below zero."""
    before = line.before.score.terms() if line.before.score else {}
    after = line.after.score.terms() if line.after.score else {}
    rows = []
    for name, said in SCORE_TERMS.items():
        sign = -1 if name in LOSSES else 1
        old, new = (sign * terms[name] if name in terms else None for terms in (before, after))
        if old or new or name == "total":
            rows.append({"said": said, "before": old, "after": new, "differs": old != new})
    return rows
