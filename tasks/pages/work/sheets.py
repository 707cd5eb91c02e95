"""What the workspace's template and scripts are given about a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import select_template
from django.urls import reverse
from django.utils.translation import gettext as _

from tasks.doors.markdown import as_html
from tasks.pages.work.fields import Node, first_answer, tree_of
from tasks.pages.work.filling import bound
from tasks.queries.claims import ClaimSheet
from tasks.queries.workplace import Workplace
from tasks.rules.reviewing import NOTE_CHARS_MAX, USUAL_CATEGORIES
from tasks.rules.states import ClaimState, WorkRole
from tasks.types import TaskType, task_type

Errors = Mapping[str, Sequence[str]]

FULL = frozenset({"preference", "critique", "hallucination"})
"""Task types whose whole answer has a renderer of its own; the rest get a form."""

REASONS = ("outside_my_field", "missing_context", "broken_input", "unsafe", "guide_unclear")
CONTENT_WORDS = {"self_harm": "self-harm"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How this time the page is wanted: as a plain form, with an answer that was refused."""

    plain: bool = False
    answer: Any = None
    errors: Errors | None = None
    more: str = ""


def kind_of(sheet: ClaimSheet) -> TaskType:
    return task_type(sheet.task_type)


def title_of(kind: TaskType) -> str:
    """What there is to do, in a few words."""
    return str(kind.input_schema.get("title", kind.title))


def kept_as(sheet: ClaimSheet) -> str:
    """The name under which a browser keeps the draft: of this person, for this task and role, so
    that it is found again when the task comes back as another claim.
    """
    return f"lectern.draft.K-{sheet.contract_id}.T-{sheet.task_id}.{sheet.role.value}"


def questions(sheet: ClaimSheet) -> Node:
    return tree_of(kind_of(sheet), sheet.input)


def begun(sheet: ClaimSheet) -> Any:
    """What the answer starts from: the draft, what came back, what was proposed, or nothing."""
    draft, back = sheet.draft, sheet.came_back
    if draft is not None and not (back and draft.saved_at < sheet.claimed_at):
        return draft.answer
    if back is not None and not TaskType.is_cannot(back.answer):
        return back.answer
    return sheet.proposal


def context_of(
    sheet: ClaimSheet, place: Workplace, *, at: datetime, asked: Asked
) -> dict[str, Any]:
    """Everything that `tasks/work/task.html` shows."""
    kind = kind_of(sheet)
    judging = sheet.role is not WorkRole.ATTEMPT
    answer = begun(sheet) if asked.answer is None else asked.answer
    plain = asked.plain or kind.slug not in FULL
    if answer is None and plain and not judging:
        answer = first_answer(kind, sheet.input)
    shared = {
        "sheet": sheet,
        "kind": kind,
        "title": title_of(kind),
        "place": place,
        "judging": judging,
        "plain": plain,
        "no_script": asked.plain,
        "paused": sheet.state is ClaimState.PAUSED,
        "unstarted": sheet.state is ClaimState.CLAIMED,
        "renderer": _renderer(kind, plain=asked.plain),
        "guide": as_html(sheet.guide) if sheet.guide else as_html(kind.guide_example),
        "own_guide": bool(sheet.guide),
        "content": [CONTENT_WORDS.get(c, c.replace("_", " ")) for c in place.content],
        "reasons": _reasons(),
        "errors": asked.errors or {},
        "work": _for_script(sheet, place, answer=answer, at=at, asked=asked),
        "draft_answer": answer,
    }
    if judging:
        return shared | _judging(sheet, answer, asked)
    if plain:
        shared["form"] = bound(
            questions(sheet), answer, errors=asked.errors, more=asked.more,
            spare_entries=2 if asked.plain and not asked.more else 0,
        )  # fmt: skip
    return shared


def _renderer(kind: TaskType, *, plain: bool) -> Any:
    own = [] if plain else [f"tasks/types/{kind.slug}.html"]
    return select_template([*own, "tasks/types/form.html"])


def _judging(sheet: ClaimSheet, answer: Any, asked: Asked) -> dict[str, Any]:
    begun_judgement = answer if isinstance(answer, dict) and "decision" in answer else {}
    return {
        "judged": sheet.judged,
        "judgement": begun_judgement,
        "categories": [(name, name.replace("_", " ").capitalize()) for name in USUAL_CATEGORIES],
        "note_max": NOTE_CHARS_MAX,
        "criteria": _scored(sheet, begun_judgement.get("scores") or {}),
        "shown_answer": sheet.judged.answer if sheet.judged else None,
    }


def _scored(sheet: ClaimSheet, scores: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The task's own criteria where it has some, and what holds for every answer."""
    named = [(c["id"], c["label"]) for c in sheet.input.get("criteria", ()) if "label" in c]
    usual = [
        ("correct", _("Correct")),
        ("complete", _("Complete")),
        ("guide", _("Follows the guide")),
    ]
    return [
        {"id": name, "label": label, "score": scores.get(name)}
        for name, label in dict([*usual, *named]).items()
    ]


def _reasons() -> list[tuple[str, str]]:
    words = {
        "outside_my_field": _("It is outside my field"),
        "missing_context": _("Something I need is missing"),
        "broken_input": _("The task is broken"),
        "unsafe": _("It is not safe to do"),
        "guide_unclear": _("The guide does not say how"),
    }
    return [(reason, words[reason]) for reason in REASONS]


def _seconds(until: datetime, at: datetime) -> int:
    return max(0, round((until - at).total_seconds()))


def _for_script(
    sheet: ClaimSheet, place: Workplace, *, answer: Any, at: datetime, asked: Asked
) -> dict[str, Any]:
    draft = sheet.draft
    fresh = draft is not None and draft.saved_at >= sheet.claimed_at
    return {
        "claim": sheet.public_id,
        "task": f"T-{sheet.task_id}",
        "type": sheet.task_type,
        "role": sheet.role.value,
        "state": sheet.state.value,
        "fence": sheet.fence,
        "input": sheet.input,
        "answer": answer,
        "shown": sheet.judged.answer if sheet.judged else None,
        "version": draft.version if draft else 0,
        "savedAt": draft.saved_at.isoformat() if draft and fresh else None,
        "now": at.isoformat(),
        "worked": sheet.seconds_worked,
        "running": sheet.running_since is not None,
        "cap": sheet.paid_cap_seconds,
        "lease": _seconds(sheet.lease_until, at),
        "leaseWhole": place.lease_seconds,
        "hold": _seconds(sheet.hold_until, at),
        "holdWhole": _seconds(sheet.hold_until, sheet.claimed_at),
        "idle": place.idle_seconds,
        "extended": sheet.extended,
        "errors": {k: list(v) for k, v in (asked.errors or {}).items()},
        "api": f"/api/v1/work/claims/{sheet.public_id}/",
        "kept": kept_as(sheet),
        "page": reverse("work-task", args=[sheet.public_id]),
        "signIn": reverse("account_login"),
    }
