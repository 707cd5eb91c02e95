"""People of one profile get the same verdicts until the day ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.rules.fingerprints import asked_by, day_end, is_own, profile_of
from tests.tutors.people import ALICE, AT
from tutors.rules.eligibility import LanguageFacts, QualificationFacts, judge_rules
from tutors.rules.languages import Level
from tutors.rules.requirements import parse
from tutors.rules.states import CredentialStatus, Verified

DAYS = 14


def rule(name, **test):
    return {"id": name, "mode": "hard", "test": test}


ASKED = parse(
    {
        "schema": 1,
        "name": "Everything with a date",
        "rules": [
            rule(
                "field",
                kind="qualification",
                speciality="medicine.psychiatry",
                level_min=2,
                valid_for_days=DAYS,
            ),
            rule(
                "licence",
                kind="credential",
                type="licence",
                verified="document",
                valid_for_days=DAYS,
            ),
            rule("place", kind="residence", **{"in": ["GB", "US-*"]}, since_days=DAYS),
            rule("papers", kind="agreement", type="nda", party="client", version_min=2),
        ],
    }
)
SETS = [ASKED]
LOOK = asked_by(SETS)

turns = st.sampled_from((-DAYS, -1, 0, 1, DAYS))
instants = st.builds(
    lambda days, seconds: AT + timedelta(days=days, seconds=seconds),
    turns,
    st.sampled_from((-90_000, -1, 0, 1, 60, 90_000, 3_000_000)),
)
days = st.builds(lambda at: at.date(), instants)


@st.composite
def people(draw):
    held = QualificationFacts(
        speciality=draw(st.sampled_from(("medicine.psychiatry", "medicine.psychiatry.child"))),
        level=draw(st.integers(1, 3)),
        granted_at=draw(instants),
        expires_at=draw(st.none() | instants),
    )
    (licence, *_) = ALICE.credentials
    shown = replace(
        licence,
        status=draw(st.sampled_from((CredentialStatus.ACTIVE, CredentialStatus.LAPSED))),
        verified=draw(st.sampled_from(Verified)),
        expires_on=draw(st.none() | days),
    )
    return replace(
        ALICE,
        tutor_id=draw(st.integers(1, 99)),
        facts_version=draw(st.integers(1, 99)),
        capacity=draw(st.integers(1, 3)),
        qualifications=(held,),
        credentials=(shown,),
        residence=replace(ALICE.residence, since=draw(days)),
        agreements=draw(st.sampled_from((ALICE.agreements, ()))),
    )


@st.composite
def twins(draw):
    """Two people who differ in one date, which may lie on the same sides."""
    one = draw(people())
    other = draw(people())
    which = draw(st.sampled_from(("qualifications", "credentials", "residence")))
    if which == "residence":
        return one, replace(one, tutor_id=100, residence=other.residence)
    ((mine,), (hers,)) = (getattr(each, which) for each in (one, other))
    dates = ("granted_at", "expires_at") if which == "qualifications" else ("expires_on",)
    changed = replace(mine, **{name: getattr(hers, name) for name in dates})
    return one, replace(one, tutor_id=100, **{which: (changed,)})


def passed(facts, *, at):
    found = judge_rules(facts=facts, requirement=ASKED, client="C-12", at=at)
    return [verdict.passed for verdict in found]


@settings(max_examples=600)
@given(pair=twins(), part=st.floats(0, 0.999))
def test_one_key_means_one_judgement_until_the_day_ends(pair, part):
    one, other = pair
    later = AT + part * (day_end(AT) - AT)
    keys = {profile_of(each, asked=LOOK, at=AT).skills for each in (one, other)}
    if len(keys) == 1:
        assert passed(one, at=later) == passed(other, at=later)


@settings(max_examples=200)
@given(somebody=people(), part=st.floats(0, 0.999))
def test_a_judgement_that_may_turn_today_is_nobody_elses(somebody, part):
    later = AT + part * (day_end(AT) - AT)
    if passed(somebody, at=AT) != passed(somebody, at=later):
        assert is_own(profile_of(somebody, asked=LOOK, at=AT).key)


def key(facts):
    return profile_of(facts, asked=LOOK, at=AT).key


def test_what_nobody_asks_for_tells_nobody_apart():
    fluent = replace(ALICE, languages=(LanguageFacts(tag="fr", level=Level.C2),))
    assert key(fluent) == key(replace(ALICE, tutor_id=5, account_id=6, facts_version=7))
    assert ALICE.contract is not None
    moved = replace(ALICE, contract=replace(ALICE.contract, zone="Asia/Tokyo"))
    assert key(moved) != key(ALICE)


def test_far_dates_are_one_side_and_near_ones_another():
    (held,) = ALICE.qualifications
    far, farther, near = (
        replace(ALICE, qualifications=(replace(held, expires_at=AT + timedelta(days=d)),))
        for d in (400, 900, 3)
    )
    assert key(far) == key(farther)
    assert key(far) != key(near)


@pytest.mark.parametrize(("hours", "own"), [(1, True), (47, False)])
def test_a_date_that_falls_due_today_makes_a_profile_of_its_own(hours, own):
    (held,) = ALICE.qualifications
    soon = replace(ALICE, qualifications=(replace(held, expires_at=AT + timedelta(hours=hours)),))
    assert is_own(key(soon)) is own


def test_the_day_ends_at_midnight_utc():
    assert day_end(AT) == datetime.combine(AT.date() + timedelta(days=1), time.min, tzinfo=UTC)
    assert day_end(datetime(2026, 3, 1, tzinfo=UTC)).date() == date(2026, 3, 2)
