"""Taking several like tasks at once: how many may be taken, and what came of it in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.doors.closed import said
from tasks.operations.batching import NONE_LEFT, Batch
from tasks.queries.home import OfferCard
from tasks.rules.ahead import Hands
from tasks.rules.limits import LIKE_MAX
from tasks.rules.states import OfferKind
from tutors.rules.eligibility import Facts, Verdict


def like_it(
    card: OfferCard, *, among: Sequence[OfferCard], facts: Facts, hands: Hands | None
) -> int:
    """How many more of the same she could take with this offer: as many as wait or are offered to
    her, and as fit into her hands and her week besides it. Asked at the first of the same only.
    """
    if hands is None or card.kind is OfferKind.REVISION:
        return 0
    same = [
        each
        for each in among
        if (each.project_id, each.role) == (card.project_id, card.role)
        and each.kind is not OfferKind.REVISION
    ]
    if same[0].offer_id != card.offer_id:
        return 0
    more = len(same) - 1 + (card.waiting if card.pulled else 0)
    room = (facts.capacity - hands.open_weight) // card.weight
    cap = facts.contract.cap_seconds_week if facts.contract else None
    if cap is not None:
        left = cap - hands.used_seconds - hands.promised_seconds
        room = min(room, left // max(1, card.expected_seconds))
    return max(0, min(more, room - 1, LIKE_MAX))


def came_of(batch: Batch) -> str:
    """What she got, and why not all of it."""
    if batch.taken == batch.asked:
        text = ngettext("You took %(n)d task.", "You took all %(n)d tasks.", batch.asked)
        return text % {"n": batch.asked}
    text = _("You took %(n)d of %(asked)d. %(why)s")
    return text % {"n": batch.taken, "asked": batch.asked, "why": why_stopped(batch)}


def why_stopped(batch: Batch) -> str:
    """The verdict that stood in the way of the next, in her words; empty when she got all."""
    if not batch.stopped or batch.stopped == NONE_LEFT:
        return batch.why
    stop = Verdict(code=batch.stopped, passed=False, rule="", fact="", turn=batch.why)
    return said(stop).text
