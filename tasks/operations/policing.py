"""A manager sets the routing policy of a project or of a domain; each version stays as it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tasks.events import RoutingPolicySet
from tasks.models import Project, RoutingPolicy
from tasks.queries.policies import IN_FORCE, names_of
from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.policies import PREFERRED, CannotReadPolicy, Policy, Scope, read_policy
from tasks.rules.states import ProjectState
from workforce.models import Account, Domain
from workforce.operations import record
from workforce.rules.problems import Conflict, Invalid, NotFound


class PolicyChanged(Conflict):
    code = "policy_changed"
    title = "Somebody saved another version meanwhile"


class PolicyUnchanged(Conflict):
    code = "policy_unchanged"
    title = "Nothing would change"


class CannotSetPolicy(Conflict):
    code = "project_state"


class NoReason(Invalid):
    code = "reason_missing"


@dataclass(frozen=True, kw_only=True)
class PolicySet:
    """The new version, and how many projects follow another policy from now on."""

    row: RoutingPolicy
    projects: int


@dataclass(frozen=True, kw_only=True)
class _Owner:
    """Whose policy it is: a project, or a domain for what lies below it. `field`: its domain."""

    project: Project | None
    domain: Domain | None
    field: Domain

    @property
    def scope(self) -> Scope:
        return Scope.PROJECT if self.project else Scope.DOMAIN

    @property
    def name(self) -> str:
        return self.project.public_id if self.project else self.field.slug


@transaction.atomic
def set_policy(
    *,
    owner: Project | Domain,
    document: dict[str, Any] | None,
    seen: int,
    note: str,
    actor: Account,
    at: datetime,
) -> PolicySet:
    """Put a policy in force for a project or a domain, or (None) follow what lies above again.

    `seen` is the version that the editor looked at, 0 before the first: `PolicyChanged` when
    another one came in between. `CannotReadPolicy` names every fault, `NoReason` asks for a note,
    `PolicyUnchanged` when this holds already, `CannotSetPolicy` for a closed project.
    """
    policy = None if document is None else checked(document)
    return _set(_owner(owner), policy, seen=seen, note=note, restores=None, actor=actor, at=at)


@transaction.atomic
def restore_policy(
    *, owner: Project | Domain, number: int, seen: int, note: str, actor: Account, at: datetime
) -> PolicySet:
    """Put an earlier version in force again, as a new version. Refuses like `set_policy`.

    `NotFound` when there is no such version.
    """
    held = _owner(owner)
    row = RoutingPolicy.objects.filter(
        project=held.project, domain=held.domain, version=number
    ).first()
    if row is None:
        raise NotFound
    policy = None if row.document is None else checked(row.document)
    return _set(held, policy, seen=seen, note=note, restores=number, actor=actor, at=at)


def checked(document: object) -> Policy:
    """The policy, if it can be read and everybody it names is there."""
    policy = read_policy(document)
    here = names_of(policy.preferred_tutors)
    named = document[PREFERRED] if isinstance(document, dict) and PREFERRED in document else []
    errors = {
        f"{PREFERRED}.{n}": [_("There is nobody with the id %(id)s.") % {"id": each}]
        for n, each in enumerate(named)
        if each not in here
    }
    if errors:
        raise CannotReadPolicy(
            _("Some people that the policy prefers are not here; nothing was saved."),
            errors=errors,
        )
    return policy


def _owner(owner: Project | Domain) -> _Owner:
    if isinstance(owner, Project):
        return _Owner(project=owner, domain=None, field=owner.domain)
    return _Owner(project=None, domain=owner, field=owner)


def _set(
    owner: _Owner,
    policy: Policy | None,
    *,
    seen: int,
    note: str,
    restores: int | None,
    actor: Account,
    at: datetime,
) -> PolicySet:
    note = note.strip()
    if not note or len(note) > REASON_CHARS_MAX or "\x00" in note:
        said = _("Say in a few words why, in at most %(n)s characters.") % {"n": REASON_CHARS_MAX}
        raise NoReason(said, errors={"note": [said]})
    _hold(owner)
    newest = _newest(owner)
    _refuse_outdated(newest, policy, seen=seen)
    row = RoutingPolicy.objects.create(
        project=owner.project,
        domain=owner.domain,
        version=seen + 1,
        document=policy.as_json() if policy else None,
        digest=policy.digest if policy else "",
        note=note,
        restores=restores,
        author=actor,
    )
    moved = _put_in_force(owner)
    event = RoutingPolicySet(
        subject=owner.name,
        scope=owner.scope.value,
        version=row.version,
        digest=row.digest,
        note=note,
        restores=restores,
        queue=owner.field.queue,
        projects=moved,
    )
    record(event=event, actor=actor, at=at)
    return PolicySet(row=row, projects=moved)


def _newest(owner: _Owner) -> RoutingPolicy | None:
    rows = RoutingPolicy.objects.filter(project=owner.project, domain=owner.domain)
    return rows.order_by("-version").first()


def _refuse_outdated(newest: RoutingPolicy | None, policy: Policy | None, *, seen: int) -> None:
    if (newest.version if newest else 0) != seen:
        raise PolicyChanged(
            _("Version %(n)s was saved while you edited. Look at it, then decide again.")
            % {"n": newest.version if newest else 0}
        )
    if (newest.digest if newest else "") == (policy.digest if policy else ""):
        raise PolicyUnchanged(_("This is what holds already; nothing was saved."))


_HOLD_BELOW = """
SELECT id FROM workforce_domain
 WHERE slug = %(slug)s OR left(slug, length(%(slug)s) + 1) = %(slug)s || '.'
 ORDER BY id FOR NO KEY UPDATE
"""
_HOLD_DOMAIN = "SELECT id FROM workforce_domain WHERE id = %(domain)s FOR SHARE"


def hold_domain(*, domain_id: int) -> None:
    """Until the transaction ends no policy of this domain, or of one above it, is set."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_DOMAIN, {"domain": domain_id})


def _hold(owner: _Owner) -> None:
    """One policy at a time where they touch: domains before projects, domains by key."""
    if owner.project is None:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD_BELOW, {"slug": owner.name})
        return
    hold_domain(domain_id=owner.project.domain_id)
    held = Project.objects.select_for_update(no_key=True).get(pk=owner.project.pk)
    if held.state == ProjectState.CLOSED:
        raise CannotSetPolicy(_("This project is closed. Make a new one for new work."))


_PUT = """
UPDATE tasks_project held SET routing_policy_id = wanted.policy_id
  FROM ({in_force} WHERE {which}) wanted
 WHERE held.id = wanted.project_id AND held.routing_policy_id IS DISTINCT FROM wanted.policy_id
"""
_PUT_ONE = _PUT.format(in_force=IN_FORCE, which="project.id = %(project)s")
_PUT_BELOW = _PUT.format(
    in_force=IN_FORCE,
    which="domain.slug = %(slug)s OR left(domain.slug, length(%(slug)s) + 1) = %(slug)s || '.'",
)


def follow_policy(*, project: Project) -> None:
    """A new project follows its domain's policy. The caller has just written it."""
    hold_domain(domain_id=project.domain_id)
    with connection.cursor() as cursor:
        cursor.execute(_PUT_ONE, {"project": project.pk})


def _put_in_force(owner: _Owner) -> int:
    """Every project points to the policy that holds for it; how many changed."""
    with connection.cursor() as cursor:
        if owner.project is not None:
            cursor.execute(_PUT_ONE, {"project": owner.project.pk})
        else:
            cursor.execute(_PUT_BELOW, {"slug": owner.name})
        return int(cursor.rowcount)
