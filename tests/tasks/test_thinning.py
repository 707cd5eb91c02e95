"""Rounds and rehearsals are kept for a time; what an offer says of itself stays."""

from datetime import timedelta

import pytest
from django.db.models import F

from config.sweeps import SWEEPS
from tasks.models import Offer, Rehearsal, Round
from tasks.operations import rehearsing, thinning
from tasks.operations.routing import route_queue
from tasks.rules.limits import REHEARSALS_KEPT_DAYS, ROUNDS_KEPT_DAYS
from tasks.rules.states import Dispatch
from tests.tasks.crew import moment

pytestmark = pytest.mark.django_db


def routed(crew, project, count):
    """A round that makes so many offers."""
    crew.tasks(project, count)
    assert route_queue(queue="stem", at=moment()).offers == count
    return Round.objects.latest("id")


def aged(row, *, days, column="at"):
    moved = {column: F(column) - timedelta(days=days, minutes=1)}
    type(row).objects.filter(pk=row.pk).update(**moved)


def thinned(verb, **limits):
    return verb(at=moment(), **limits)


def test_an_old_round_goes_and_its_offers_keep_what_they_say(crew):
    crew.tutor("Alice")
    project = crew.project(dispatch=Dispatch.PUSH)
    old, new = routed(crew, project, 1), routed(crew, project, 1)
    first, last = Offer.objects.order_by("id")
    said = first.reasons
    aged(old, days=ROUNDS_KEPT_DAYS - 1)
    assert thinned(thinning.thin_rounds) == 0
    aged(old, days=1)
    assert thinned(thinning.thin_rounds) == 2
    assert thinned(thinning.thin_rounds) == 0
    assert list(Round.objects.all()) == [new]
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.round_id, last.round_id) == (None, new.pk)
    assert first.reasons == said and said["verdicts"]


def test_a_round_of_many_offers_goes_in_batches_and_last(crew):
    for n in range(5):
        crew.tutor(f"Person{n}", capacity=1)
    old = routed(crew, crew.project(dispatch=Dispatch.PUSH), 5)
    aged(old, days=ROUNDS_KEPT_DAYS)
    passes = []
    while moved := thinned(thinning.thin_rounds, limit=2):
        passes.append((moved, Offer.objects.filter(round=old.pk).count()))
    assert passes == [(2, 3), (2, 1), (2, 0)]
    assert not Round.objects.exists()


def asked(crew, project):
    return rehearsing.rehearse_policy(
        owner=project, document={}, since=crew.at - timedelta(hours=2), until=crew.at,
        actor=crew.max, at=moment(),
    )  # fmt: skip


def test_old_answers_of_rehearsals_go_and_what_still_waits_stays(crew):
    project = crew.project()
    old, older, waiting = (asked(crew, project) for _ in range(3))
    for each in (old, older):
        rehearsing.play_rehearsal(rehearsal_id=each.pk, at=moment())
    aged(waiting, days=2 * REHEARSALS_KEPT_DAYS, column="asked_at")
    aged(old, days=REHEARSALS_KEPT_DAYS - 1, column="ended_at")
    aged(older, days=REHEARSALS_KEPT_DAYS, column="ended_at")
    assert thinned(thinning.thin_rehearsals) == 1
    assert thinned(thinning.thin_rehearsals) == 0
    assert set(Rehearsal.objects.all()) == {old, waiting}
    aged(old, days=1, column="ended_at")
    assert thinned(thinning.thin_rehearsals, limit=1) == 1


def test_the_sweeper_does_it_on_every_pass():
    assert {thinning.thin_rounds, thinning.thin_rehearsals} <= {verb for _, verb in SWEEPS}
