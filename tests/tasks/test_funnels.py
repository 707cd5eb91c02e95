"""The eligibility funnel: exact figures over named people, and honest ones over a sample."""

from collections import Counter

import pytest

from tasks.queries.funnels import tried, who
from tests.people import knock, person
from tests.tasks.crew import Crew, moment
from tests.tasks.statements import counting
from tutors.operations.presence import set_presence
from tutors.rules.reaching import Part, Standing, counted, funnel_of
from tutors.rules.requirements import parse
from tutors.rules.states import Presence
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

MATHS = {"kind": "qualification", "speciality": "stem.mathematics", "level_min": 2}
GREEK = {"kind": "language", "tag": "el", "min": "C1"}
NDA = {"kind": "agreement", "type": "nda", "party": "client"}
FUNNEL = "/api/v1/requirement-sets/funnel/"


def asking(**tests):
    rules = [{"id": rule, "mode": "hard", "test": test} for rule, test in tests.items()]
    return {"schema": 1, "name": "Tried", "rules": rules}


@pytest.fixture
def crew():
    """Alice, Bob and Cleo do mathematics at 3, 2 and 1, Dora physics; Eve has no contract."""
    crew = Crew()
    crew.alice = crew.tutor("Alice", level=3)
    crew.bob = crew.tutor("Bob", level=2)
    crew.cleo = crew.tutor("Cleo", level=1)
    crew.dora = crew.tutor("Dora", level=3, speciality="stem.physics")
    crew.eve = crew.tutor("Eve", level=3, contract=False)
    for tutor, level in ((crew.alice, "native"), (crew.cleo, "C1")):
        tutor.languages.create(tag="el", level=level)
    return crew


def ask(crew, document, **more):
    return tried(requirement=parse(document), client=crew.client.public_id, at=moment(), **more)


def test_the_funnel_says_how_far_people_get_and_which_rule_costs_most(crew):
    set_presence(
        tutor=crew.bob, state=Presence.PAUSED, until=None, actor=crew.bob.account, at=moment()
    )
    found = ask(crew, asking(field=MATHS, papers=NDA, greek=GREEK))
    funnel = found.funnel
    assert (funnel.people, funnel.looked, funnel.is_sample) == (4, 4, False)
    assert [(s.rule, s.alone.n, s.left.n, s.more_without.n) for s in funnel.steps] == [
        ("field", 2, 2, 1),
        ("papers", 4, 2, 0),
        ("greek", 2, 1, 1),
    ]
    assert all(s.alone.exact and s.left.exact and s.more_without.exact for s in funnel.steps)
    assert (funnel.qualified, funnel.nearly.n, funnel.ready) == (1, 2, 1)
    assert (funnel.costliest, funnel.tightest) == ("field", "field")
    assert [each.facts.tutor_id for each in found.able] == [crew.alice.pk]
    assert [(each.facts.tutor_id, each.missing) for each in found.nearly] == [
        (crew.bob.pk, "greek"),
        (crew.cleo.pk, "field"),
    ]


def test_hours_left_of_the_week_are_those_under_the_caps_of_who_passes(crew):
    funnel = ask(crew, asking(field=MATHS)).funnel
    assert (funnel.qualified, funnel.free_seconds, funnel.uncapped) == (2, 2 * 40 * 3600, 0)


def test_everybody_with_an_open_account_counts_where_asked_for(crew):
    funnel = ask(crew, asking(field=MATHS), contracted=False).funnel
    assert (funnel.people, funnel.qualified, funnel.ready) == (5, 3, 2)


def test_papers_of_no_client_count_as_unsigned(crew):
    found = tried(requirement=parse(asking(papers=NDA)), client=None, at=moment())
    assert (found.funnel.people, found.funnel.qualified) == (4, 0)


def test_statements_do_not_grow_with_people(crew):
    with counting() as few:
        ask(crew, asking(field=MATHS, greek=GREEK))
    for name in ("Fay", "Gus", "Hal"):
        crew.tutor(name, level=4)
    with counting() as more:
        ask(crew, asking(field=MATHS, greek=GREEK))
    assert (len(few), len(more)) == (3, 3)


