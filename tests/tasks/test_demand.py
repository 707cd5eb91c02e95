"""How much a pool brings and what one change opens: worked numbers and properties."""

from dataclasses import replace
from datetime import timedelta
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.rules.advising import WEEK_SECONDS, Week, advise
from tasks.rules.ahead import Hands, PoolAhead, Way
from tasks.rules.demand import (
    BACKLOG_WEEKS,
    HANDLED_MIN,
    NINE_OF_TEN,
    Outlook,
    Step,
    share_of,
)
from tasks.rules.matching import fit
from tasks.rules.prospects import Prospect, lasting
from tasks.rules.spans import Span
from tasks.rules.states import Dispatch, ProjectState, WorkRole
from tests.tutors.people import ALICE, AT
from tests.tutors.sets import document, hard
from tutors.rules.eligibility import PresenceFacts
from tutors.rules.rates import Cards, ProjectCard
from tutors.rules.requirements import parse
from tutors.rules.states import Presence

HOUR = 3_600


def outlook(**changes):
    """Ten slots on each of 28 days, 600 s each, among four people."""
    known = {
        "measured_at": AT, "days": 28, "arrived": 280, "squares": 2_800, "last_at": AT,
        "handled": 50, "handle_seconds": 600, "people": 4,
    }  # fmt: skip
    return Outlook(**{**known, **changes})


def step(**changes):
    known = {"outlook": outlook(), "waiting": 0, "expected_seconds": 900}
    return Step(**{**known, **changes})


def test_a_share_is_what_comes_in_a_week_over_the_people():
    found = share_of([step()])
    assert found.mid == 280 / 4 * 600 / 5
    assert share_of([step(counted=True)]).mid == 280 / 4 * 600 / 4
    low, high = (sqrt(280) - NINE_OF_TEN / 2) ** 2, (sqrt(281) + NINE_OF_TEN / 2) ** 2
    assert found.low == pytest.approx(low / 4 * 600 / 5)
    assert found.high == pytest.approx(high / 4 * 600 / 5)


def test_what_waits_is_spread_and_softer_steps_add_their_backlog_only():
    soft = step(outlook=outlook(people=9), waiting=40)
    found = share_of([step(waiting=20), soft])
    waits = 20 * 600 / BACKLOG_WEEKS / 5 + 40 * 600 / BACKLOG_WEEKS / 10
    assert found.mid == pytest.approx(share_of([step()]).mid + waits)


def test_too_few_answers_leave_the_handle_time_to_the_project():
    few = outlook(handled=HANDLED_MIN - 1)
    assert share_of([step(outlook=few)]).mid == 280 / 4 * 900 / 5


def test_a_batch_is_one_lump_and_its_range_says_so():
    trickle, batch = outlook(), outlook(squares=280 * 280)
    assert (trickle.lump, batch.lump) == (1.0, 280.0)
    assert batch.per_week.mid == trickle.per_week.mid
    assert batch.per_week.low < trickle.per_week.low < trickle.per_week.high < batch.per_week.high


def test_the_next_arrival_follows_the_rhythm_or_is_not_told():
    weekly = outlook(arrived=400, squares=4 * 100 * 100, last_at=AT - timedelta(days=3))
    due = weekly.next_at(at=AT)
    assert due is not None and timedelta(days=2) < due - AT < timedelta(days=4)
    late = replace(weekly, last_at=AT - timedelta(days=20)).next_at(at=AT)
    assert late is not None and timedelta(days=5) < late - AT < timedelta(days=7)
    assert outlook(arrived=280, squares=280 * 280).next_at(at=AT) is None
    assert outlook(arrived=0, squares=0, last_at=None).next_at(at=AT) is None


COUNTS = st.lists(st.integers(0, 400), min_size=28, max_size=28)


@given(COUNTS, st.integers(0, 50), st.integers(0, 5_000))
@settings(max_examples=60)
def test_shares_are_ordered_and_fall_with_people_and_rise_with_work(counts, people, waiting):
    seen = outlook(arrived=sum(counts), squares=sum(n * n for n in counts), people=people)
    assert 1 <= seen.lump <= max(1, seen.arrived)
    share = share_of([step(outlook=seen, waiting=waiting)])
    assert 0 <= share.low <= share.mid <= share.high
    more = share_of([step(outlook=replace(seen, people=people + 1), waiting=waiting)])
    longer = share_of([step(outlook=seen, waiting=waiting + 1)])
    for name in ("low", "mid", "high"):
        assert getattr(more, name) <= getattr(share, name) < getattr(longer, name)


# --- Changes --------------------------------------------------------------------------------

TESTS = [
    {"kind": "qualification", "speciality": "medicine.psychiatry", "level_min": 2},
    {"kind": "qualification", "speciality": "medicine.psychiatry", "level_min": 3},
    {"kind": "qualification", "speciality": "medicine.cardiology", "level_min": 1},
    {"kind": "language", "tag": "de", "min": "C1"},
    {"kind": "agreement", "type": "nda", "party": "client", "version_min": 3},
    {"kind": "opt_in", "content": ["self_harm"]},
    {"any": [{"kind": "identity", "within_days": 30}, {"kind": "residence", "in": ["FR"]}]},
]
CARDS = Cards(
    tiers=(),
    projects=tuple(
        ProjectCard(project=f"P-{n}", minor_hourly=6_000, currency="USD") for n in range(1, 7)
    ),
)


def pool(number, *, project, asked, step=0):
    return PoolAhead(
        pool_id=number, project_id=project, client_id=12, role=WorkRole.ATTEMPT, step=step,
        signature=asked.signature(client="C-12"), queue="medicine", domain="medicine.psychiatry",
        task_type="critique", state=ProjectState.OPEN, dispatch=Dispatch.BOTH, lease_seconds=600,
        hold_seconds=3_600, offer_ttl_seconds=600, expected_seconds=600, paid_cap_seconds=1_200,
        sla_minutes=None,
    )  # fmt: skip


