"""Answers beside known ones: compared a day later, counted in their authors' records.

The order in which rows are held: known answers, then authors, as in withdrawing one.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tasks.events import KnownAnswersCompared, KnownAnswerWithdrawn
from tasks.models import GoldCheck, GoldMark, Submission, Task, TaskContent
from tasks.queries.gold import Pair, pairs, unread
from tasks.rules import gold
from tasks.types import task_type
from tutors.operations.facts import raise_versions
from workforce.models import Account
from workforce.operations import enqueue, record
from workforce.rules.ids import public_id
from workforce.rules.jobs import JobSpec
from workforce.rules.problems import Conflict, Invalid

logger = logging.getLogger(__name__)

COMPARE_KIND = "tasks.compare_known_answers"


class NoKnownAnswer(Conflict):
    code = "no_known_answer"
    title = "This task has no known answer that counts"


class ReasonMissing(Invalid):
    code = "reason_missing"


def settled_before(*, at: datetime) -> datetime:
    """Answers handed in before this moment are due: those of whole days, a day and more ago."""
    today = datetime.combine(at.astimezone(UTC).date(), time.min, tzinfo=UTC)
    return today - timedelta(days=gold.COMPARED_AFTER_DAYS)


@transaction.atomic
def ask_comparisons(*, at: datetime) -> int:
    """Ask for a job where answers are due; 1 or 0. One such job is due at a time."""
    mark = GoldMark.objects.values_list("submission_id", flat=True).first() or 0
    first = Submission.objects.filter(pk__gt=mark).order_by("pk")
    handed_in = first.values_list("submitted_at", flat=True).first()
    if handed_in is None or handed_in >= settled_before(at=at):
        return 0
    enqueue(specs=[comparison_job()])
    return 1


def comparison_job() -> JobSpec:
    return JobSpec(kind=COMPARE_KIND, queue="intake", key="gold", subject={})


@dataclass(frozen=True, slots=True)
class _Checked:
    pair: Pair
    agreement: Decimal | None

    @property
    def counts(self) -> bool:
        return self.agreement is not None and not self.pair.withdrawn

    @property
    def good(self) -> bool:
        passes = self.pair.pass_percent
        return self.agreement is not None and gold.is_good(self.agreement, pass_percent=passes)


def _agreement(pair: Pair) -> Decimal | None:
    """None where there is nothing to compare, also for a document of before today's rules."""
    try:
        kind = task_type(pair.task_type)
        found = kind.compare(input=pair.input, left=pair.known, right=pair.answer)
    except (LookupError, TypeError, ValueError, ArithmeticError):
        logger.exception("S-%s cannot be compared with its known answer.", pair.submission_id)
        return None
    return None if found is None else gold.as_agreement(found)


@transaction.atomic
def compare_next(
    *,
    at: datetime,
    before: datetime | None = None,
    seconds_max: float = gold.COMPARE_SECONDS_MAX,
) -> bool:
    """Compare the next due answers to tasks with known ones; True while more may be due.

    Due are answers of whole days, a day and more ago; with `before`, all that were handed in
    before that moment. At most `COMPARE_READ_MAX` answers are looked at, and `COMPARE_MAX`
    compared, or as many as `seconds_max` allow. A killed worker repeats nothing: how far it came
    is written with what it found.
    """
    GoldMark.objects.get_or_create(pk=1)
    mark = GoldMark.objects.select_for_update().get(pk=1)
    found = unread(after=mark.submission_id, before=before or settled_before(at=at))
    if found.upto == mark.submission_id:
        return False
    checked = _compared(pairs(submission_ids=found.submission_ids), seconds_max=seconds_max)
    if checked:
        _keep(checked, at=at)
    cut_short = len(checked) < len(found.submission_ids)
    mark.submission_id = checked[-1].pair.submission_id if cut_short else found.upto
    mark.save()
    return True


def _compared(held: Sequence[Pair], *, seconds_max: float) -> list[_Checked]:
    """As many of these, in order, as the time of one job allows; one at least."""
    began, checked = monotonic(), []
    for pair in held:
        checked.append(_Checked(pair, _agreement(pair)))
        if monotonic() - began > seconds_max:
            break
    return checked


def _keep(checked: Sequence[_Checked], *, at: datetime) -> None:
    counting = [each for each in checked if each.counts]
    raise_versions(tutor_ids=sorted({each.pair.author_id for each in counting}))
    GoldCheck.objects.bulk_create(
        GoldCheck(
            submission_id=each.pair.submission_id,
            agreement=each.agreement,
            pass_percent=each.pair.pass_percent,
            good=each.good,
            counts=each.counts,
        )
        for each in checked
    )
    _count_by_known([each.pair.submission_id for each in counting], sign=1)
    _tell(counting, at=at)


