"""What a tutor may know of a pool beside its verdicts: names, company, what is quiet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tasks.models import Claim, GuideVersion
from tasks.queries.plans import rows_of
from tasks.rules.states import ProjectState, WorkRole
from workforce.rules.ids import public_id

OWN_CLAIMS_LOOKED_AT = 200
QUIET_POOLS_MAX = 6
NOTES_LOOKED_AT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A pool as a tutor sees it from outside."""

    pool_id: int
    project_id: int
    project_name: str
    state: ProjectState
    task_type: str
    domain: str
    role: WorkRole
    in_hand: int
    stopped_at: datetime | None = None
    stopped_because: str = ""

    @property
    def public_id(self) -> str:
        return public_id("PL", self.pool_id)


_COLUMNS = """
pool.id, pool.project_id, project.name, project.state, project.task_type, domain.slug, pool.role,
greatest(0, coalesce(kept.in_hand, 0))
"""
_TABLES = """
tasks_pool pool
  JOIN tasks_project project ON project.id = pool.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
  LEFT JOIN tasks_poolcounter kept ON kept.pool_id = pool.id
"""
_SIGHTS = f"SELECT {_COLUMNS} FROM {_TABLES} WHERE pool.id = ANY(%(pools)s::bigint[])"  # noqa: S608
_QUIET = f"""
SELECT quiet.*, told.at, coalesce(told.body->>'reason', '') FROM (
    SELECT DISTINCT ON (pool.project_id, pool.role) {_COLUMNS}
      FROM (SELECT c.pool_id FROM tasks_claim c
             WHERE c.tutor_id = %(tutor)s::bigint
             ORDER BY c.id DESC LIMIT {OWN_CLAIMS_LOOKED_AT}) mine
      JOIN {_TABLES} ON mine.pool_id = pool.id
     WHERE project.state = 'paused'
        OR (project.state = 'open' AND NOT EXISTS (
            SELECT 1 FROM tasks_pool p JOIN tasks_slot s ON s.pool_id = p.id AND s.state = 'open'
             WHERE p.project_id = pool.project_id AND p.role = pool.role))
     ORDER BY pool.project_id, pool.role, pool.step, pool.id) quiet
  LEFT JOIN LATERAL (
       SELECT e.at, e.body FROM workforce_event e
        WHERE e.subject = 'P-' || quiet.project_id AND e.kind = 'tasks.project_changed'
          AND e.body->>'state' = quiet.state AND quiet.state <> 'open'
        ORDER BY e.id DESC LIMIT 1) told ON true
 ORDER BY 4 DESC, 1 DESC LIMIT {QUIET_POOLS_MAX}
"""  # noqa: S608
_NOTES = f"""
SELECT DISTINCT unnest(content.content)
  FROM (SELECT s.task_id FROM tasks_slot s WHERE s.pool_id = %(pool)s::bigint AND s.state = 'open'
         ORDER BY s.priority DESC, s.id LIMIT {NOTES_LOOKED_AT}) head
  JOIN tasks_taskcontent content ON content.task_id = head.task_id ORDER BY 1
"""  # noqa: S608


def sights_of(pool_ids: Iterable[int]) -> dict[int, Sight]:
    """Sights by pool id; one statement."""
    return {row[0]: _sight(row) for row in rows_of(_SIGHTS, {"pools": list(pool_ids)})}


def quiet_pools(*, tutor_id: int) -> list[Sight]:
    """Where she has worked lately and nothing waits now, or the project is paused."""
    return [_sight(row) for row in rows_of(_QUIET, {"tutor": tutor_id})]


def has_worked_on(*, tutor_id: int, project_id: int) -> bool:
    """Any claim of hers there, however old."""
    return Claim.objects.filter(tutor_id=tutor_id, project_id=project_id).exists()


def content_notes(*, pool_id: int) -> list[str]:
    """What the next waiting tasks of a pool are marked with."""
    return [row[0] for row in rows_of(_NOTES, {"pool": pool_id})]


def newest_guide(*, project_id: int) -> tuple[int, str]:
    """Number and text of the guide in force; (0, "") where there is none."""
    found = GuideVersion.objects.filter(project_id=project_id).order_by("-n").first()
    return (found.n, found.text) if found else (0, "")


def _sight(row: tuple[object, ...]) -> Sight:
    values = dict(zip(Sight.__dataclass_fields__, row, strict=False))
    values["state"] = ProjectState(str(row[3]))
    values["role"] = WorkRole(str(row[6]))
    return Sight(**values)  # type: ignore[arg-type]