def prospects_for(facts, chosen, *, people=4):
    """A project for each tuple of tests, judged for these facts."""
    found = []
    for n, tests in enumerate(chosen, start=1):
        asked = parse(document(*(hard(f"r{i}", test) for i, test in enumerate(tests))))
        ahead = pool(n, project=n, asked=asked)
        judged = fit(
            facts=facts, pool=ahead, requirement=asked, hands=Hands(tutor_id=facts.tutor_id),
            cards=CARDS, at=AT, way=Way.PULL,
        )  # fmt: skip
        found.append(
            Prospect(
                pool=ahead, requirement=asked, waiting=10 * n, outlook=outlook(people=people),
                refusals=lasting(judged.verdicts),
            )
        )  # fmt: skip
    return found


def advice_for(facts, chosen, *, week=None, people=4):
    return advise(
        facts=facts, hands=Hands(tutor_id=facts.tutor_id), cards=CARDS, counted=False, at=AT,
        prospects=prospects_for(facts, chosen, people=people), week=week or Week(),
    )  # fmt: skip


def test_one_paper_that_opens_two_queues_adds_them_up():
    nda = TESTS[4]
    advice = advice_for(ALICE, [(nda,), (nda,), (nda, TESTS[3]), ()])
    (signed,) = [each for each in advice.changes if each.kind == "agreement"]
    one, two = (share_of([step(waiting=n, expected_seconds=600)]) for n in (10, 20))
    assert signed.gain.mid == pytest.approx(one.mid + two.mid)
    assert (signed.pools, signed.n) == ((1, 2), 280 + 280 + 10 + 20)
    assert advice.now.mid == pytest.approx(share_of([step(waiting=40, expected_seconds=600)]).mid)
    assert {each.kind for each in advice.changes} == {"agreement"}, "German alone opens nothing"


def test_nothing_is_promised_beyond_her_week():
    chosen = [(), (TESTS[3],)]
    part = share_of([step(waiting=10, expected_seconds=600)]).mid
    room = 1_000
    advice = advice_for(ALICE, chosen, week=Week(cap_seconds=int(part) + room))
    (german,) = [each for each in advice.changes if each.kind == "language"]
    assert german.gain.mid == pytest.approx(int(part) + room - part)
    full = advice_for(ALICE, chosen, week=Week(cap_seconds=HOUR, planned_seconds=2 * HOUR))
    (longer,) = full.changes
    assert (longer.kind, full.now.mid) == ("cap", HOUR)
    assert longer.gain.mid == pytest.approx(min(part, WEEK_SECONDS) - HOUR)
    (planned,) = advice_for(
        ALICE, chosen, week=Week(cap_seconds=2 * HOUR, planned_seconds=HOUR)
    ).changes
    assert planned.kind == "hours"


def test_a_pause_closes_nothing_and_taking_work_is_a_change_of_its_own():
    away = replace(ALICE, presence=PresenceFacts(state=Presence.PAUSED))
    here, paused = (advice_for(each, [(), (TESTS[3],)]) for each in (ALICE, away))
    assert (paused.now, paused.shares) == (here.now, here.shares)
    (taking,) = [each for each in paused.changes if each.kind == "presence"]
    assert taking.gain == here.now
    assert [c for c in paused.changes if c.kind != "presence"] == list(here.changes)


WORLDS = st.lists(
    st.lists(st.sampled_from(TESTS), max_size=2, unique_by=str).map(tuple), min_size=1, max_size=6
)


@given(WORLDS, st.integers(0, 8), st.sampled_from([None, 5 * HOUR, 20 * HOUR]))
@settings(max_examples=40)
def test_a_gain_is_what_the_changed_facts_would_bring(chosen, people, cap):
    """Worked out anew from facts with the change in them, by the judgement of claims."""
    week = Week(cap_seconds=cap)
    advice = advice_for(ALICE, chosen, week=week, people=people)
    gains = [each.gain.mid for each in advice.changes]
    assert gains == sorted(gains, reverse=True)
    for each in advice.changes:
        assert 0 <= each.gain.low <= each.gain.mid <= each.gain.high <= WEEK_SECONDS
        if each.kind == "cap":
            continue
        assert advice.now.mid + each.gain.mid <= week.seconds + 1e-6
        opened = {p.pool.pool_id for p in prospects_for(ALICE, chosen) if p.is_open}
        after = _changed(each)
        then = {p.pool.pool_id for p in prospects_for(after, chosen) if p.is_open}
        assert then - opened == set(each.pools)
        shared = advice_for(after, chosen, week=week, people=people)
        assert each.gain.mid == pytest.approx(shared.now.mid - advice.now.mid)


def _changed(advised):
    """Alice with the one fact more."""
    held = {
        "qualification": "qualifications", "language": "languages", "agreement": "agreements",
    }  # fmt: skip
    if advised.kind == "identity":
        return replace(ALICE, identity_checked_at=AT)
    if advised.kind == "opt_in":
        return replace(ALICE, opt_ins=advised.fact)
    name = held[advised.kind]
    return replace(ALICE, **{name: (*getattr(ALICE, name), advised.fact)})


def test_spans_add_and_are_cut():
    one, two = Span(low=1, mid=2, high=3), Span(low=0, mid=4, high=9)
    assert one + two == Span(low=1, mid=6, high=12)
    assert two.over(one) == Span(low=0, mid=2, high=6)
    assert two.up_to(5) == Span(low=0, mid=4, high=5)
