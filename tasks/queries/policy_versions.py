"""The routing policy of a project or a domain as its editor sees it: in force, above, versions."""

from dataclasses import dataclass
from datetime import datetime

from tasks.models import Project, RoutingPolicy
from tasks.queries.policies import above, policies_of
from tasks.rules.limits import POLICY_VERSIONS_MAX
from tasks.rules.policies import InForce, Policy, Scope, read_policy
from workforce.models import Account, Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a scope; `policy` None: from then on it followed what lies above."""

    number: int
    policy: Policy | None
    digest: str
    note: str
    restores: int | None
    author: Account
    made_at: datetime


def versions_of(
    *, project: Project | None = None, domain: Domain | None = None, limit: int
) -> list[Version]:
    """The newest versions of a project's or a domain's own policy, newest first."""
    rows = RoutingPolicy.objects.filter(project=project, domain=domain).select_related("author")
    return [_version(row) for row in rows.order_by("-version")[:limit]]


def version_of(
    *, project: Project | None = None, domain: Domain | None = None, number: int
) -> Version | None:
    row = (
        RoutingPolicy.objects.filter(project=project, domain=domain, version=number)
        .select_related("author")
        .first()
    )
    return _version(row) if row else None


def _version(row: RoutingPolicy) -> Version:
    return Version(
        number=row.version,
        policy=None if row.document is None else read_policy(row.document),
        digest=row.digest,
        note=row.note,
        restores=row.restores,
        author=row.author,
        made_at=row.made_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDesk:
    """`own` is None while what lies `above` holds; `seen` the newest version, 0 before the first.

    `more`: there are versions beyond those listed.
    """

    scope: Scope
    of: str
    seen: int
    own: Policy | None
    in_force: InForce
    above: InForce
    versions: tuple[Version, ...]
    more: bool


def policy_desk(owner: Project | Domain) -> PolicyDesk:
    """What an editor of this project's or domain's policy looks at."""
    if isinstance(owner, Project):
        scope, of = Scope.PROJECT, owner.public_id
        listed = versions_of(project=owner, limit=POLICY_VERSIONS_MAX + 1)
        holds = policies_of([owner.pk])[owner.pk]
        over = above(slug=owner.domain.slug, itself=True)
    else:
        scope, of = Scope.DOMAIN, owner.slug
        listed = versions_of(domain=owner, limit=POLICY_VERSIONS_MAX + 1)
        holds = above(slug=owner.slug, itself=True)
        over = above(slug=owner.slug, itself=False)
    newest = listed[0] if listed else None
    return PolicyDesk(
        scope=scope,
        of=of,
        seen=newest.number if newest else 0,
        own=newest.policy if newest else None,
        in_force=holds,
        above=over,
        versions=tuple(listed[:POLICY_VERSIONS_MAX]),
        more=len(listed) > POLICY_VERSIONS_MAX,
    )
