"""The rule of the next step: one step, whose turn, since when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutors.rules.next_steps import (
    HERS,
    OURS,
    RoadFacts,
    Step,
    Turn,
    next_step,
)

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    return AT - timedelta(days=days)


ADDED = RoadFacts(added_at=ago(10), invited_at=ago(1), invitation_ends_at=AT + timedelta(days=6))
READY = RoadFacts(
    added_at=ago(30),
    entered=True,
    credentials=1,
    proven_at=ago(20),
    qualified_at=ago(15),
    has_contract=True,
    agreements=1,
    agreed_at=ago(5),
)


def told(facts: RoadFacts) -> tuple[Step, Turn, datetime]:
    found = next_step(facts, at=AT)
    return found.step, found.turn, found.since


def test_the_road_from_added_to_ready():
    """Each fact that arrives moves the step on; the age is that of the last arrival."""
    ours, hers = Turn.RECRUITER, Turn.TUTOR
    facts = ADDED
    assert told(facts) == (Step.ASK_CREDENTIAL, ours, facts.added_at)
    facts = replace(facts, credentials=1, unchecked_at=ago(8))
    assert told(facts) == (Step.VERIFY_CREDENTIAL, ours, ago(8))
    facts = replace(facts, unchecked_at=None, proven_at=ago(7))
    assert told(facts) == (Step.GRANT_QUALIFICATION, ours, ago(7))
    facts = replace(facts, qualified_at=ago(6))
    assert told(facts) == (Step.OFFER_CONTRACT, ours, ago(6))
    facts = replace(facts, offered_at=ago(5))
    assert told(facts) == (Step.OFFER_AGREEMENT, ours, ago(6))
    facts = replace(facts, agreements=1, paper_offered_at=ago(4))
    assert told(facts) == (Step.ACCEPT_INVITATION, hers, ago(1))
    facts = replace(facts, entered=True)
    assert told(facts) == (Step.SIGN_CONTRACT, hers, ago(5))
    facts = replace(facts, offered_at=None, signed_at=ago(2))
    assert told(facts) == (Step.COUNTERSIGN, ours, ago(2))
    facts = replace(facts, signed_at=None, has_contract=True)
    assert told(facts) == (Step.SIGN_AGREEMENT, hers, ago(4))
    facts = replace(facts, paper_offered_at=None, agreed_at=ago(1))
    assert told(facts) == (Step.NONE, Turn.NOBODY, ago(1))


@pytest.mark.parametrize(
    ("invited", "ends", "since"),
    [
        (None, None, ADDED.added_at),  # never invited
        (ago(6), AT + timedelta(days=1), ago(1)),  # five days without an answer
        (ago(3), ago(0.5), ago(0.5)),  # the link ran out before that
    ],
)
def test_an_invitation_that_lies_unused_is_sent_again(invited, ends, since):
    facts = replace(ADDED, invited_at=invited, invitation_ends_at=ends)
    assert told(facts) == (Step.INVITE_AGAIN, Turn.RECRUITER, since)


@pytest.mark.parametrize(
    ("days", "step"),
    [(61, Step.NONE), (60, Step.RENEW_CREDENTIAL), (-3, Step.RENEW_CREDENTIAL)],
)
def test_a_credential_comes_into_sight_sixty_days_before_its_end(days, step):
    facts = replace(READY, credential_ends_on=AT.date() + timedelta(days=days))
    assert next_step(facts, at=AT).step is step


def test_a_qualification_comes_into_sight_thirty_days_before_its_end():
    due = replace(READY, qualification_ends_at=AT + timedelta(days=29))
    assert told(due) == (Step.RENEW_QUALIFICATION, Turn.RECRUITER, ago(1))
    far = replace(READY, qualification_ends_at=AT + timedelta(days=31))
    assert next_step(far, at=AT).step is Step.NONE


def test_who_left_and_whose_account_is_closed_wait_for_nobody():
    left = replace(READY, has_contract=False, left_at=ago(1), credential_ends_on=date(2026, 11, 21))
    assert next_step(left, at=AT).turn is Turn.NOBODY
    assert next_step(replace(ADDED, active=False), at=AT).turn is Turn.NOBODY


moments = st.none() | st.integers(-500, 400).map(ago)
anybody = st.builds(
    RoadFacts,
    active=st.booleans(),
    added_at=st.integers(0, 500).map(ago),
    entered=st.booleans(),
    invited_at=moments,
    invitation_ends_at=moments,
    credentials=st.integers(0, 5),
    unchecked_at=moments,
    proven_at=moments,
    credential_ends_on=st.none() | st.integers(-300, 300).map(lambda n: ago(n).date()),
    qualified_at=moments,
    qualification_ends_at=moments,
    lapsed_at=moments,
    has_contract=st.booleans(),
    left_at=moments,
    offered_at=moments,
    signed_at=moments,
    agreements=st.integers(0, 3),
    paper_offered_at=moments,
    agreed_at=moments,
)


@given(facts=anybody)
def test_everybody_has_one_step_whose_turn_fits_it(facts):
    found = next_step(facts, at=AT)
    turns = {Turn.RECRUITER: OURS, Turn.TUTOR: HERS, Turn.NOBODY: (Step.NONE,)}
    assert found.step in turns[found.turn]
    assert found.turn is Turn.NOBODY or found.since <= AT


@given(facts=anybody)
def test_a_signature_of_ours_comes_before_everything(facts):
    waiting = replace(facts, active=True, signed_at=ago(1))
    assert next_step(waiting, at=AT).step is Step.COUNTERSIGN


@given(facts=anybody)
def test_what_is_done_does_not_come_back(facts):
    """Whoever has everything in order is asked for nothing."""
    done = replace(
        facts, active=True, entered=True, unchecked_at=None, proven_at=ago(9), qualified_at=ago(8),
        has_contract=True, offered_at=None, signed_at=None, agreements=1, paper_offered_at=None,
        credential_ends_on=None, qualification_ends_at=None,
    )  # fmt: skip
    assert next_step(done, at=AT).step is Step.NONE


def test_every_step_belongs_to_one_side():
    assert sorted([*OURS, *HERS, Step.NONE]) == sorted(Step)
