"""What comes next on a tutor's road, whose turn it is, and since when.

One rule for the recruiter's queue, the list and the profile. What others wait for comes before
what can wait: a signature of ours, then the road in its order, then renewals; the tutor's own
turn is named only when nothing is left for the recruiter.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

INVITATION_STALE_DAYS = 5
"""An invitation that nobody accepted for so long is sent again."""

CREDENTIAL_EXPIRY_DAYS = 60
QUALIFICATION_EXPIRY_DAYS = 30


class Turn(StrEnum):
    RECRUITER = "recruiter"  # the house has to act
    TUTOR = "tutor"  # we wait for her
    NOBODY = "nobody"  # nothing is open


class Step(StrEnum):
    COUNTERSIGN = "countersign"  # she signed; our signature is missing
    INVITE_AGAIN = "invite_again"  # no invitation, or one that nobody accepted
    VERIFY_CREDENTIAL = "verify_credential"  # a proof that nobody has checked
    ASK_CREDENTIAL = "ask_credential"  # no proof that counts
    GRANT_QUALIFICATION = "grant_qualification"  # proof is there, the right to work is not
    OFFER_CONTRACT = "offer_contract"  # qualified, without a contract
    OFFER_AGREEMENT = "offer_agreement"  # no paper beside the contract was ever offered
    RENEW_CREDENTIAL = "renew_credential"  # a checked proof runs out
    RENEW_QUALIFICATION = "renew_qualification"  # the right to work runs out
    ACCEPT_INVITATION = "accept_invitation"  # the link is out
    SIGN_CONTRACT = "sign_contract"  # a version waits for her signature
    SIGN_AGREEMENT = "sign_agreement"  # a paper waits for her signature
    NONE = "none"  # she can work, or has left


OURS = (
    Step.COUNTERSIGN,
    Step.INVITE_AGAIN,
    Step.VERIFY_CREDENTIAL,
    Step.ASK_CREDENTIAL,
    Step.GRANT_QUALIFICATION,
    Step.OFFER_CONTRACT,
    Step.OFFER_AGREEMENT,
    Step.RENEW_CREDENTIAL,
    Step.RENEW_QUALIFICATION,
)
HERS = (Step.SIGN_CONTRACT, Step.SIGN_AGREEMENT, Step.ACCEPT_INVITATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadFacts:
    """Where somebody stands. Moments are None for what never happened or does not wait.

    `entered`: she can sign in. `unchecked_at`: when the oldest proof that nobody checked came.
    `proven_at`: the newest check of a proof that counts. Expiries are those of the renewal that
    is due first, each proof and each field counted at its longest.
    """

    active: bool = True
    added_at: datetime
    entered: bool = False
    invited_at: datetime | None = None
    invitation_ends_at: datetime | None = None
    credentials: int = 0
    unchecked_at: datetime | None = None
    proven_at: datetime | None = None
    credential_ends_on: date | None = None
    qualified_at: datetime | None = None
    qualification_ends_at: datetime | None = None
    lapsed_at: datetime | None = None
    has_contract: bool = False
    left_at: datetime | None = None
    offered_at: datetime | None = None
    signed_at: datetime | None = None
    agreements: int = 0
    paper_offered_at: datetime | None = None
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    step: Step
    turn: Turn
    since: datetime


def next_step(facts: RoadFacts, *, at: datetime) -> NextStep:
    """The one step that is open for this person at `at`."""
    if not facts.active:
        return NextStep(step=Step.NONE, turn=Turn.NOBODY, since=facts.added_at)
    ours = _first(_ours(facts, at=at))
    if ours is not None:
        step, since = ours
        return NextStep(step=step, turn=Turn.RECRUITER, since=min(since, at))
    hers = _first(_hers(facts))
    if hers is not None:
        step, since = hers
        return NextStep(step=step, turn=Turn.TUTOR, since=min(since, at))
    return NextStep(step=Step.NONE, turn=Turn.NOBODY, since=facts.agreed_at or facts.added_at)


Dated = tuple[Step, datetime | None]


def _first(steps: list[Dated]) -> tuple[Step, datetime] | None:
    return next(((step, since) for step, since in steps if since is not None), None)


def _ours(facts: RoadFacts, *, at: datetime) -> list[Dated]:
    """Each of the recruiter's steps with the moment since which it is open, None when not."""
    on_the_table = facts.offered_at is not None or facts.signed_at is not None
    papers = facts.has_contract or on_the_table
    qualified = facts.qualified_at is not None
    gone = facts.left_at is not None and not papers
    if gone:
        return []
    return [
        (Step.COUNTERSIGN, facts.signed_at),
        (Step.INVITE_AGAIN, _stale_invitation(facts, at=at)),
        (Step.VERIFY_CREDENTIAL, facts.unchecked_at),
        (Step.ASK_CREDENTIAL, None if facts.proven_at or qualified else facts.added_at),
        (Step.GRANT_QUALIFICATION, None if qualified else facts.lapsed_at or facts.proven_at),
        (Step.OFFER_CONTRACT, None if papers else facts.qualified_at),
        (Step.OFFER_AGREEMENT, None if facts.agreements else facts.qualified_at),
        (Step.RENEW_CREDENTIAL, _credential_due(facts, at=at)),
        (Step.RENEW_QUALIFICATION, _qualification_due(facts, at=at)),
    ]


def _hers(facts: RoadFacts) -> list[Dated]:
    return [
        (Step.ACCEPT_INVITATION, None if facts.entered else facts.invited_at),
        (Step.SIGN_CONTRACT, facts.offered_at),
        (Step.SIGN_AGREEMENT, facts.paper_offered_at),
    ]


def _stale_invitation(facts: RoadFacts, *, at: datetime) -> datetime | None:
    """Since when the invitation needs another hand: none was sent, or nobody took it up."""
    if facts.entered:
        return None
    if facts.invited_at is None:
        return facts.added_at
    stale = facts.invited_at + timedelta(days=INVITATION_STALE_DAYS)
    if facts.invitation_ends_at is not None:
        stale = min(stale, facts.invitation_ends_at)
    return stale if stale <= at else None


def _credential_due(facts: RoadFacts, *, at: datetime) -> datetime | None:
    """The day on which the renewal came into sight, as a moment."""
    if facts.credential_ends_on is None:
        return None
    days = (facts.credential_ends_on - at.date()).days
    if days > CREDENTIAL_EXPIRY_DAYS:
        return None
    return at - timedelta(days=CREDENTIAL_EXPIRY_DAYS - days)


def _qualification_due(facts: RoadFacts, *, at: datetime) -> datetime | None:
    if facts.qualification_ends_at is None:
        return None
    due = facts.qualification_ends_at - timedelta(days=QUALIFICATION_EXPIRY_DAYS)
    return due if due <= at else None
