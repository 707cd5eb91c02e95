"""How like work went lately: how long it took, what came back, and at whose pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from tasks.rules.clocks import SECONDS_A_MINUTE
from tasks.rules.limits import QUOTE_CLAIMS_MAX, QUOTE_PROJECTS_MAX
from tasks.rules.simulating.staging import NO_HABIT, Habit
from tasks.rules.states import ANSWERED_CLAIMS, WorkRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """Work of the same kind in the same domain, lately: finished answers and reviews, their
    median seconds, and the part of the answers that came back.
    """

    attempts: int
    attempt_seconds: int | None
    reviews: int
    review_seconds: int | None
    again_part: float


_LIKE = """
SELECT c.role, count(*) FILTER (WHERE c.revises_id IS NULL),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.seconds_worked)
         FILTER (WHERE c.revises_id IS NULL),
       count(*) FILTER (WHERE c.revises_id IS NOT NULL)
  FROM (SELECT p.id FROM tasks_project p JOIN workforce_domain d ON d.id = p.domain_id
         WHERE p.task_type = %(task_type)s AND split_part(d.slug, '.', 1) = %(queue)s
         ORDER BY p.id DESC LIMIT %(projects)s) few
 CROSS JOIN LATERAL (
       SELECT k.role, k.seconds_worked, k.revises_id, k.state FROM tasks_claim k
        WHERE k.project_id = few.id ORDER BY k.id DESC LIMIT %(claims)s) c
 WHERE c.state = ANY(%(answered)s)
 GROUP BY c.role
"""
_WORKED = """
SELECT w.tutor_id, c.day, sum(c.seconds_worked)::bigint,
       coalesce(sum(c.seconds_worked) FILTER (WHERE c.answered), 0)::bigint,
       coalesce(sum(c.expected_seconds) FILTER (WHERE c.answered), 0)::bigint,
       count(*) FILTER (WHERE c.answered)
  FROM unnest(%(tutors)s::bigint[]) AS w(tutor_id)
 CROSS JOIN LATERAL (
       SELECT (k.ended_at AT TIME ZONE 'UTC')::date AS day, k.seconds_worked,
              k.expected_seconds, k.state = ANY(%(answered)s) AS answered
         FROM tasks_claim k
        WHERE k.tutor_id = w.tutor_id AND k.ended_at >= %(since)s) c
 GROUP BY w.tutor_id, c.day
"""


def like_work(*, domain: str, task_type: str) -> Like:
    """How work of this kind went in the newest projects of the same domain."""
    parameters: dict[str, Any] = {
        "task_type": task_type,
        "queue": domain.partition(".")[0],
        "projects": QUOTE_PROJECTS_MAX,
        "claims": QUOTE_CLAIMS_MAX,
        "answered": [state.value for state in ANSWERED_CLAIMS],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, parameters)
        rows = {role: (first, median, again) for role, first, median, again in cursor.fetchall()}
    attempts, attempt, again = rows.get(WorkRole.ATTEMPT.value, (0, None, 0))
    reviews, review, _ = rows.get(WorkRole.REVIEW.value, (0, None, 0))
    return Like(
        attempts=attempts,
        attempt_seconds=None if attempt is None else max(1, round(attempt)),
        reviews=reviews,
        review_seconds=None if review is None else max(1, round(review)),
        again_part=min(1.0, again / attempts) if attempts else 0.0,
    )


def work_lately(
    *, tutor_ids: Sequence[int], since: datetime
) -> tuple[dict[int, dict[date, int]], dict[int, float]]:
    """Minutes worked by day, and pace beside what was expected, by tutor id."""
    parameters: dict[str, Any] = {
        "tutors": list(tutor_ids),
        "since": since,
        "answered": [state.value for state in ANSWERED_CLAIMS],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WORKED, parameters)
        rows = cursor.fetchall()
    days: dict[int, dict[date, int]] = {}
    habits: dict[int, Habit] = {}
    for tutor, day, seconds, worked, expected, tasks in rows:
        days.setdefault(tutor, {})[day] = seconds // SECONDS_A_MINUTE
        before = habits.get(tutor, NO_HABIT)
        habits[tutor] = Habit(
            worked_seconds=before.worked_seconds + worked,
            expected_seconds=before.expected_seconds + expected,
            tasks=before.tasks + tasks,
        )
    return days, {tutor: habit.pace for tutor, habit in habits.items()}