def _tell(counting: Sequence[_Checked], *, at: datetime) -> None:
    """A project's history says how many; whose record became worse may not fit her offers now."""
    of_project: dict[int, list[_Checked]] = {}
    for each in counting:
        of_project.setdefault(each.pair.project_id, []).append(each)
    for project_id, those in of_project.items():
        worse = {each.pair.author_id for each in those if not each.good}
        event = KnownAnswersCompared(
            subject=public_id("P", project_id),
            answers=len(those),
            good=sum(each.good for each in those),
            tutors=tuple(public_id("E", tutor) for tutor in sorted(worse)),
        )
        record(event=event, actor=None, at=at)


_MOVE = """
INSERT INTO tasks_reviewrecord AS k (author_id, domain_id, task_type, reviewer_id, judged, accepted)
SELECT one.author_id, j.domain_id, j.task_type, one.reviewer_id, count(*),
       count(*) FILTER (WHERE one.good)
  FROM ({rows}) one JOIN tasks_submission s ON s.id = one.submission_id
  JOIN tasks_task t ON t.id = s.task_id JOIN tasks_project j ON j.id = t.project_id
 WHERE s.id = ANY(%(submissions)s) GROUP BY 1, 2, 3, 4
    ON CONFLICT (author_id, domain_id, task_type, reviewer_id) DO UPDATE
   SET judged = k.judged + %(sign)s::int * excluded.judged,
       accepted = k.accepted + %(sign)s::int * excluded.accepted
"""
_CHECKS = _MOVE.format(
    rows="SELECT a.tutor_id AS author_id, NULL::bigint AS reviewer_id, g.good, g.submission_id"
    " FROM tasks_goldcheck g JOIN tasks_submission a ON a.id = g.submission_id"
)
_REVIEWS = _MOVE.format(
    rows="SELECT author_id, reviewer_id, decision = 'accept' AS good, submission_id"
    " FROM tasks_review"
)
_EMPTY = """
DELETE FROM tasks_reviewrecord k USING tasks_submission s
 WHERE s.id = ANY(%(submissions)s) AND k.author_id = s.tutor_id AND k.judged = 0
"""


def _count_by_known(submission_ids: Sequence[int], *, sign: int) -> None:
    """Count these answers by their checks in place of their reviews (`sign` 1), or back (-1).

    Their authors' rows are held.
    """
    answers: dict[str, Any] = {"submissions": list(submission_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_CHECKS, answers | {"sign": sign})
        cursor.execute(_REVIEWS, answers | {"sign": -sign})
        cursor.execute(_EMPTY, answers)


_WITHDRAW = """
UPDATE tasks_goldcheck g SET counts = false
  FROM tasks_submission s
 WHERE s.id = g.submission_id AND s.task_id = %(task)s AND g.counts
RETURNING g.submission_id
"""


@transaction.atomic
def withdraw_known_answer(*, task: Task, reason: str, actor: Account, at: datetime) -> int:
    """A known answer that is wrong counts for nobody from now on; how many answers it counted for.

    Where such an answer was reviewed, its review counts again. The task is mixed in no more, stays
    out of deliveries, and what was worked on it stays paid. `NoKnownAnswer` when it has none, or
    none that counts any more; `ReasonMissing` without a reason.
    """
    if not reason.strip():
        said = _("Say what is wrong with it; the next who looks will want to know.")
        raise ReasonMissing(said, errors={"reason": [said]})
    standing = TaskContent.objects.filter(task=task, gold__isnull=False)
    if not standing.filter(gold_withdrawn_at__isnull=True).update(gold_withdrawn_at=at):
        raise NoKnownAnswer(_("There is no known answer here, or it was withdrawn before."))
    counting = GoldCheck.objects.filter(submission__task=task, counts=True)
    raise_versions(tutor_ids=sorted(set(counting.values_list("submission__tutor_id", flat=True))))
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, {"task": task.pk})
        submissions = [row[0] for row in cursor.fetchall()]
    _count_by_known(submissions, sign=-1)
    event = KnownAnswerWithdrawn(
        subject=task.public_id,
        project=task.project.public_id,
        answers=len(submissions),
        reason=reason.strip(),
    )
    record(event=event, actor=actor, at=at)
    return len(submissions)
