"""The standing leaf: how good is her reviewed work at least, and is there enough of it."""

from collections.abc import Iterable

from tutors.rules import fields
from tutors.rules.eligibility.facts import Facts, RecordFacts
from tutors.rules.eligibility.verdicts import Effort, Finding, failing, passing
from tutors.rules.requirements import Leaf
from tutors.rules.standing import lower_bound, lower_bound_tenths

PERCENT = 100


PROVEN_FROM = 10
"""With fewer answers judged than this, a record says nothing for or against anybody."""


def proven_tenths(record: Iterable[RecordFacts], *, speciality: str, task_type: str) -> int | None:
    """How good her work of one kind in one field is at least, in tenths rounded down.

    None while it is unproven: too few answers judged, or over half of them by one reviewer.
    """
    for each in record:
        if (each.speciality, each.task_type) == (speciality, task_type):
            if each.judged < PROVEN_FROM or 2 * each.most_by_one > each.judged:
                return None
            return lower_bound_tenths(accepted=each.accepted, judged=each.judged)
    return None


def standing(leaf: Leaf, facts: Facts) -> Finding:
    """Nothing is held against anybody below `n_min`, nor where one reviewer judged over half.

    Such a record fails as unproven, never as low. Of several fields or kinds of task, the
    reviewers who judged most are added up, so a share is never taken for smaller than it is.
    """
    field, kind = leaf.text("speciality"), leaf.text("task_type")
    there = [
        each
        for each in facts.record
        if fields.within(slug=each.speciality, ancestor=field) and kind in ("", each.task_type)
    ]
    judged = sum(each.judged for each in there)
    where = f"{kind} in {field}" if kind else field
    least = leaf.number("n_min")
    if judged < least:
        turn = f"Needs {least} reviewed answers of {where}, {least - judged} more."
        fact = f"{judged} reviewed answers of {where}"
        return failing("standing_unproven", fact, turn, effort=Effort.WAIT)
    most = sum(each.most_by_one for each in there)
    if 2 * most > judged:
        turn = "Other reviewers must judge some of her answers too."
        fact = f"{judged} reviewed answers of {where}, {most} by one reviewer"
        return failing("standing_one_sided", fact, turn, effort=Effort.WAIT)
    accepted = sum(each.accepted for each in there)
    bound = lower_bound(accepted=accepted, judged=judged)
    fact = f"{accepted} of {judged} answers of {where} accepted, {_percent(bound)} or better"
    wanted = leaf.share("lower_bound_min")
    if bound < wanted:
        turn = f"Reach {_percent(wanted)} in {where}, with 95 % certainty."
        return failing("standing_low", fact, turn, effort=Effort.LEARN)
    return passing("standing_held", fact)


def _percent(share: float) -> str:
    """Rounded down: what is shown is never more than what holds."""
    return f"{int(share * PERCENT + 1e-9)} %"
