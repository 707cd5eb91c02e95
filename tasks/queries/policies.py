"""Routing policies: the one in force, the versions of a scope, one person's share of a project."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection

from tasks.models import Project, RoutingPolicy
from tasks.queries.plans import rows_of
from tasks.rules.limits import SHARE_CLAIMS_MAX, SHARE_PROJECT_CLAIMS_MAX
from tasks.rules.policies import (
    CONCENTRATION_DAYS,
    DEFAULT,
    NOTHING_SET,
    InForce,
    Scope,
    read_policy,
)
from tasks.rules.simulating.staging import EarlierAttempts
from tasks.rules.states import ANSWERED_CLAIMS, OPEN_CLAIMS
from tutors.models import Tutor
from workforce.rules.ids import internal_id, public_id

POLICY_CACHE_MAX = 4_096

JOIN = "LEFT JOIN tasks_routingpolicy policy ON policy.id = project.routing_policy_id"
"""The policy in force of `project`, for statements that read its weights."""

STEP = f"coalesce(policy.minutes_per_priority_step, {DEFAULT.minutes_per_priority_step})"
PRESSURE = f"coalesce(policy.sla_pressure_minutes, {DEFAULT.sla_pressure_minutes})"
LATE = f"coalesce(policy.late_minutes, {DEFAULT.late_minutes})"

_FROM_DAY = f"(statement_timestamp() AT TIME ZONE 'UTC')::date - {CONCENTRATION_DAYS - 1}"

_ATTEMPTS = f"""
     (SELECT coalesce(sum(d.submitted), 0) FROM tasks_projectday d
       WHERE d.project_id = project.id AND d.day >= {_FROM_DAY})
   + (SELECT coalesce(sum(k.in_hand), 0) FROM tasks_pool p
        JOIN tasks_poolcounter k ON k.pool_id = p.id
       WHERE p.project_id = project.id AND p.role = 'attempt')
"""  # noqa: S608
ATTEMPTS = f"""
CASE WHEN policy.concentration_percent BETWEEN 1 AND 99 AND pool.role = 'attempt'
     THEN {_ATTEMPTS} END::int
"""
"""A project's attempts that shares are counted in, from kept figures; null: none is limited."""


def number(name: str) -> str:
    """SQL of any number of the policy in force; the score's own weights are columns."""
    return f"coalesce((policy.document ->> '{name}')::int, {DEFAULT.as_json()[name]})"


_OPEN = ", ".join(f"'{state.value}'" for state in OPEN_CLAIMS)
_ANSWERED = ", ".join(f"'{state.value}'" for state in ANSWERED_CLAIMS)
_COUNTED = f"""few.role = 'attempt' AND (few.state IN ({_OPEN}) OR (few.state IN ({_ANSWERED})
       AND few.ended_at >= ({_FROM_DAY})::timestamp AT TIME ZONE 'UTC'))"""
"""The attempts of a share: those in hand and those handed in within the days."""


def own_attempts(*, tutor: str) -> str:
    """SQL of a tutor's attempts by project."""
    return f"""
SELECT few.project_id, count(*)::int AS attempts
  FROM (SELECT c.project_id, c.role, c.state, c.ended_at FROM tasks_claim c
         WHERE c.tutor_id = {tutor} ORDER BY c.id DESC LIMIT {SHARE_CLAIMS_MAX}) few
 WHERE {_COUNTED}
 GROUP BY few.project_id
"""  # noqa: S608


_SHARES = f"""
SELECT w.tutor_id, own.project_id, own.attempts
  FROM unnest(%(tutors)s::bigint[]) AS w(tutor_id)
 CROSS JOIN LATERAL ({own_attempts(tutor="w.tutor_id")}) own
 WHERE own.project_id = ANY(%(projects)s)
"""  # noqa: S608


Shares = Mapping[int, Mapping[int, int]]
"""Attempts that shares are counted by: by tutor, then by project; absent: none."""

