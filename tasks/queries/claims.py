"""Claims as their holders see them: the task, the terms, the clock, the draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tasks.models import Claim
from tasks.queries.plans import decoded, row_of, rows_of
from tasks.rules.states import ClaimState, WorkRole
from workforce.rules.ids import public_id

SHEET = """
SELECT c.id, c.fence, c.state, c.role, c.task_id, c.project_id, project.name, project.task_type,
       domain.slug, content.input, content.proposal, c.rate_minor_hourly, c.currency, c.rate_rule,
       version.contract_id, version.number, c.lease_until, c.hold_until, c.claimed_at, c.ended_at,
       c.seconds_worked, run.started_at,
       CASE WHEN run.started_at IS NULL THEN 0
            ELSE extract(epoch FROM date_trunc('second', statement_timestamp()) - run.started_at)
       END::int AS running_seconds,
       c.expected_seconds, c.paid_cap_seconds, c.extended, c.reason, c.pool_id,
       draft.answer, draft.version, draft.saved_at,
       judged.id, judged.answer, judged.cannot,
       before.id, before.answer, review.note, review.category,
       own.id, guide.n, guide.text
  FROM {source} c
  JOIN tasks_task task ON task.id = c.task_id
  JOIN tasks_taskcontent content ON content.task_id = c.task_id
  JOIN tasks_project project ON project.id = c.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
  JOIN tutors_contractversion version ON version.id = c.contract_version_id
  JOIN tasks_slot slot ON slot.id = c.slot_id
  LEFT JOIN tasks_timeentry run ON run.tutor_id = c.tutor_id AND run.state = 'running'
                               AND run.claim_id = c.id
  LEFT JOIN tasks_draft draft ON draft.slot_id = c.slot_id AND draft.tutor_id = c.tutor_id
  LEFT JOIN tasks_submission judged ON judged.id = slot.submission_id
  LEFT JOIN tasks_submission before ON before.id = c.revises_id
  LEFT JOIN tasks_review review ON review.submission_id = c.revises_id
  LEFT JOIN tasks_submission own ON own.claim_id = c.id AND own.withdrawn_at IS NULL
  LEFT JOIN LATERAL (SELECT g.n, g.text FROM tasks_guideversion g
                      WHERE g.project_id = c.project_id ORDER BY g.n DESC LIMIT 1) guide ON true
"""
"""`source` is `tasks_claim`, or rows of it that the same statement has just written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAnswer:
    """What a reviewer is asked about. Whose it is stays hidden."""

    submission_id: int
    answer: Any
    cannot: bool

    @property
    def public_id(self) -> str:
        return public_id("S", self.submission_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """Why a revision is asked for, and what it starts from."""

    submission_id: int
    answer: Any
    note: str
    category: str

    @property
    def public_id(self) -> str:
        return public_id("S", self.submission_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraft:
    answer: Any
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSheet:
    """One claim with everything its holder works with. Gold and meta are not here."""

    claim_id: int
    fence: int
    state: ClaimState
    role: WorkRole
    task_id: int
    project_id: int
    project_name: str
    task_type: str
    domain: str
    input: Any
    proposal: Any
    rate_minor_hourly: int
    currency: str
    rate_rule: str
    contract_id: int
    contract_version: int
    lease_until: datetime
    hold_until: datetime
    claimed_at: datetime
    ended_at: datetime | None
    seconds_worked: int
    running_since: datetime | None
    expected_seconds: int
    paid_cap_seconds: int
    extended: bool
    reason: str
    pool_id: int
    draft: SavedDraft | None
    judged: JudgedAnswer | None
    came_back: CameBack | None
    submission_id: int | None
    guide_version: int | None
    guide: str

    @property
    def public_id(self) -> str:
        return public_id("CL", self.claim_id)

    @property
    def submission(self) -> str | None:
        return public_id("S", self.submission_id) if self.submission_id else None


def as_sheet(row: Sequence[Any]) -> ClaimSheet:
    """The columns of `SHEET` as an object."""
    return ClaimSheet(
        claim_id=row[0],
        fence=row[1],
        state=ClaimState(row[2]),
        role=WorkRole(row[3]),
        task_id=row[4],
        project_id=row[5],
        project_name=row[6],
        task_type=row[7],
        domain=row[8],
        input=decoded(row[9]),
        proposal=decoded(row[10]),
        rate_minor_hourly=row[11],
        currency=row[12],
        rate_rule=row[13],
        contract_id=row[14],
        contract_version=row[15],
        lease_until=row[16],
        hold_until=row[17],
        claimed_at=row[18],
        ended_at=row[19],
        seconds_worked=row[20] + max(0, row[22]),
        running_since=row[21],
        expected_seconds=row[23],
        paid_cap_seconds=row[24],
        extended=row[25],
        reason=row[26],
        pool_id=row[27],
        draft=_draft(row[28:31]),
        judged=_judged(row[31:34]),
        came_back=_came_back(row[34:38]),
        submission_id=row[38],
        guide_version=row[39],
        guide=row[40] or "",
    )


def _draft(row: Sequence[Any]) -> SavedDraft | None:
    answer, version, saved_at = row
    if version is None:
        return None
    return SavedDraft(answer=decoded(answer), version=version, saved_at=saved_at)


def _judged(row: Sequence[Any]) -> JudgedAnswer | None:
    submission_id, answer, cannot = row
    if submission_id is None:
        return None
    return JudgedAnswer(submission_id=submission_id, answer=decoded(answer), cannot=cannot)


def _came_back(row: Sequence[Any]) -> CameBack | None:
    submission_id, answer, note, category = row
    if submission_id is None:
        return None
    return CameBack(
        submission_id=submission_id,
        answer=decoded(answer),
        note=note or "",
        category=category or "",
    )


_SHEETS = SHEET.format(source="tasks_claim")
_OWNED = """(%(account)s::bigint IS NULL
  OR c.tutor_id IN (SELECT id FROM tutors_tutor WHERE account_id = %(account)s))"""
_OF_ONE = f"{_SHEETS} WHERE c.id = %(claim)s AND {_OWNED}"
_OF_SEVERAL = f"{_SHEETS} WHERE c.id = ANY(%(claims)s)"


def sheet(*, claim_id: int, account_id: int | None = None) -> ClaimSheet | None:
    """One claim; with `account_id` only when that account's tutor holds or held it."""
    row = row_of(_OF_ONE, {"claim": claim_id, "account": account_id})
    return as_sheet(row) if row else None


def sheets(*, claim_ids: Sequence[int]) -> dict[int, ClaimSheet]:
    """Several claims by id; one statement."""
    found = map(as_sheet, rows_of(_OF_SEVERAL, {"claims": list(claim_ids)}))
    return {each.claim_id: each for each in found}


_OWN = """
SELECT true FROM tasks_claim c JOIN tutors_tutor t ON t.id = c.tutor_id
 WHERE c.id = %(claim)s AND t.account_id = %(account)s
"""


def is_own(*, claim_id: int, account_id: int) -> bool:
    """Whether there is such a claim, and the account's tutor holds or held it."""
    return row_of(_OWN, {"claim": claim_id, "account": account_id}) is not None


def own_claims(*, account_id: int) -> QuerySet[Claim]:
    """The claims of an account's tutor, for a paged list."""
    return Claim.objects.filter(tutor__account_id=account_id).select_related("task", "project")
