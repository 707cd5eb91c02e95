"""Time that waits for a decision, with what speaks for it and what looks odd about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tasks.models import TimeEntry
from tasks.rules.states import TimeState

WINDOW_MAX = 2_000
"""Outliers are looked for among this many waiting entries, the oldest first."""

OUTLIERS_SHOWN_MAX = 50
FAR_OVER_PERCENT = 200
"""From this share of what was expected, a person should look."""

MEASURED_MAX = 200
"""Answers of a project that its usual time is measured on, the newest."""

MEASURED_MIN = 5

WAITING = (TimeState.SUBMITTED, TimeState.HELD, TimeState.DISPUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known beside the entry. `p50_seconds` None: too few answers to say."""

    expected_seconds: int | None
    cap_seconds: int | None
    p50_seconds: int | None
    submission_id: int | None
    task_id: int | None
    flags: tuple[str, ...] = field(default=())


_OUTLIERS = f"""
WITH waiting AS MATERIALIZED (
    SELECT id, seconds, state, claim_id, entered_by_id FROM tasks_timeentry
     WHERE state IN ('submitted', 'held', 'disputed') ORDER BY id LIMIT {WINDOW_MAX})
SELECT w.id FROM waiting w LEFT JOIN tasks_claim c ON c.id = w.claim_id
 WHERE w.state <> 'submitted' OR w.entered_by_id IS NOT NULL OR c.id IS NULL
    OR w.seconds > c.paid_cap_seconds
    OR w.seconds * 100 >= c.expected_seconds::bigint * {FAR_OVER_PERCENT}
 ORDER BY w.state = 'disputed' DESC, w.state = 'held' DESC,
          coalesce(w.seconds > c.paid_cap_seconds, false) DESC,
          coalesce(w.seconds::numeric / nullif(c.expected_seconds, 0), 99) DESC, w.id
 LIMIT {OUTLIERS_SHOWN_MAX}
"""  # noqa: S608 - limits of ours


def outliers() -> list[TimeEntry]:
    """What a person should look at first: disputes, held time, over the cap, far over expected,
    written by hand.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OUTLIERS)
        ids = [row[0] for row in cursor.fetchall()]
    found = with_people(TimeEntry.objects.filter(pk__in=ids)).in_bulk()
    return [found[each] for each in ids if each in found]


def waiting(*, state: str = "") -> QuerySet[TimeEntry]:
    """Entries that wait for a decision, or those of one state."""
    wanted = [state] if state else [s.value for s in WAITING]
    return with_people(TimeEntry.objects.filter(state__in=wanted))


def with_people(rows: QuerySet[TimeEntry]) -> QuerySet[TimeEntry]:
    return rows.select_related(
        "tutor__account", "project__domain", "claim", "entered_by", "decided_by", "contract_version"
    )


_USUAL = f"""
SELECT wanted.project_id, wanted.role, percentile_cont(0.5) WITHIN GROUP (ORDER BY m.seconds_worked)
  FROM unnest(%(projects)s::bigint[], %(roles)s::text[]) AS wanted(project_id, role)
  CROSS JOIN LATERAL (
       SELECT c.seconds_worked FROM tasks_claim c
        WHERE c.project_id = wanted.project_id AND c.role = wanted.role
          AND c.state IN ('submitted', 'accepted', 'revision_requested', 'rejected')
        ORDER BY c.id DESC LIMIT {MEASURED_MAX}) m
 GROUP BY 1, 2 HAVING count(*) >= {MEASURED_MIN}
"""  # noqa: S608
_HANDED_IN = """
SELECT claim_id, id FROM tasks_submission WHERE claim_id = ANY(%s) AND withdrawn_at IS NULL
"""


def evidence(entries: Sequence[TimeEntry]) -> dict[int, Evidence]:
    """What speaks for each entry, by its key; two statements for any number."""
    claims = [e.claim for e in entries if e.claim]
    pairs = sorted({(c.project_id, str(c.role)) for c in claims})
    with connection.cursor() as cursor:
        cursor.execute(
            _USUAL, {"projects": [p for p, _r in pairs], "roles": [r for _p, r in pairs]}
        )
        usual = {(p, r): round(s) for p, r, s in cursor.fetchall()}
        cursor.execute(_HANDED_IN, [[c.pk for c in claims]])
        handed_in = dict(cursor.fetchall())
    return {e.pk: _evidence(e, usual, handed_in) for e in entries}


def _evidence(entry: Any, usual: dict[Any, int], handed_in: dict[int, int]) -> Evidence:
    claim = entry.claim
    return Evidence(
        expected_seconds=claim.expected_seconds if claim else None,
        cap_seconds=claim.paid_cap_seconds if claim else None,
        p50_seconds=usual.get((claim.project_id, str(claim.role))) if claim else None,
        submission_id=handed_in.get(claim.pk) if claim else None,
        task_id=claim.task_id if claim else None,
        flags=tuple(flags(entry)),
    )


def flags(entry: TimeEntry) -> list[str]:
    """What looks odd, worst first: `disputed`, `held`, `over_cap`, `far_over`, `by_hand`."""
    claim, found = entry.claim, []
    if entry.state in (TimeState.DISPUTED, TimeState.HELD):
        found.append(str(entry.state))
    if claim and entry.seconds > claim.paid_cap_seconds:
        found.append("over_cap")
    elif claim and entry.seconds * 100 >= claim.expected_seconds * FAR_OVER_PERCENT:
        found.append("far_over")
    if entry.entered_by_id is not None:
        found.append("by_hand")
    return found


def in_states(states: Collection[str]) -> QuerySet[TimeEntry]:
    return with_people(TimeEntry.objects.filter(state__in=states))