_ALL_SHARES = f"""
SELECT found.tutor_id, found.project_id, sum(found.attempts)::int
  FROM (SELECT few.tutor_id, w.project_id, count(*) AS attempts
          FROM unnest(%(projects)s::bigint[]) AS w(project_id)
         CROSS JOIN LATERAL (
               SELECT c.tutor_id, c.role, c.state, c.ended_at FROM tasks_claim c
                WHERE c.project_id = w.project_id ORDER BY c.id DESC
                LIMIT {SHARE_PROJECT_CLAIMS_MAX}) few
         WHERE {_COUNTED} GROUP BY few.tutor_id, w.project_id
        UNION ALL
        SELECT o.tutor_id, p.project_id, count(*)
          FROM tasks_offer o JOIN tasks_pool p ON p.id = o.pool_id
         WHERE o.state = 'offered' AND o.kind = 'work' AND o.role = 'attempt'
           AND p.project_id = ANY(%(projects)s)
         GROUP BY o.tutor_id, p.project_id) found
 GROUP BY found.tutor_id, found.project_id
"""  # noqa: S608


_ATTEMPTS_OF = f"""
SELECT project.id, ({_ATTEMPTS})::int
  FROM tasks_project project WHERE project.id = ANY(%(projects)s)
"""  # noqa: S608


def attempts_of(*, project_ids: Iterable[int]) -> dict[int, int]:
    """The attempts that shares would be counted in, whether or not a policy limits them."""
    return dict(rows_of(_ATTEMPTS_OF, {"projects": list(project_ids)}))


def all_shares(*, project_ids: Iterable[int]) -> Shares:
    """Everybody's attempts of these projects, with the offers that wait for an answer."""
    return _by_tutor(rows_of(_ALL_SHARES, {"projects": list(project_ids)}))


def _by_tutor(rows: Iterable[tuple[int, int, int]]) -> Shares:
    found: dict[int, dict[int, int]] = {}
    for tutor, project, attempts in rows:
        found.setdefault(tutor, {})[project] = attempts
    return found


def shares(*, tutor_ids: Iterable[int], project_ids: Iterable[int]) -> Shares:
    """The attempts of these people, looked for among the last of each."""
    parameters = {"tutors": list(tutor_ids), "projects": list(project_ids)}
    return _by_tutor(rows_of(_SHARES, parameters))


_BEGUN_BEFORE = """
SELECT few.tutor_id, w.project_id, few.day, count(*)::int
  FROM unnest(%(projects)s::bigint[]) AS w(project_id)
 CROSS JOIN LATERAL (
       SELECT c.tutor_id, c.role, c.state, c.claimed_at, c.ended_at,
              (c.ended_at AT TIME ZONE 'UTC')::date AS day
         FROM tasks_claim c
        WHERE c.project_id = w.project_id ORDER BY c.id DESC LIMIT %(most)s) few
 WHERE few.role = 'attempt' AND few.state = ANY(%(answered)s::text[])
   AND few.claimed_at < %(since)s
   AND few.day > (%(since)s::timestamptz AT TIME ZONE 'UTC')::date - %(days)s::int
 GROUP BY few.tutor_id, w.project_id, few.day
"""


def begun_before(*, project_ids: Iterable[int], since: datetime) -> list[EarlierAttempts]:
    """Attempts of these projects that were begun before a moment, and count for shares at it.

    Looked for among the last of each project.
    """
    parameters = {
        "projects": list(project_ids),
        "since": since,
        "answered": [state.value for state in ANSWERED_CLAIMS],
        "days": CONCENTRATION_DAYS,
        "most": SHARE_PROJECT_CLAIMS_MAX,
    }
    rows = rows_of(_BEGUN_BEFORE, parameters)
    return [EarlierAttempts(tutor=t, project=p, day=day, attempts=n) for t, p, day, n in rows]


# --- In force -------------------------------------------------------------------------------

