"""What a project would take: the draw by days, its inputs, and the quote over HTTP."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tasks.models import Project
from tasks.operations.claiming import claim
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tasks.queries.like_work import like_work
from tasks.queries.quotes import Asked, people_seen, quoted
from tasks.rules.free_time import free_by_weekday, minutes_by_day
from tasks.rules.quoting import ATTEMPTS, REVIEWS, Hand, Wanted, price, quote
from tasks.rules.simulating import Arrival, Ours, Scene, SimPool, Worker, play
from tasks.rules.states import ReviewDecision, WorkRole
from tests.people import knock
from tests.tasks.ageing import later
from tests.tasks.crew import ANSWER, ASKED, Crew, moment
from tests.tasks.statements import counting
from tests.tasks.visiting import text_of, visitor
from tutors.operations.presence import set_presence
from tutors.queries.shifts import shifts_between
from tutors.rules.requirements import parse
from tutors.rules.requirements.wording import leaf_in_words
from tutors.rules.states import Presence

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY_DAY = {weekday: [240] for weekday in range(7)}


def alice(**more):
    return Hand(**{"tutor": 1, "free": EVERY_DAY, "attempt_rate": 6_000, **more})


def rita(**more):
    return Hand(**{"tutor": 2, "free": EVERY_DAY, "review_rate": 9_000, **more})


def wanted(**more):
    usual = {"answers": 100, "overlap": 1, "attempt_minutes": 10, "review_minutes": 4}
    return Wanted(**{**usual, "seen": 10**9, **more})


# --- The draw -------------------------------------------------------------------------------


def test_days_and_pay_of_plain_work_to_the_cent():
    """Twelve minutes each with the time between: twenty a day. Ten paid minutes at 60.00."""
    found = quote(wanted=wanted(review_part=0), hands=[alice()])
    assert found.days is not None and found.cost_minor is not None
    assert found.days.mid == pytest.approx(5.0, abs=0.01)
    assert found.cost_minor.mid == pytest.approx(100 * 1_000, rel=0.001)
    assert (found.attempters, found.reviewers, found.bottleneck) == (1, 0, ATTEMPTS)
    assert found.attempt_minutes_a_week == 7 * 240


def test_reviews_are_paid_and_can_hold_it_up():
    slow = rita(free={0: [30]})
    found = quote(wanted=wanted(), hands=[alice(), slow])
    assert found.bottleneck == REVIEWS
    assert found.days is not None and found.days.mid > 14
    quick = quote(wanted=wanted(), hands=[alice(), rita()])
    assert quick.bottleneck == ATTEMPTS
    assert quick.cost_minor.mid == pytest.approx(100 * (1_000 + 600), rel=0.001)


def test_nobody_reviews_her_own_and_a_task_wants_different_people():
    both = alice(review_rate=9_000)
    assert quote(wanted=wanted(), hands=[both]).short_of == REVIEWS
    assert quote(wanted=wanted(), hands=[alice()]).short_of == REVIEWS
    assert quote(wanted=wanted(overlap=2), hands=[alice(), rita()]).short_of == ATTEMPTS
    assert not quote(wanted=wanted(), hands=[]).possible


def test_answers_that_come_back_are_work_again():
    once = quote(wanted=wanted(), hands=[alice(), rita()])
    again = quote(wanted=wanted(again_part=0.5), hands=[alice(), rita()])
    assert again.cost_minor.mid == pytest.approx(1.5 * once.cost_minor.mid, rel=0.01)


def test_who_fails_a_soft_rule_joins_when_it_falls_away():
    late = quote(wanted=wanted(review_part=0), hands=[alice(from_day=3)])
    assert late.days.mid == pytest.approx(8.0, abs=0.01)


def test_little_seen_is_a_wide_interval():
    known = quote(wanted=wanted(review_part=0), hands=[alice()])
    guessed = quote(wanted=wanted(review_part=0, seen=0), hands=[alice()])
    assert guessed.days.high - guessed.days.low > known.days.high - known.days.low + 1


def test_a_rule_has_its_price():
    hands = [alice(), alice(tutor=3), rita()]
    now, without = (quote(wanted=wanted(), hands=some) for some in (hands[1:], hands))
    found = price(rule="field", now=now, without=without)
    assert (found.people, found.makes_possible) == (1, False)
    assert found.days == pytest.approx(now.days.mid - without.days.mid)
    nobody = quote(wanted=wanted(), hands=[])
    assert price(rule="field", now=nobody, without=now).makes_possible


def test_a_price_says_of_a_date_what_the_quote_beside_it_says():
    """At the edge of the horizon some few draws end and most of many do not."""
    some = quote(wanted=wanted(), hands=[alice(), rita()])
    never = quote(wanted=wanted(), hands=[])
    assert price(rule="field", now=some, without=some, shown=never).makes_possible
    told = price(rule="field", now=never, without=some, shown=some)
    assert (told.makes_possible, told.days) == (False, 0)


@given(
    st.integers(1, 400),
    st.lists(st.tuples(st.integers(30, 480), st.booleans()), min_size=2, max_size=6),
)
def test_more_people_never_take_longer_and_the_same_seed_says_the_same(answers, people):
    hands = [
        alice(
            tutor=n,
            free={day: [minutes] for day in range(7)},
            review_rate=6_000 if judges else None,
        )
        for n, (minutes, judges) in enumerate(people)
    ] + [rita(tutor=99)]
    asked = wanted(answers=answers)
    found = quote(wanted=asked, hands=hands, runs=3)
    assert found == quote(wanted=asked, hands=hands, runs=3)
    more = quote(wanted=asked, hands=[*hands, alice(tutor=100)], runs=3)
    assert more.days.mid <= found.days.mid + 0.5


def test_it_agrees_with_the_simulation_by_the_minute():
    """Six people with shifts of their own, 600 tasks at once: the last ends on the same day."""
    shifts = {n: (60 * n, 60 * n + 120 + 30 * n) for n in range(1, 7)}
    workers = [
        Worker(
            worker=n,
            levels={1: 1},
            rate_minor_hourly=6_000,
            shifts=[(1_440 * day + a, 1_440 * day + b) for day in range(60)],
            says_yes=1.0,
            ignores=0.0,
        )
        for n, (a, b) in shifts.items()
    ]
    arrivals = [Arrival(n, 0, 1, 50, 15) for n in range(600)]
    pools = {1: SimPool(pool=1, level_min=1, expected_minutes=15, sla_minutes=None)}
    scene = Scene(seed=1, minutes=20 * 1_440, pools=pools, arrivals=arrivals, workers=workers)
    played = play(scene, Ours())
    hands = [
        alice(tutor=n, free={day: [b - a] for day in range(7)}) for n, (a, b) in shifts.items()
    ]
    asked = wanted(answers=600, attempt_minutes=15, review_part=0)
    found = quote(wanted=asked, hands=hands)
    last = max(each.ended for each in played.done) / 1_440
    assert len(played.done) == 600
    assert found.days.mid == pytest.approx(last, rel=0.1)
    cost = sum(each.cost_minor for each in played.done)
    assert found.cost_minor.mid == pytest.approx(cost, rel=0.01)


# --- Free time ------------------------------------------------------------------------------


def test_a_shift_over_midnight_is_of_both_days():
    found = minutes_by_day([(MONDAY + 23 * HOUR, MONDAY + 25 * HOUR)])
    assert found == {date(2026, 11, 23): 60, date(2026, 11, 24): 60}


def test_free_is_what_was_not_worked_since_she_was_first_there():
    shifts = [(MONDAY + 8 * HOUR, MONDAY + 10 * HOUR), (MONDAY + DAY, MONDAY + DAY + HOUR)]
    free = free_by_weekday(
        shifts=shifts,
        worked={date(2026, 11, 23): 45},
        until=date(2026, 11, 26),
        week_minutes=None,
    )
    assert free == {0: [75], 1: [60], 2: [0]}


def test_a_cap_leaves_less():
    week = [(MONDAY + n * DAY, MONDAY + n * DAY + 4 * HOUR) for n in range(7)]
    free = free_by_weekday(
        shifts=week,
        worked={date(2026, 11, 23): 120},
        until=date(2026, 11, 30),
        week_minutes=120 + 780,
    )
    assert sum(sum(few) for few in free.values()) == 780
    assert free_by_weekday(shifts=[], worked={}, until=date(2026, 11, 30), week_minutes=1) == {}


# --- Over the database and HTTP ---------------------------------------------------------------


@pytest.fixture
def crew(db):
    return Crew(at=moment() - 7 * DAY)


def at_work(crew, name, *, days=7, **more):
    """Somebody who was there from noon on for four hours on each of the last days."""
    tutor = crew.tutor(name, **more)
    change(tutor, Presence.PAUSED, at=crew.at)
    for day in range(days):
        since = crew.at + day * DAY
        change(tutor, Presence.TAKING_WORK, at=since, until=since + 4 * HOUR)
    return tutor


def change(tutor, state, *, at, until=None):
    set_presence(tutor=tutor, state=state, actor=tutor.account, at=at, until=until)


def asked(**more):
    usual = {"requirement": parse(ASKED), "domain": "stem.mathematics", "task_type": "critique"}
    return Asked(**{**usual, "tasks": 60, "expected_seconds": 600, **more})


@pytest.fixture
def house(crew):
    at_work(crew, "Alice")
    at_work(crew, "Bob", level=2)
    at_work(crew, "Rita", level=3, reviewer=True)
    at_work(crew, "Dora", speciality="stem.physics")
    return crew


def test_a_quote_rests_on_who_was_there_and_may(house):
    """Dora is no mathematician; at the project's own price she could do it without the rule."""
    own_price = {"minor_hourly": 6_000, "currency": "USD"}
    found = quoted(asked=asked(rate_rule=own_price), at=moment())
    assert found.quote.possible and found.quote.short_of == ""
    assert (found.present, found.quote.attempters, found.quote.reviewers) == (4, 3, 1)
    assert found.wanted.attempt_minutes == 10 and found.wanted.review_minutes == 5
    (field,) = found.prices
    assert (field.rule, field.people) == ("field", 1)
    assert field.days is not None and field.days > 0


