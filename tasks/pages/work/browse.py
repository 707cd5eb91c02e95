"""One queue: what it pays, what it asks, and taking the next of it."""

from django.http import HttpResponse

from tasks.doors.closed import asked_words
from tasks.doors.markdown import as_html
from tasks.doors.queues import Door, QueueRow, one_of, queues_of
from tasks.doors.words import note_words
from tasks.queries.sights import content_notes, has_worked_on, newest_guide, sights_of
from tasks.rules.clocks import cost_minor
from tutors.queries.facts import facts_of
from tutors.rules.eligibility import Facts
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

GUIDE_EXCERPT_CHARS = 1_200


@page(roles={Role.TUTOR, Role.REVIEWER})
def browse(visit: Visit, *, id: str) -> HttpResponse:
    """The queue behind a pool, if it is in her fields or she has worked there."""
    facts = facts_of(account_id=visit.account.pk, at=visit.at)
    sight = sights_of([key_of("PL", id)]).get(key_of("PL", id))
    if facts is None or sight is None:
        raise NotFound
    queues = queues_of(facts=facts, at=visit.at)
    row = one_of(queues, sight=sight, facts=facts)
    if row is None:
        raise NotFound
    number, guide = newest_guide(project_id=row.project_id) if _may_read(row, facts) else (0, "")
    return visit.render(
        "tasks/work/browse.html",
        {
            "row": row,
            "standing": queues.standing,
            "worth": _worth(row),
            "guide_number": number,
            "guide": as_html(guide[:GUIDE_EXCERPT_CHARS]) if guide else "",
            "guide_cut": len(guide) > GUIDE_EXCERPT_CHARS,
            "notes": [note_words(flag) for flag in content_notes(pool_id=row.pool_id)],
            "is_open": row.door is Door.OPEN,
            "asked": [
                (verdict.passed, asked_words(verdict))
                for verdict in row.verdicts
                if verdict.rule not in _STANDING_RULES
            ],
        },
    )


def _may_read(row: QueueRow, facts: Facts) -> bool:
    """The client's guide is for those who may do the work, or did."""
    if row.door in (Door.OPEN, Door.CLOSED):
        return row.door is Door.OPEN
    return has_worked_on(tutor_id=facts.tutor_id, project_id=row.project_id)


_STANDING_RULES = frozenset(
    {
        "account", "role", "contract", "presence", "capacity", "cap", "budget", "people",
        "declined", "project", "rate",
    }
)  # fmt: skip
"""Conditions that hold for all work; what is left is what this project asks."""


def _worth(row: QueueRow) -> int | None:
    if row.rate_minor_hourly is None:
        return None
    return cost_minor(seconds=row.expected_seconds, rate_minor_hourly=row.rate_minor_hourly)
