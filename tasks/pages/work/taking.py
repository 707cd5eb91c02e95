"""Answering an offer, and taking the next piece of work. Each leads into the workspace."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tasks.doors.batches import came_of
from tasks.doors.words import ended_words
from tasks.operations.batching import accept_with
from tasks.operations.claiming import CannotClaim, NotAReviewer, OfferGone, accept, claim
from tasks.operations.offering import OfferOver, decline
from tasks.queries.home import ended_offer
from tasks.rules.limits import LIKE_MAX, REASON_CHARS_MAX
from tasks.rules.states import OfferState, WorkRole
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.doors.throttles import check
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

if TYPE_CHECKING:
    from tasks.queries.claims import ClaimSheet

HANDS = frozenset({Role.TUTOR, Role.REVIEWER})


@page(roles=HANDS)
def accept_offer(visit: Visit, *, id: str) -> HttpResponse:
    """Turn the offer into work in hand, with some like it where she asks for them; when it is
    over, say what became of it.
    """
    offer_id = key_of("O", id)
    if not visit.posted:
        return visit.go("work-home")
    check(account_id=visit.account.pk, kind="claim", at=visit.at)
    like = _like(visit.request.POST.get("like", ""))
    try:
        if like:
            batch = accept_with(account=visit.account, offer_id=offer_id, like=like, at=visit.at)
            return visit.go("work-task", batch.claims[0].public_id, say=came_of(batch))
        taken = accept(account=visit.account, offer_id=offer_id, at=visit.at)
    except OfferGone:
        return _home(visit, became_of(visit, offer_id))
    except CannotClaim as refusal:
        return _home(visit, refusal.detail)
    return visit.go("work-task", taken.public_id)


@page(roles=HANDS)
def pass_offer(visit: Visit, *, id: str) -> HttpResponse:
    """Say no to an offer. Nothing is scored; the task is not offered again for a while."""
    offer_id = key_of("O", id)
    if not visit.posted:
        return visit.go("work-home")
    reason = visit.request.POST.get("reason", "").strip()[:REASON_CHARS_MAX]
    try:
        decline(account=visit.account, offer_id=offer_id, reason=reason, at=visit.at)
    except OfferOver:
        return _home(visit, became_of(visit, offer_id))
    said = _("Passed on. It does not count against you, and this task is not offered again.")
    return visit.go("work-home", say=said)


@page(roles=HANDS)
def take_next(visit: Visit) -> HttpResponse:
    """The next piece of work of a queue, or of any."""
    if not visit.posted:
        return visit.go("work-home")
    check(account_id=visit.account.pk, kind="claim", at=visit.at)
    role = _role(visit.request.POST.get("role", ""))
    project = visit.request.POST.get("project", "")
    back = "work-reviews" if role is WorkRole.REVIEW else "work-home"
    try:
        project_id = internal_id("P", project) if project else None
        taken = claim(account=visit.account, role=role, project_id=project_id, at=visit.at)
    except NotAnId:
        raise NotFound from None
    except (CannotClaim, NotAReviewer) as refusal:
        return _home(visit, refusal.detail)
    if taken is None:
        visit.say(_("Somebody took the last of it a moment ago. Nothing you did."), bad=True)
        return visit.go(back)
    return _into(visit, taken)


def _like(text: str) -> int:
    """How many like it she asks for; none where that is no sensible number."""
    return min(int(text), LIKE_MAX) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _into(visit: Visit, taken: "ClaimSheet") -> HttpResponse:
    return visit.go("work-task", taken.public_id)


def _role(text: str) -> WorkRole:
    return WorkRole(text) if text in set(WorkRole) else WorkRole.ATTEMPT


def _home(visit: Visit, said: str) -> HttpResponse:
    visit.say(said, bad=True)
    return visit.go("work-home")


def became_of(visit: Visit, offer_id: int) -> str:
    """What happened to one of her offers; `NotFound` for somebody else's."""
    found = ended_offer(account_id=visit.account.pk, offer_id=offer_id)
    if found is None:
        raise NotFound
    if found.state == OfferState.ACCEPTED:
        return _("You accepted this offer already. It is under “Pick up where you left off”.")
    if found.state == OfferState.DECLINED:
        return _("You passed on this offer already. It does not count against you.")
    return ended_words(taken_at=found.taken_at, ended_at=found.ended_at, state=found.state)