def test_a_pause_is_no_time_there():
    """Four hours a day. Alice is away for two of them; Bob, who meant to stay for days, from the
    end of the fourth on: 7 times two hours and 4 times four.
    """
    eight = moment().astimezone(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    crew = Crew(at=eight - 7 * DAY)
    alice, bob = at_work(crew, "Alice"), at_work(crew, "Bob", days=3)
    back, fourth = crew.at + 3 * HOUR, crew.at + 3 * DAY
    for day in range(7):
        change(alice, Presence.PAUSED, at=crew.at + day * DAY + HOUR)
        change(alice, Presence.TAKING_WORK, at=back + day * DAY, until=back + day * DAY + HOUR)
    change(bob, Presence.TAKING_WORK, at=fourth, until=fourth + 4 * DAY)
    change(bob, Presence.PAUSED, at=fourth + 4 * HOUR)
    found = quoted(asked=asked(), at=eight)
    assert found.quote.attempt_minutes_a_week == 7 * 120 + 4 * 240


SECOND_LEVEL = {
    "schema": 1,
    "name": "Proofs",
    "rules": [
        {
            "id": "field",
            "mode": "hard",
            "test": {"kind": "qualification", "speciality": "stem.mathematics", "level_min": 2},
        },
        {"id": "english", "mode": "hard", "test": {"kind": "language", "tag": "en", "min": "C1"}},
    ],
}


def test_a_step_less_of_a_rule_has_its_own_price(house):
    """Level 2 keeps Alice out, the field Dora; nobody speaks too little English for it."""
    own_price = {"minor_hourly": 6_000, "currency": "USD"}
    wish = asked(requirement=parse(SECOND_LEVEL), rate_rule=own_price)
    found = quoted(asked=wish, at=moment())
    assert found.quote.attempters == 2
    assert {price.rule: price.people for price in found.prices} == {"field": 2, "english": 0}
    assert found.easings.keys() == {"field"}
    (lower,) = found.easings["field"]
    assert leaf_in_words(lower.leaf) == "Qualified in stem.mathematics at level 1 or better"
    assert lower.price.people == 1 and lower.price.days > 0


def test_more_of_the_same_takes_longer_and_costs_in_proportion(house):
    few, many = (quoted(asked=asked(tasks=n), at=moment()).quote for n in (60, 240))
    assert many.days.mid > 2 * few.days.mid
    assert many.cost_minor.mid == pytest.approx(4 * few.cost_minor.mid, rel=0.15)


def test_statements_do_not_grow_with_people(house):
    quoted(asked=asked(), at=moment())  # the rate cards are kept by the process
    with counting() as few:
        quoted(asked=asked(), at=moment())
    at_work(house, "Eve")
    with counting() as more:
        quoted(asked=asked(), at=moment())
    assert len(more) == len(few)


def test_like_work_is_none_at_first(house):
    like = like_work(domain="stem.mathematics", task_type="critique")
    assert (like.attempts, like.attempt_seconds, like.again_part) == (0, None, 0.0)


@pytest.fixture
def alice_worked(crew):
    """Two answers of Alice's, of 20 minutes where 10 were expected, handed in yesterday; one came
    back to her and was done again in five.
    """
    alice, rita = at_work(crew, "Alice"), at_work(crew, "Rita", reviewer=True)
    for each in (alice, rita):
        set_presence(tutor=each, state=Presence.TAKING_WORK, actor=each.account, at=moment())
    crew.tasks(crew.project(), 2)
    for _ in range(2):
        answer(alice, seconds=1_200)
    judging = take(rita, WorkRole.REVIEW)
    seen = open_for_review(account=rita.account, submission_id=judging.judged.submission_id)
    again = Judgement(decision=ReviewDecision.REQUEST_REVISION, category="incomplete", note="Why?")
    decide(account=rita.account, seen=seen, judgement=again, at=moment())
    answer(alice, seconds=300)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tasks_claim SET claimed_at = claimed_at - interval '1 day',"
            " ended_at = ended_at - interval '1 day' WHERE ended_at IS NOT NULL"
        )
    return alice


