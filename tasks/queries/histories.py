"""What tutors have to do with a task already: in SQL for one of them, in words for many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.queries.plans import array_of, rows_of
from tasks.rules.ahead import History
from tasks.rules.states import (
    COUNTING_CLAIMS,
    GIVEN_BACK_CLAIMS,
    WITNESS_CLAIMS,
    WorkRole,
)


def unknown(
    row: str,
    slot_id: str,
    *,
    tutor: str = "%(tutor)s",
    person: str = "%(person)s",
    again: str = "%(again)s",
) -> str:
    """SQL: nothing that the tutor, or an account linked to hers (`person`: all their ids), has to
    do with the task stands in the way. What she gave back comes last: only a second look (`again`)
    takes it. Parameters: `KNOWN_BY`.
    """
    return f"""
NOT EXISTS (SELECT 1 FROM tasks_claim k
             WHERE k.task_id = {row}.task_id AND k.tutor_id = ANY({person})
               AND (   (k.role <> {row}.role AND k.state = ANY(%(witness)s))
                    OR (k.role = {row}.role AND k.role = 'attempt'
                        AND (k.state = ANY(%(counting)s)
                             OR (k.state = 'revision_requested' AND k.slot_id <> {slot_id})))
                    OR (k.role = {row}.role AND NOT {again} AND k.tutor_id = {tutor}
                        AND k.state = ANY(%(given_back)s))))
"""  # noqa: S608


KNOWN_BY = {
    "witness": [s.value for s in WITNESS_CLAIMS],
    "counting": [s.value for s in COUNTING_CLAIMS],
    "given_back": [s.value for s in GIVEN_BACK_CLAIMS],
}

_HISTORY = """
SELECT c.task_id, who.id, c.slot_id, c.role, c.state, who.id = c.tutor_id AS own
  FROM tasks_claim c
 CROSS JOIN LATERAL (
       SELECT c.tutor_id AS id
        UNION ALL
       SELECT p.id FROM tutors_tutor holder JOIN tutors_tutor p ON p.person = holder.person
        WHERE holder.id = c.tutor_id AND p.id <> c.tutor_id) who
 WHERE c.task_id = ANY(%(tasks)s::bigint[])
   AND (%(tutors)s::bigint[] IS NULL OR who.id = ANY(%(tutors)s::bigint[]))
"""
_DECLINED = """
SELECT task_id, tutor_id FROM tasks_exclusion
 WHERE task_id = ANY(%(tasks)s::bigint[]) AND excluded_until > statement_timestamp()
   AND (%(tutors)s::bigint[] IS NULL OR tutor_id = ANY(%(tutors)s::bigint[]))
"""


def histories(
    *, slots: Iterable[tuple[int, int, WorkRole]], tutor_ids: Sequence[int] | None = None
) -> dict[tuple[int, int], History]:
    """What tutors have to do with each (slot, task, role), by (slot, tutor); absent: nothing.

    Says the same as the claim statement: `on_task` for an attempt that counts, `authored` and
    `reviewed` for the other roles, all three for linked accounts too; `declined` for what she
    herself declined or gave back. Without ids: everybody's.
    """
    asked = list(slots)
    parameters = {
        "tasks": array_of({task for _, task, _ in asked}),
        "tutors": None if tutor_ids is None else list(tutor_ids),
    }
    claims = rows_of(_HISTORY, parameters)
    declined = set(rows_of(_DECLINED, parameters))
    by_pair: dict[tuple[int, int], list[_Held]] = {pair: [] for pair in declined}
    for task, tutor, *held in claims:
        by_pair.setdefault((task, tutor), []).append(_Held(*held))
    met = {task for task, _ in by_pair}
    of_task: dict[int, list[tuple[int, WorkRole]]] = {}
    for slot, task, role in asked:
        if task in met:
            of_task.setdefault(task, []).append((slot, role))
    return {
        (slot, tutor): _history(held, slot=slot, role=role, declined=(task, tutor) in declined)
        for (task, tutor), held in by_pair.items()
        for slot, role in of_task[task]
    }


@dataclass(frozen=True, slots=True)
class _Held:
    """A claim on a task: hers (`own`), or of an account linked to hers."""

    slot: int
    role: str
    state: str
    own: bool


def _history(held: Sequence[_Held], *, slot: int, role: WorkRole, declined: bool) -> History:
    others = [each for each in held if each.role != role and each.state in WITNESS_CLAIMS]
    roles = {each.role for each in others}
    same = [
        each
        for each in held
        if role is WorkRole.ATTEMPT
        and each.role == WorkRole.ATTEMPT
        and (
            each.state in COUNTING_CLAIMS
            or (each.state == "revision_requested" and each.slot != slot)
        )
    ]
    return History(
        on_task=bool(same) or (role is WorkRole.REVIEW and WorkRole.ADJUDICATE in roles),
        authored=WorkRole.ATTEMPT in roles,
        reviewed=bool(roles - {WorkRole.ATTEMPT}),
        by_linked=bool(same or others) and not any(each.own for each in (*same, *others)),
        declined=declined
        or any(h.own and h.state in GIVEN_BACK_CLAIMS for h in held if h.role == role),
    )
