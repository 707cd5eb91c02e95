"""The closed sets of words about client work, each with its meaning, and the ways between them."""

from collections.abc import Mapping
from enum import StrEnum

from tutors.rules.states import WorkRole

__all__ = ["WorkRole"]


class ProjectState(StrEnum):
    DRAFT = "draft"  # being set up; nothing is offered
    OPEN = "open"  # its tasks are offered and claimed
    PAUSED = "paused"  # no new offers and claims for a while; work in hand goes on
    CLOSED = "closed"  # no new offers and claims; work in hand stays workable and payable


class BatchState(StrEnum):
    RECEIVED = "received"  # kept as it came; waits for the intake queue
    LOADING = "loading"  # rows are being checked and loaded
    DONE = "done"  # good rows are tasks, bad rows have their errors
    FAILED = "failed"  # could not be read at all; nothing was loaded


class TaskState(StrEnum):
    OPEN = "open"  # an answer or a review is still wanted
    DONE = "done"  # every slot is done
    CANCELLED = "cancelled"  # not wanted any more; accepted work is paid


class SlotState(StrEnum):
    OPEN = "open"  # anybody eligible may take it
    OFFERED = "offered"  # kept for one tutor until her offer ends
    CLAIMED = "claimed"  # in somebody's hands
    DONE = "done"  # answered
    CANCELLED = "cancelled"  # not wanted any more


class OfferState(StrEnum):
    OFFERED = "offered"  # waits for the tutor until it expires
    ACCEPTED = "accepted"  # became a claim
    DECLINED = "declined"  # the tutor said no, to this task
    EXPIRED = "expired"  # nobody answered in time; no mark against anybody
    WITHDRAWN = "withdrawn"  # taken back: task, project or tutor is not there any more


class OfferKind(StrEnum):
    WORK = "work"  # an invitation from the router
    REVISION = "revision"  # the author's own work, back with the reviewer's note


class RehearsalKind(StrEnum):
    POLICY = "policy"  # a routing policy tried on a past period
    QUOTE = "quote"  # what a project would take, before it opens


class RehearsalState(StrEnum):
    WAITING = "waiting"  # for a worker
    RUNNING = "running"
    DONE = "done"  # it has its answer
    FAILED = "failed"  # `trouble` says why
    STOPPED = "stopped"  # by whoever asked


class ClaimState(StrEnum):
    CLAIMED = "claimed"  # taken; nothing written yet
    IN_PROGRESS = "in_progress"  # being worked on
    PAUSED = "paused"  # set aside; the lease goes on running
    SUBMITTED = "submitted"  # handed in; an attempt waits for its review
    ACCEPTED = "accepted"  # the answer was accepted
    REVISION_REQUESTED = "revision_requested"  # back to the same tutor, as a new claim
    REJECTED = "rejected"  # not accepted; the time is paid all the same
    RETURNED = "returned"  # given back after the start; the time is paid
    SKIPPED = "skipped"  # given back before the start
    RELEASED = "released"  # taken out of the tutor's hands by a manager or a cancelled task
    EXPIRED = "expired"  # the lease ran out; draft and worked time are kept


class TimeState(StrEnum):
    RUNNING = "running"  # the clock runs
    DRAFT = "draft"  # written down by hand, not handed in
    SUBMITTED = "submitted"  # waits for a manager
    APPROVED = "approved"  # will be paid; cannot be edited
    DECLINED = "declined"  # not paid, with a reason
    DISPUTED = "disputed"  # the tutor disagrees with the decline; waits for somebody else
    HELD = "held"  # kept apart for a decision, with a reason
    LOCKED = "locked"  # in a closed statement


class TimeKind(StrEnum):
    TASK = "task"  # an attempt
    REVIEW = "review"  # judging somebody's work
    REWORK = "rework"  # a revision that a reviewer asked for
    ONBOARDING = "onboarding"  # getting ready, on the payroll
    ASSESSMENT = "assessment"  # paid tests
    MEETING = "meeting"  # called by a manager
    WAIT = "wait"  # taking work, nothing offered


class ReviewDecision(StrEnum):
    ACCEPT = "accept"  # good as it is
    REQUEST_REVISION = "request_revision"  # back to the same tutor, with a note
    REJECT = "reject"  # not usable; somebody else answers; the time is paid


class ReviewPolicy(StrEnum):
    NONE = "none"  # answers are accepted as they come
    SAMPLE = "sample"  # the stated percentage is reviewed
    ALL = "all"  # each answer is reviewed


class Dispatch(StrEnum):
    PULL = "pull"  # tutors ask for the next task
    PUSH = "push"  # the router offers
    BOTH = "both"  # either


class Unreviewed(StrEnum):
    """Why an answer stands without a reviewer's word."""

    NOT_SAMPLED = "not_sampled"  # the policy did not draw it
    OVERDUE = "overdue"  # nobody judged it in time, so it counts as accepted


class AlertState(StrEnum):
    WAITING = "waiting"  # the queue is not open to her yet
    TOLD = "told"  # it opened, and she was told
    ENDED = "ended"  # she took it back
    EXPIRED = "expired"  # it did not open in time


