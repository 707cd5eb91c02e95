"""Known answers: what is due to be compared, and what a manager sees of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, F, Q

from tasks.models import Claim, GoldWaiting, Project, Submission, Task
from tasks.queries.plans import decoded
from tasks.rules.gold import COMPARE_MAX, COMPARE_READ_MAX
from tasks.rules.states import WorkRole

SHARE_CLAIMS = 1_000
"""A project's last attempts among which its share of known answers is shown."""

DOUBTFUL_ANSWERS_MIN = 3
"""From so many compared answers on, a known answer that most disagree with is pointed out."""

DOUBTFUL_MAX = 20


@dataclass(frozen=True, slots=True)
class Unread:
    """Answers to tasks with known ones, up to the answer `upto` (which need not be one)."""

    upto: int
    submission_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An answer and the known one. `withdrawn`: the known one counts no more."""

    submission_id: int
    author_id: int
    project_id: int
    domain_id: int
    task_type: str
    pass_percent: int
    input: Any
    answer: Any
    known: Any
    withdrawn: bool


def unread(*, after: int, before: datetime) -> Unread:
    """The next answers that were handed in before a moment, in order, as far as one look goes.

    An answer that was taken back is passed over.
    """
    rows = Submission.objects.filter(pk__gt=after).order_by("pk")[:COMPARE_READ_MAX]
    upto = after
    found: list[int] = []
    for pk, submitted_at, is_gold, withdrawn_at in rows.values_list(
        "pk", "submitted_at", "task__is_gold", "withdrawn_at"
    ):
        if submitted_at >= before or len(found) >= COMPARE_MAX:
            break
        upto = pk
        if is_gold and withdrawn_at is None:
            found.append(pk)
    return Unread(upto, tuple(found))


_HOLD = """
SELECT c.task_id FROM tasks_taskcontent c
 WHERE c.task_id IN (SELECT s.task_id FROM tasks_submission s WHERE s.id = ANY(%(submissions)s))
 ORDER BY c.task_id FOR SHARE
"""
_PAIRS = """
SELECT s.id, s.tutor_id, j.id, j.domain_id, j.task_type, j.gold_pass_percent, c.input, s.answer,
       c.gold, c.gold_withdrawn_at IS NOT NULL
  FROM tasks_submission s JOIN tasks_task t ON t.id = s.task_id
  JOIN tasks_taskcontent c ON c.task_id = t.id JOIN tasks_project j ON j.id = t.project_id
 WHERE s.id = ANY(%(submissions)s) ORDER BY s.id
"""


def pairs(*, submission_ids: Sequence[int]) -> list[Pair]:
    """The answers with the known ones, which are held until the transaction ends."""
    parameters = {"submissions": list(submission_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, parameters)
        cursor.execute(_PAIRS, parameters)
        return [_pair(row) for row in cursor.fetchall()]


def _pair(row: Sequence[Any]) -> Pair:
    return Pair(
        submission_id=row[0],
        author_id=row[1],
        project_id=row[2],
        domain_id=row[3],
        task_type=row[4],
        pass_percent=row[5],
        input=decoded(row[6]),
        answer=decoded(row[7]),
        known=decoded(row[8]),
        withdrawn=row[9],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSheet:
    """A project's known answers as a manager sees them. Shares in percent; `taken` is how many of
    the last attempts the share was counted in.
    """

    tasks: int
    wanted_percent: int
    share_percent: float | None
    taken: int
    waiting: int
    compared: int
    good: int
    agreement: float | None

    @property
    def is_empty(self) -> bool:
        """Neither are there known answers, nor are any wanted."""
        return not self.tasks and not self.wanted_percent


def gold_sheet(*, project: Project) -> GoldSheet:
    """Five statements, whatever the project's size: at most its last attempts are counted."""
    known = Task.objects.filter(project=project, is_gold=True)
    tasks = known.count()
    last = Claim.objects.filter(project=project, role=WorkRole.ATTEMPT, revises__isnull=True)
    golds = list(last.order_by("-pk").values_list("task__is_gold", flat=True)[:SHARE_CLAIMS])
    checked = known.aggregate(
        compared=_COMPARED, good=_GOOD, agreement=Avg(_CHECK + "agreement", filter=_COUNTS)
    )
    return GoldSheet(
        tasks=tasks,
        wanted_percent=project.gold_percent,
        share_percent=100 * sum(golds) / len(golds) if golds else None,
        taken=len(golds),
        waiting=GoldWaiting.objects.filter(project=project).count(),
        compared=checked["compared"],
        good=checked["good"],
        agreement=checked["agreement"],
    )


_CHECK = "submissions__gold_check__"
_COUNTS = Q(**{_CHECK + "counts": True})
_COMPARED = Count("submissions__gold_check", filter=_COUNTS)
_GOOD = Count("submissions__gold_check", filter=_COUNTS & Q(**{_CHECK + "good": True}))


def doubtful(*, project: Project) -> list[Task]:
    """Tasks whose known answer most people disagree with: it may be the known one that is wrong.

    `compared` and `good` say how many answers were compared, and agreed. At most `DOUBTFUL_MAX`,
    those that fewest agree with first.
    """
    told = Task.objects.filter(project=project, is_gold=True)
    told = told.annotate(compared=_COMPARED, good=_GOOD)
    told = told.filter(compared__gte=DOUBTFUL_ANSWERS_MIN, good__lt=F("compared") - F("good"))
    return list(told.order_by(F("good") - F("compared"), "pk")[:DOUBTFUL_MAX])
