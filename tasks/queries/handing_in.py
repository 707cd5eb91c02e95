"""What submitting and reviewing must know before they act; each one statement."""

from dataclasses import dataclass
from typing import Any

from tasks.queries.plans import decoded, row_of
from tasks.rules.states import ClaimState, ReviewPolicy, SlotState, TaskState, WorkRole


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """A claim about to be handed in, with its task and its project's rules."""

    claim_id: int
    state: ClaimState
    role: WorkRole
    fence: int
    task_id: int
    tutor_id: int
    project_id: int
    task_type: str
    input: Any
    policy: ReviewPolicy
    percent: int
    guide_id: int | None
    review_pool_id: int | None
    queue: str
    priority: int
    complexity: int


_IN_HAND = """
SELECT c.id, c.state, c.role, c.fence, c.task_id, c.tutor_id, c.project_id, project.task_type,
       content.input, project.review_policy, project.review_percent,
       (SELECT g.id FROM tasks_guideversion g WHERE g.project_id = c.project_id
         ORDER BY g.n DESC LIMIT 1),
       (SELECT p.id FROM tasks_pool p
         WHERE p.project_id = c.project_id AND p.role = 'review' AND p.step = 0),
       pool.queue, slot.priority, slot.complexity
  FROM tasks_claim c
  JOIN tutors_tutor t ON t.id = c.tutor_id
  JOIN tasks_taskcontent content ON content.task_id = c.task_id
  JOIN tasks_project project ON project.id = c.project_id
  JOIN tasks_pool pool ON pool.id = c.pool_id
  JOIN tasks_slot slot ON slot.id = c.slot_id
 WHERE c.id = %(claim)s AND t.account_id = %(account)s
"""


def in_hand(*, claim_id: int, account_id: int) -> InHand | None:
    """The account's own claim, whatever its state; None for a foreign or missing one."""
    row = row_of(_IN_HAND, {"claim": claim_id, "account": account_id})
    if row is None:
        return None
    return InHand(
        claim_id=row[0],
        state=ClaimState(row[1]),
        role=WorkRole(row[2]),
        fence=row[3],
        task_id=row[4],
        tutor_id=row[5],
        project_id=row[6],
        task_type=row[7],
        input=decoded(row[8]),
        policy=ReviewPolicy(row[9]),
        percent=row[10],
        guide_id=row[11],
        review_pool_id=row[12],
        queue=row[13],
        priority=row[14],
        complexity=row[15],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToJudge:
    """A submission, its author's claim and slot, and the caller's review claim of it, if any."""

    submission_id: int
    withdrawn: bool
    task_id: int
    task_state: TaskState
    project_id: int
    author_id: int
    author_account_id: int
    author_claim_id: int
    author_state: ClaimState
    slot_id: int
    slot_state: SlotState
    slot_rejects: int
    pool_id: int
    queue: str
    review_claim_id: int | None
    review_state: ClaimState | None
    review_fence: int | None
    reviewer_id: int | None
    rate_minor_hourly: int
    currency: str
    revisions: int


_TO_JUDGE = """
SELECT s.id, s.withdrawn_at IS NOT NULL, s.task_id, task.state, author.project_id,
       author.tutor_id, t.account_id, author.id, author.state, slot.id, slot.state, slot.rejects,
       author.pool_id, pool.queue, mine.id, mine.state, mine.fence, mine.tutor_id,
       author.rate_minor_hourly, author.currency,
       (SELECT count(*) FROM tasks_claim r
         WHERE r.slot_id = slot.id AND r.revises_id IS NOT NULL)
  FROM tasks_submission s
  JOIN tasks_claim author ON author.id = s.claim_id
  JOIN tutors_tutor t ON t.id = author.tutor_id
  JOIN tasks_task task ON task.id = s.task_id
  JOIN tasks_slot slot ON slot.id = author.slot_id
  JOIN tasks_pool pool ON pool.id = author.pool_id
  LEFT JOIN LATERAL (
       SELECT c.id, c.state, c.fence, c.tutor_id
         FROM tasks_slot r JOIN tasks_claim c ON c.slot_id = r.id
         JOIN tutors_tutor me ON me.id = c.tutor_id
        WHERE r.task_id = s.task_id AND r.role = 'review' AND r.ordinal = s.id
          AND me.account_id = %(account)s
        ORDER BY c.id DESC LIMIT 1) mine ON true
 WHERE s.id = %(submission)s
"""


def to_judge(*, submission_id: int, account_id: int) -> ToJudge | None:
    """A submission as the account's reviewer sees it; None when there is none of this id."""
    row = row_of(_TO_JUDGE, {"submission": submission_id, "account": account_id})
    if row is None:
        return None
    return ToJudge(
        submission_id=row[0],
        withdrawn=row[1],
        task_id=row[2],
        task_state=TaskState(row[3]),
        project_id=row[4],
        author_id=row[5],
        author_account_id=row[6],
        author_claim_id=row[7],
        author_state=ClaimState(row[8]),
        slot_id=row[9],
        slot_state=SlotState(row[10]),
        slot_rejects=row[11],
        pool_id=row[12],
        queue=row[13],
        review_claim_id=row[14],
        review_state=ClaimState(row[15]) if row[15] else None,
        review_fence=row[16],
        reviewer_id=row[17],
        rate_minor_hourly=row[18],
        currency=row[19],
        revisions=row[20],
    )