def take(tutor, role=WorkRole.ATTEMPT):
    held = claim(account=tutor.account, role=role, project_id=None, at=moment())
    assert held is not None
    return held


def answer(tutor, *, seconds):
    held = take(tutor)
    later(seconds=seconds)
    own = in_hand(claim_id=held.claim_id, account_id=tutor.account.pk)
    submit(account=tutor.account, own=own, fence=held.fence, answer=ANSWER, at=moment())


def test_times_and_what_comes_back_are_those_of_like_work(alice_worked):
    like = like_work(domain="stem.mathematics", task_type="critique")
    assert (like.attempts, like.attempt_seconds, like.again_part) == (2, 1_200, 0.5)
    found = quoted(asked=asked(expected_seconds=None, tasks=30), at=moment())
    assert found.wanted.attempt_minutes == 20
    assert (found.wanted.seen, found.wanted.attempts) == (2, 45)
    assert like_work(domain="medicine", task_type="critique").attempts == 0
    assert like_work(domain="stem.mathematics", task_type="rubric").attempts == 0


def test_somebody_gives_what_other_work_left_at_her_own_pace(alice_worked):
    """45 minutes of yesterday's four hours are gone; 2,700 s worked of 1,800 s expected, with
    five tasks of what is usual beside them: (2,700 + 3,000) / (1,800 + 3,000).
    """
    now = moment()
    shifts = shifts_between(since=now - 28 * DAY, until=now)
    wish = asked(tasks=30)
    seen = {
        each.hand.tutor: each
        for each in people_seen(wish, shifts, wanted(attempt_minutes=10), at=now)
    }
    hand = seen[alice_worked.pk].hand
    yesterday = (now - DAY).weekday()
    there = minutes_by_day(shifts[alice_worked.pk])[(now - DAY).date()]
    assert hand.free[yesterday] == [there - 45]
    assert hand.pace == pytest.approx(5_700 / 4_800, rel=0.01)
    assert seen[alice_worked.pk].meets == {"field", "field~1"}


