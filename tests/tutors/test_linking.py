"""Linked accounts: groups from links, who may say so, and what holds while it is said."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tutors.hiring import NOW, House, hire
from tutors.models import Tutor, TutorLink
from tutors.operations.linking import (
    AlreadyLinked,
    CannotLink,
    LinkOver,
    link,
    unlink,
)
from tutors.queries.facts import facts_for
from tutors.queries.invariants import checks
from tutors.rules.linking import LINKED_MAX, groups
from tutors.rules.states import LinkKind
from workforce.models import Event

_PAIRS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] != pair[1]),
    max_size=12,
)


def reached(pairs: list[tuple[int, int]], start: int) -> set[int]:
    """Whoever can be walked to from `start`."""
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for pair in pairs:
            if here in pair:
                new = set(pair) - seen
                seen |= new
                todo += new
    return seen


@given(pairs=_PAIRS)
def test_groups_are_who_can_be_walked_to(pairs: list[tuple[int, int]]) -> None:
    found = groups(pairs)
    everybody = {each for pair in pairs for each in pair}
    assert sorted(each for group in found for each in group) == sorted(everybody)
    for group in found:
        assert group == reached(pairs, min(group))
    assert found == sorted(found, key=min)


@pytest.fixture
def three(house: House) -> tuple[Tutor, Tutor, Tutor]:
    a, b, c = (hire(house, name=name) for name in ("Alice Adams", "Bob Brown", "Carol Chen"))
    return a, b, c


def tie_up(house: House, one: Tutor, two: Tutor, **said: Any) -> TutorLink:
    wanted = {"kind": LinkKind.HOUSEHOLD, "reason": "One address", **said}
    return link(tutor=one, other=two, actor=house.ruth, at=NOW, **wanted)


def linked(*tutors: Tutor) -> list[tuple[int, ...]]:
    facts = facts_for(tutor_ids=[each.pk for each in tutors], at=NOW)
    return [facts[each.pk].linked for each in tutors]


def sound() -> None:
    broken = {check.name: check.problems for check in checks(at=NOW) if check.problems}
    assert not broken


@pytest.mark.django_db
def test_links_are_meant_both_ways_and_join(house: House, three: tuple[Tutor, ...]) -> None:
    a, b, c = three
    before = [each.facts_version for each in Tutor.objects.order_by("pk")]
    tie_up(house, b, a)
    assert linked(a, b, c) == [(b.pk,), (a.pk,), ()]
    second = tie_up(house, b, c)
    assert linked(a, b, c) == [(b.pk, c.pk), (a.pk, c.pk), (a.pk, b.pk)]
    event = Event.objects.get(kind="tutors.accounts_linked", subject=second.public_id)
    assert event.body["tutors"] == [each.public_id for each in three]
    after = [each.facts_version for each in Tutor.objects.order_by("pk")]
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 2, 1]
    sound()
    unlink(link=second, actor=house.rita, at=NOW)
    assert linked(a, b, c) == [(b.pk,), (a.pk,), ()]
    sound()


@pytest.mark.django_db
def test_what_ends_one_link_leaves_another_way(house: House, three: tuple[Tutor, ...]) -> None:
    a, b, c = three
    first = tie_up(house, a, b)
    tie_up(house, b, c)
    tie_up(house, a, c)
    unlink(link=first, actor=house.ruth, at=NOW)
    assert linked(a, b, c) == [(b.pk, c.pk), (a.pk, c.pk), (a.pk, b.pk)]
    with pytest.raises(LinkOver):
        unlink(link=first, actor=house.ruth, at=NOW + timedelta(minutes=1))
    sound()


@pytest.mark.django_db
def test_the_lowest_leaves_and_the_others_stay_one(house: House, three: tuple[Tutor, ...]) -> None:
    a, b, c = three
    first = tie_up(house, a, b)
    tie_up(house, b, c)
    unlink(link=first, actor=house.ruth, at=NOW)
    assert linked(a, b, c) == [(), (c.pk,), (b.pk,)]
    assert Tutor.objects.get(pk=c.pk).person == b.pk
    sound()


@pytest.mark.django_db
def test_a_bad_link_changes_nothing(house: House, three: tuple[Tutor, ...]) -> None:
    a, b, c = three
    tie_up(house, a, b)
    before = Event.objects.count(), list(Tutor.objects.values_list("facts_version", flat=True))
    for refused, said in (
        (CannotLink, {"one": a, "two": a}),
        (CannotLink, {"one": a, "two": c, "reason": " "}),
        (AlreadyLinked, {"one": b, "two": a}),
    ):
        with pytest.raises(refused):
            tie_up(house, **said)
    after = Event.objects.count(), list(Tutor.objects.values_list("facts_version", flat=True))
    assert (after, TutorLink.objects.count()) == (before, 1)


@pytest.mark.django_db
def test_a_group_has_twelve_accounts_at_most(house: House) -> None:
    assert LINKED_MAX == 12
    first, *others = [hire(house, name=f"Account{n} One") for n in range(LINKED_MAX + 1)]
    *fitting, one_more = others
    for each in fitting:
        tie_up(house, first, each)
    before = Event.objects.count(), list(Tutor.objects.values_list("facts_version", flat=True))
    with pytest.raises(CannotLink) as refused:
        tie_up(house, fitting[-1], one_more)
    assert list(refused.value.errors) == ["other"]
    after = Event.objects.count(), list(Tutor.objects.values_list("facts_version", flat=True))
    assert (after, TutorLink.objects.count()) == (before, LINKED_MAX - 1)
    sound()


@pytest.mark.django_db
def test_a_group_that_no_link_makes_is_found(house: House, three: tuple[Tutor, ...]) -> None:
    a, b, _ = three
    Tutor.objects.filter(pk__in=[a.pk, b.pk]).update(person=a.pk)
    found = {check.name: check.problems for check in checks(at=NOW)}
    assert len(found["links_make_groups"]) == 2
