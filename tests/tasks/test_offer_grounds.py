"""What an offer keeps of its verdicts: in short, and in the end word for word what a fit says."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.models import Offer, OfferGrounds, Pool
from tasks.operations.cancelling import cancel
from tasks.operations.policing import set_policy
from tasks.operations.routing import route_queue
from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.pools import pools_by_id, requirements_of, with_shares
from tasks.queries.records import with_records
from tasks.rules.ahead import Hands, Way
from tasks.rules.fingerprints import at_rest
from tasks.rules.grounds import document_of, hands_told, passed, reasons, why_of
from tasks.rules.matching import fit, share_verdict
from tasks.rules.policies import InForce, Policy
from tasks.rules.ranking import Score
from tasks.rules.states import Dispatch
from tests.tasks.crew import Crew, moment
from tests.tasks.statements import counting
from tests.tasks.test_demand import CARDS, TESTS, pool
from tests.tasks.test_policy_agreement import Ruled
from tests.tutors.people import ALICE, AT
from tests.tutors.sets import document, hard
from tutors.models import Tutor
from tutors.operations.qualifying import grant
from tutors.queries.facts import facts_for
from tutors.rules.requirements import parse

QUALIFIED = parse(document(hard("field", TESTS[0])))
NUMBERS = st.integers(0, 5)
HOURS = st.integers(0, 30).map(lambda hours: hours * 1_800)


@given(
    capacity=NUMBERS, in_hand=NUMBERS, offered=NUMBERS, used=HOURS, promised=HOURS,
    cap=st.none() | HOURS, own=NUMBERS, others=NUMBERS, percent=st.sampled_from([0, 30, 60]),
    weight=st.integers(1, 3),
)  # fmt: skip
def test_with_any_hands_the_short_form_says_what_a_fit_says(
    capacity, in_hand, offered, used, promised, cap, own, others, percent, weight
):
    ruled = InForce(
        policy=Policy(
            concentration_percent=percent, concentration_attempts_min=1, attempt_weight=weight
        ),
    )
    ahead = replace(pool(1, project=1, asked=QUALIFIED), in_force=ruled, attempts=own + others)
    contract = replace(ALICE.contract, cap_seconds_week=cap)
    facts = replace(ALICE, capacity=capacity, contract=contract)
    hands = Hands(
        tutor_id=1, open_weight=in_hand + offered, used_seconds=used, promised_seconds=promised,
        attempts={1: own},
    )  # fmt: skip

    def judged(facts, hands):
        return fit(
            facts=facts, pool=ahead, requirement=QUALIFIED, hands=hands, cards=CARDS, at=AT,
            way=Way.PUSH,
        )  # fmt: skip

    whole = judged(facts, hands)
    rest = passed(judged(at_rest(facts), Hands(tutor_id=1)))
    told = rest and hands_told(
        in_hand=in_hand + offered, most=capacity, weight=weight,
        cap_seconds=cap, used_seconds=used + promised, expected_seconds=ahead.expected_seconds,
        share=share_verdict(ahead, hands=hands, way=Way.PUSH),
    )  # fmt: skip
    assert (told is not None) == whole.eligible
    if told is not None:
        score = Score(priority=1, waited=2, sla=3, fit=4, affinity=5, preferred=6, cost=7)
        why = json.loads(why_of(passed=rest, hands=told, score=score, rate_rule='a "rule"'))
        grounds = document_of(rest.asked, policy={"version": 3})
        assert reasons(why=why, grounds=grounds) == {
            "verdicts": [verdict.as_json() for verdict in whole.verdicts],
            "score": score.terms(),
            "rate_rule": 'a "rule"',
            "policy": {"version": 3},
        }


def fits_now():
    """Fits of everybody before every pool, by pool and tutor, as the router must judge them."""
    pools = list(pools_by_id(Pool.objects.values_list("pk", flat=True)).values())
    asked = requirements_of(pools)
    facts = facts_for(tutor_ids=list(Tutor.objects.values_list("pk", flat=True)), at=moment())
    facts = with_records(facts, requirements=asked.values())
    hands = with_shares(hands_of(everybody=facts.values(), at=moment()), pools=pools)
    cards = cards_for(version=version_now(), pools=pools, at=moment())

    def judged(ahead, own):
        return fit(
            facts=own, pool=ahead, requirement=asked[ahead.pool_id], hands=hands[own.tutor_id],
            cards=cards, at=moment(), way=Way.PUSH,
        )  # fmt: skip

    return {
        (ahead.pool_id, own.tutor_id): judged(ahead, own)
        for ahead in pools
        for own in facts.values()
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [71, 828, 4])
def test_every_offer_of_a_random_world_says_what_a_fit_said_then(seed):
    Ruled(seed, dispatch="both")
    before = fits_now()
    route_queue(queue="stem", at=moment())
    offers = Offer.objects.filter(kind="work").select_related("grounds", "slot")
    assert offers
    for offer in offers:
        told = before[offer.pool_id, offer.tutor_id]
        rate = told.rates[offer.slot.complexity - 1]
        why = offer.reasons
        assert why["verdicts"] == [verdict.as_json() for verdict in told.verdicts]
        assert (why["rate_rule"], offer.rate_minor_hourly) == (rate.rule, rate.minor_hourly)
        assert why["policy"] == told.pool.in_force.as_json()


def level(why):
    (held,) = [v["fact"] for v in why["verdicts"] if v["code"] == "qualification_held"]
    return held.partition(", until")[0]


@pytest.mark.django_db
def test_what_an_offer_says_stays_as_it_was_when_facts_and_policy_change():
    crew = Crew()
    alice = crew.tutor("Alice", level=2)
    project = crew.project(dispatch=Dispatch.PUSH)
    (first,) = crew.tasks(project)
    route_queue(queue="stem", at=moment())
    then = Offer.objects.get()
    said = then.reasons
    assert level(said) == "stem.mathematics, level 2"
    cancel(task=first, reason="Not needed", actor=crew.max, at=moment())
    grant(
        tutor=alice, speciality="stem.mathematics", level=3, expires_at=None, actor=crew.ruth,
        at=moment(),
    )  # fmt: skip
    set_policy(
        owner=project, document={"cost_percent": 0}, seen=0, note="New", actor=crew.max, at=moment()
    )
    crew.tasks(project)
    route_queue(queue="stem", at=moment())
    now = Offer.objects.get(state="offered").reasons
    assert level(now) == "stem.mathematics, level 3"
    assert (said["policy"]["version"], now["policy"]["version"]) == (0, 1)
    assert Offer.objects.get(pk=then.pk).reasons == said


@pytest.mark.django_db
def test_offers_on_the_same_grounds_share_them_in_all_rounds():
    crew = Crew()
    for n in range(4):
        crew.tutor(f"Person{n}", capacity=1)
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project, 2)
    assert route_queue(queue="stem", at=moment()).offers == 2
    crew.tasks(project, 2)
    assert route_queue(queue="stem", at=moment()).offers == 2
    assert len({offer.round_id for offer in Offer.objects.all()}) == 2
    assert len({offer.grounds_id for offer in Offer.objects.all()}) == 1
    assert OfferGrounds.objects.count() == 1


@pytest.mark.django_db
def test_statements_of_a_round_do_not_grow():
    """Neither with pools nor with people nor with offers, up to the offers made at once."""
    crew = Crew()

    def counted():
        with counting() as statements:
            made = route_queue(queue="stem", at=moment()).offers
        return made, statements

    crew.tutor("Alice", capacity=1)
    crew.tasks(crew.project(dispatch=Dispatch.PUSH))
    one, few = counted()
    for n in range(6):
        crew.tutor(f"Person{n}")
        crew.tasks(crew.project(dispatch=Dispatch.PUSH), 3)
    more, many = counted()
    assert (one, more) == (1, 18)
    assert len(many) == len(few), many.statements