def body(**more):
    usual = {
        "requirements": ASKED,
        "domain": "stem.mathematics",
        "task_type": "critique",
        "tasks": 60,
        "expected_seconds": 600,
    }
    return {**usual, **more}


def test_the_same_over_http(house):
    answer = knock(house.max).post("/api/v1/ops/quotes/", body(), format="json")
    assert answer.status_code == 200, answer.json()
    said = answer.json()
    assert said["possible"] and said["ends_on"]["low"] <= said["ends_on"]["high"]
    assert said["cost_minor"]["low"] <= said["cost_minor"]["mid"] <= said["cost_minor"]["high"]
    assert (said["attempters"], said["bottleneck"] in ("attempts", "reviews")) == (3, True)
    assert (said["prices"][0]["rule"], said["prices"][0]["easier"]) == ("field", [])
    assert not Project.objects.exists()


def test_a_step_less_over_http_can_be_put_in_place_of_the_rule(house):
    api, wish = knock(house.max), body(requirements=SECOND_LEVEL)
    first = api.post("/api/v1/ops/quotes/", wish, format="json").json()
    (field,) = (price for price in first["prices"] if price["rule"] == "field")
    (eased,) = field["easier"]
    assert (eased["says"], eased["people"]) == (
        "Qualified in stem.mathematics at level 1 or better", 1,
    )  # fmt: skip
    rules = [{**SECOND_LEVEL["rules"][0], "test": eased["test"]}, SECOND_LEVEL["rules"][1]]
    wish["requirements"] = {**SECOND_LEVEL, "rules": rules}
    then = api.post("/api/v1/ops/quotes/", wish, format="json").json()
    assert then["attempters"] == first["attempters"] + 1
    assert then["cost_minor"]["mid"] - first["cost_minor"]["mid"] == pytest.approx(
        eased["cost_minor"], rel=0.3
    )