_known: dict[int, tuple[str, InForce]] = {}
"""By id, with the digest. A version never changes, so nothing goes stale."""


def in_force_by_id(keys: Iterable[tuple[int | None, str | None]]) -> dict[int | None, InForce]:
    """Policies by (id, digest); a statement only for those never seen. None: nobody set one."""
    wanted = {key: digest or "" for key, digest in keys if key is not None}
    missing = [k for k, digest in wanted.items() if k not in _known or _known[k][0] != digest]
    if missing:
        if len(_known) + len(missing) > POLICY_CACHE_MAX:
            _known.clear()
            missing = list(wanted)
        rows = RoutingPolicy.objects.filter(pk__in=missing).select_related("domain")
        _known.update({row.pk: (row.digest, in_force(row)) for row in rows})
    found: dict[int | None, InForce] = {key: _known[key][1] for key in wanted}
    found[None] = NOTHING_SET
    return found


def in_force(row: RoutingPolicy | None) -> InForce:
    """The policy that a version says."""
    if row is None or row.document is None:
        return NOTHING_SET
    of = row.domain.slug if row.domain else public_id("P", row.project_id or 0)
    return InForce(
        policy=read_policy(row.document),
        scope=Scope.DOMAIN if row.domain else Scope.PROJECT,
        of=of,
        version=row.version,
    )


def policies_of(project_ids: Iterable[int]) -> dict[int, InForce]:
    """What is in force for each of these projects, in one statement."""
    rows = Project.objects.filter(pk__in=list(project_ids)).values_list(
        "pk", "routing_policy_id", "routing_policy__digest"
    )
    listed = list(rows)
    found = in_force_by_id((key, digest) for _, key, digest in listed)
    return {project: found[key] for project, key, _ in listed}


def names_of(tutors: Iterable[str]) -> dict[str, str]:
    """The names of these people (`E-12`), by id; nobody's id is left out."""
    keys = [internal_id("E", tutor) for tutor in tutors]
    rows = Tutor.objects.filter(pk__in=keys).values_list("pk", "account__name") if keys else []
    return {public_id("E", key): name for key, name in rows}


IN_FORCE = """
SELECT project.id AS project_id, coalesce(
       (SELECT CASE WHEN own.document IS NOT NULL THEN own.id END
          FROM (SELECT r.id, r.document FROM tasks_routingpolicy r
                 WHERE r.project_id = project.id ORDER BY r.version DESC LIMIT 1) own),
       (SELECT newest.id FROM workforce_domain d
         CROSS JOIN LATERAL (SELECT r.id, r.document FROM tasks_routingpolicy r
                              WHERE r.domain_id = d.id ORDER BY r.version DESC LIMIT 1) newest
         WHERE newest.document IS NOT NULL
           AND (d.slug = domain.slug OR left(domain.slug, length(d.slug) + 1) = d.slug || '.')
         ORDER BY length(d.slug) DESC LIMIT 1)) AS policy_id
  FROM tasks_project project JOIN workforce_domain domain ON domain.id = project.domain_id
"""
"""The policy that must be in force for each project: its own, else the nearest of its domain."""


_ABOVE = """
SELECT DISTINCT ON (d.id) p.id, p.digest
  FROM workforce_domain d JOIN tasks_routingpolicy p ON p.domain_id = d.id
 WHERE d.slug = ANY(%(slugs)s)
 ORDER BY d.id, p.version DESC
"""


def above(*, slug: str, itself: bool) -> InForce:
    """What a domain's policy says for what lies below it: its own (`itself`), else the nearest
    above it, else the default.
    """
    parts = slug.split(".")
    slugs = [".".join(parts[:n]) for n in range(len(parts), 0, -1)][0 if itself else 1 :]
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"slugs": slugs})
        newest = cursor.fetchall()
    found = in_force_by_id(newest)
    by_slug = {each.of: each for each in found.values()}
    return next((by_slug[each] for each in slugs if each in by_slug), NOTHING_SET)