def test_a_large_house_is_sampled_and_those_qualified_are_all_asked(crew):
    funnel = ask(crew, asking(field=MATHS, greek=GREEK), looked_max=3, near_max=2).funnel
    assert (funnel.people, funnel.looked, funnel.is_sample) == (4, 3, True)
    assert funnel.qualified == 1
    assert funnel.qualifying.low == 1 and funnel.qualifying.high >= 1
    assert funnel.steps[0].alone.low == 2


def test_estimates_hold_their_interval():
    exact = Part(size=10, counts=Counter({Standing(0): 4, Standing(1): 6}))
    drawn = Part(size=1_000, counts=Counter({Standing(1): 80, Standing(2): 20}))
    passing = counted([exact], lambda each: each.passes)
    assert (passing.n, passing.low, passing.high, passing.exact) == (4, 4, 4, True)
    second = counted([exact, drawn], lambda each: each.failed == 2)
    assert (second.n, second.low, second.high) == (200, 133, 289)
    assert not second.exact
    funnel = funnel_of(rules=["a", "b"], parts=[exact, drawn])
    assert (funnel.people, funnel.looked) == (1_010, 110)
    assert funnel.steps[0].alone.n == 4 + 200
    assert funnel.costliest == "a"
    empty = funnel_of(rules=["a"], parts=[])
    assert (empty.people, empty.qualified, empty.tightest) == (0, 0, "")


def test_who_could_is_paged_and_says_how_far_it_looked(crew):
    wanted = {
        "requirement": parse(asking(field=MATHS)),
        "client": None,
        "at": moment(),
        "at_once": 2,
    }
    first = who(**wanted, size=1)
    assert [each.facts.tutor_id for each in first.people] == [crew.alice.pk]
    assert (first.looked, first.upto) == (1, crew.alice.pk)
    rest = who(**wanted, after=first.upto)
    assert [each.facts.tutor_id for each in rest.people] == [crew.bob.pk]
    assert rest.upto == 0
    near = who(**wanted, nearly=True, read_max=3)
    assert [(each.facts.tutor_id, each.missing) for each in near.people] == [
        (crew.cleo.pk, "field")
    ]
    assert (near.looked, near.upto) == (3, crew.cleo.pk)
    assert who(**wanted, nearly=True, after=near.upto).people[0].facts.tutor_id == crew.dora.pk


def test_the_api_tells_the_funnel_and_saves_nothing(crew):
    events = Event.objects.filter(kind__startswith="tutors.")
    before = events.count()
    body = {"requirements": asking(field=MATHS, greek=GREEK), "client": crew.client.public_id}
    told = knock(crew.max).post(FUNNEL, body, format="json").json()
    assert (told["people"], told["looked"], told["qualified"], told["ready"]) == (4, 4, 1, 1)
    assert told["rules"][1] == {
        "rule": "greek",
        "says": "Speaks el at C1 or better.",
        "passing": 2,
        "excluded": 2,
        "alone": {"n": 2, "low": 2, "high": 2},
        "left": {"n": 1, "low": 1, "high": 1},
        "more_without": {"n": 1, "low": 1, "high": 1},
    }
    assert (told["costliest"], told["free_seconds_week"], told["uncapped"]) == ("field", 144000, 0)
    assert told["tutors"] == [crew.alice.public_id]
    assert told["nearly_tutors"] == [
        {"tutor": crew.bob.public_id, "missing": "greek"},
        {"tutor": crew.cleo.public_id, "missing": "field"},
    ]
    wrong = knock(crew.max).post(
        FUNNEL, {"requirements": asking(greek={"kind": "language", "tag": "el"})}, format="json"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_requirements")
    assert wrong.json()["errors"] == {"rules.0.test.min": ["This is needed."]}
    carl = person("Carl", Role.CLIENT)
    assert knock(carl).post(FUNNEL, body, format="json").status_code == 403
    assert events.count() == before
