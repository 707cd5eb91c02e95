"""Results as they leave the house: every answer with where it comes from, never who wrote it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tasks.models import Project
from tasks.queries.plans import decoded
from tasks.rules.states import ANSWERED_CLAIMS
from tutors.queries.facts import facts_for
from tutors.rules.rates import level_in
from workforce.rules.ids import public_id

CHUNK_ROWS = 500
"""Answers read in one statement: memory stays bounded, and no snapshot is held open."""

_CHUNK = f"""
SELECT c.id, c.state, c.tutor_id, c.claimed_at, task.id, task.external_id, task.batch_id,
       task.complexity, content.meta, s.id, s.answer, s.cannot, s.seconds_worked, s.unreviewed,
       s.submitted_at, guide.n, r.id, r.decision, r.category, r.note, r.scores, r.reviewer_id,
       r.seconds_worked, r.decided_at
  FROM tasks_claim c
  JOIN tasks_submission s ON s.claim_id = c.id AND s.withdrawn_at IS NULL
  JOIN tasks_task task ON task.id = c.task_id
  JOIN tasks_taskcontent content ON content.task_id = c.task_id
  LEFT JOIN tasks_guideversion guide ON guide.id = s.guide_id
  LEFT JOIN tasks_review r ON r.submission_id = s.id
 WHERE c.project_id = %(project)s AND c.id > %(after)s AND c.role = 'attempt'
   AND c.state = ANY(%(states)s) AND NOT task.is_gold
   AND (%(batch)s::bigint IS NULL OR task.batch_id = %(batch)s)
 ORDER BY c.id LIMIT {CHUNK_ROWS}
"""  # noqa: S608
_STANDING = """
SELECT c.tutor_id, count(*), count(*) FILTER (WHERE r.decision = 'accept')
  FROM tasks_claim c
  JOIN tasks_submission s ON s.claim_id = c.id AND s.withdrawn_at IS NULL
  JOIN tasks_review r ON r.submission_id = s.id
 WHERE c.project_id = %s AND c.role = 'attempt'
 GROUP BY c.tutor_id
"""
Pseudonym = Callable[[int], str]


def answers_of(
    *,
    project: Project,
    batch_id: int | None,
    status: str | None,
    pseudonym: Pseudonym,
    at: datetime,
) -> Iterator[dict[str, Any]]:
    """The project's answers in the order in which they were taken up; gold tasks stay inside.

    `pseudonym` gives a tutor's name towards this client. `status` is a claim's state.
    """
    standing = _standing(project)
    levels: dict[int, Any] = {}
    after = 0
    while True:
        rows = _chunk(project, after=after, batch_id=batch_id, status=status)
        new = {row[2] for row in rows} - set(levels)
        facts = facts_for(tutor_ids=sorted(new), at=at) if new else {}
        levels |= {tutor: facts.get(tutor) for tutor in new}
        for row in rows:
            level = _level(levels[row[2]], project=project, at=row[3])
            yield _line(row, standing=standing, level=level, pseudonym=pseudonym)
        if len(rows) < CHUNK_ROWS:
            return
        after = rows[-1][0]


def _chunk(
    project: Project, *, after: int, batch_id: int | None, status: str | None
) -> list[Sequence[Any]]:
    states = [status] if status else [s.value for s in ANSWERED_CLAIMS]
    with connection.cursor() as cursor:
        cursor.execute(
            _CHUNK, {"project": project.pk, "after": after, "states": states, "batch": batch_id}
        )
        return list(cursor.fetchall())


def _standing(project: Project) -> dict[int, tuple[int, int]]:
    """How many answers of each tutor in this project were judged, and accepted."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [project.pk])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _level(facts: Any, *, project: Project, at: datetime) -> int | None:
    found = level_in(facts=facts, domain=project.domain.slug, at=at) if facts else None
    return found[1] if found else None


def _line(
    row: Sequence[Any],
    *,
    standing: dict[int, tuple[int, int]],
    level: int | None,
    pseudonym: Pseudonym,
) -> dict[str, Any]:
    answer, tutor = decoded(row[10]), row[2]
    reviewed, accepted = standing.get(tutor, (0, 0))
    return {
        "external_id": row[5],
        "task": public_id("T", row[4]),
        "batch": public_id("B", row[6]),
        "complexity": row[7],
        "meta": decoded(row[8]),
        "submission": public_id("S", row[9]),
        "status": row[1],
        "answer": None if row[11] else answer,
        "cannot": answer.get("cannot") if row[11] else None,
        "tutor": pseudonym(tutor),
        "level": level,
        "standing": {"reviewed": reviewed, "accepted": accepted},
        "guide_version": row[15],
        "claimed_at": row[3],
        "submitted_at": row[14],
        "seconds_worked": row[12],
        "unreviewed": row[13],
        "review": _review(row[16:], pseudonym=pseudonym),
    }


def _review(row: Sequence[Any], *, pseudonym: Pseudonym) -> dict[str, Any] | None:
    if row[0] is None:
        return None
    return {
        "id": public_id("R", row[0]),
        "decision": row[1],
        "category": row[2],
        "note": row[3],
        "scores": decoded(row[4]),
        "reviewer": pseudonym(row[5]),
        "seconds_worked": row[6],
        "decided_at": row[7],
    }