class ExclusionReason(StrEnum):
    """Why the router leaves somebody alone for a while. Pulling stays possible."""

    DECLINED = "declined"  # said no to an offer of this task
    SKIPPED = "skipped"  # gave the task back before the start
    RETURNED = "returned"  # gave the task back after the start
    IGNORED = "ignored"  # let an offer of this pool expire: a cool-down, no mark


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"


class EndpointState(StrEnum):
    ACTIVE = "active"  # gets deliveries
    DISABLED = "disabled"  # failed for too long or switched off


class DeliveryState(StrEnum):
    DUE = "due"  # waits for its next try
    DELIVERED = "delivered"  # the receiver said 2xx
    FAILED = "failed"  # out of tries; may be replayed


OPEN_CLAIMS = (ClaimState.CLAIMED, ClaimState.IN_PROGRESS, ClaimState.PAUSED)
"""Somebody holds the slot."""

ANSWERED_CLAIMS = (
    ClaimState.SUBMITTED,
    ClaimState.ACCEPTED,
    ClaimState.REVISION_REQUESTED,
    ClaimState.REJECTED,
)
"""The holder handed something in."""

COUNTING_CLAIMS = (*OPEN_CLAIMS, ClaimState.SUBMITTED, ClaimState.ACCEPTED, ClaimState.REJECTED)
"""One of these per tutor and task: overlap means different people. A revision starts afresh."""

WITNESS_CLAIMS = (*OPEN_CLAIMS, *ANSWERED_CLAIMS)
"""The tutor knows the task in this role, so never in another one."""

GIVEN_BACK_CLAIMS = (ClaimState.RETURNED, ClaimState.SKIPPED)
"""Comes back to the same tutor only when nothing else fits."""

PAYABLE_TIME = (TimeState.APPROVED, TimeState.LOCKED)
FROZEN_TIME = (TimeState.APPROVED, TimeState.LOCKED)

CLOCK_KINDS = (TimeKind.TASK, TimeKind.REVIEW, TimeKind.REWORK)
"""What a claim's clock counts. Written down by hand, they name their project."""

SLOT_WAYS: Mapping[SlotState, frozenset[SlotState]] = {
    SlotState.OPEN: frozenset({SlotState.OFFERED, SlotState.CLAIMED, SlotState.CANCELLED}),
    SlotState.OFFERED: frozenset({SlotState.OPEN, SlotState.CLAIMED, SlotState.CANCELLED}),
    SlotState.CLAIMED: frozenset({SlotState.OPEN, SlotState.DONE, SlotState.CANCELLED}),
    SlotState.DONE: frozenset({SlotState.OPEN, SlotState.OFFERED, SlotState.CLAIMED}),
    SlotState.CANCELLED: frozenset(),
}
"""DONE goes back to OPEN on a reject, to OFFERED on a revision, to CLAIMED on a take-back."""

CLAIM_WAYS: Mapping[ClaimState, frozenset[ClaimState]] = {
    ClaimState.CLAIMED: frozenset(
        {
            ClaimState.IN_PROGRESS,
            ClaimState.PAUSED,
            ClaimState.SUBMITTED,
            ClaimState.RETURNED,
            ClaimState.SKIPPED,
            ClaimState.RELEASED,
            ClaimState.EXPIRED,
        }
    ),
    ClaimState.IN_PROGRESS: frozenset(
        {
            ClaimState.PAUSED,
            ClaimState.SUBMITTED,
            ClaimState.RETURNED,
            ClaimState.RELEASED,
            ClaimState.EXPIRED,
        }
    ),
    ClaimState.PAUSED: frozenset(
        {
            ClaimState.IN_PROGRESS,
            ClaimState.SUBMITTED,
            ClaimState.RETURNED,
            ClaimState.RELEASED,
            ClaimState.EXPIRED,
        }
    ),
    ClaimState.SUBMITTED: frozenset(
        {
            ClaimState.ACCEPTED,
            ClaimState.REVISION_REQUESTED,
            ClaimState.REJECTED,
            ClaimState.IN_PROGRESS,
        }
    ),
    ClaimState.ACCEPTED: frozenset({ClaimState.IN_PROGRESS}),
    ClaimState.REVISION_REQUESTED: frozenset(),
    ClaimState.REJECTED: frozenset(),
    ClaimState.RETURNED: frozenset(),
    ClaimState.SKIPPED: frozenset(),
    ClaimState.RELEASED: frozenset(),
    ClaimState.EXPIRED: frozenset(),
}
"""SUBMITTED or ACCEPTED goes back to IN_PROGRESS only by a take-back within seconds."""

TIME_WAYS: Mapping[TimeState, frozenset[TimeState]] = {
    TimeState.RUNNING: frozenset({TimeState.SUBMITTED}),
    TimeState.DRAFT: frozenset({TimeState.SUBMITTED}),
    TimeState.SUBMITTED: frozenset({TimeState.APPROVED, TimeState.DECLINED, TimeState.HELD}),
    TimeState.HELD: frozenset({TimeState.APPROVED, TimeState.DECLINED}),
    TimeState.DECLINED: frozenset({TimeState.DISPUTED}),
    TimeState.DISPUTED: frozenset({TimeState.APPROVED, TimeState.DECLINED}),
    TimeState.APPROVED: frozenset({TimeState.LOCKED}),
    TimeState.LOCKED: frozenset(),
}