def test_what_cannot_be_quoted_names_the_field(house):
    api = knock(house.max)

    def errors(**more):
        answer = api.post("/api/v1/ops/quotes/", body(**more), format="json")
        assert answer.status_code == 400, answer.json()
        return set(answer.json()["errors"])

    assert errors(domain="nowhere", task_type="nothing") == {"domain", "task_type"}
    assert errors(requirements={"schema": 1}) >= {"requirements.name"}
    assert errors(tasks=0) == {"tasks"}
    none = api.post("/api/v1/ops/quotes/", body(overlap=9), format="json").json()
    assert (none["possible"], none["short_of"], none["ends_on"]) == (False, "attempts", None)


# --- Pages ------------------------------------------------------------------------------------


def desk(**more):
    """The builder's fields for a set that asks for mathematics, with those of a quote."""
    rule = {"r0-id": "field", "r0-b0-l0-kind": "qualification"}
    asked = {
        "r0-b0-l0-speciality": "stem.mathematics",
        "r0-b0-l0-level_min": "1",
        "quote_tasks": "60",
        "quote_domain": "stem.mathematics",
        "quote_type": "critique",
        "quote_minutes": "10",
        "quote_overlap": "1",
        "quote_reviewed": "100",
    }
    return {"name": "Maths", **rule, **asked, **more}


def test_the_builder_quotes_the_rules_on_its_desk(house):
    miriam = visitor(house.max)
    opened = text_of(miriam.get("/ops/requirements/add/"))
    assert "Quote it" in opened and 'name="quote_tasks"' in opened
    part = miriam.post("/ops/quote/", desk(), headers={"HX-Request": "true"})
    said = text_of(part)
    assert part.status_code == 200 and "Done by" in said and "What each rule costs" in said
    assert "<html" not in said
    assert "A step less" not in said
    second = desk(**{"r0-b0-l0-level_min": "2"})
    less = text_of(miriam.post("/ops/quote/", second, headers={"HX-Request": "true"}))
    plain = " ".join(re.sub(r"<[^>]+>", " ", less).split())
    assert "Qualified in stem.mathematics at level 1 or better: 1 more person, " in plain
    whole = text_of(miriam.post("/ops/quote/", desk()))
    assert "Nothing was saved." in whole and "Done by" in whole


def test_a_wrong_number_is_named_and_nothing_is_quoted(house):
    miriam = visitor(house.max)
    refused = miriam.post("/ops/quote/", desk(quote_tasks="0"))
    assert refused.status_code == 422
    assert "Tasks" in text_of(refused) and "Done by" not in text_of(refused)
    none = text_of(miriam.post("/ops/quote/", desk(quote_overlap="9")))
    assert "It would never be done." in none and "Too few people who may answer" in none


def test_a_project_is_quoted_before_it_is_made(house):
    miriam = visitor(house.max)
    form = {
        "client": house.client.public_id,
        "name": "Proofs",
        "task_type": "critique",
        "domain": "stem.mathematics",
        "guide": "# Find it",
        "level": "1",
        "language_level": "C1",
        "overlap": "1",
        "review_percent": "100",
        "priority": "50",
        "dispatch": "both",
        "expected_minutes": "10",
        "lease_minutes": "30",
        "currency": "USD",
    }
    confirm = text_of(miriam.post("/ops/projects/add/", form))
    assert "Look it over" in confirm and "Quote it" in confirm
    said = text_of(miriam.post("/ops/projects/add/quote/", {**form, "quote_tasks": "60"}))
    assert "Done by" in said and "a task." in said
    broken = miriam.post("/ops/projects/add/quote/", {**form, "name": "", "quote_tasks": "60"})
    assert broken.status_code == 422
    assert not Project.objects.exists()
