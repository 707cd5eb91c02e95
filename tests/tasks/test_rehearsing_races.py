"""Rehearsals take turns, and a stop reaches one that is being played: on real connections."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from tasks.operations import rehearsing
from tasks.rules.states import Dispatch, RehearsalState
from tests.tasks.crew import Crew, moment

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]

WAIT_SECONDS = 30


def asked(crew, *, days):
    project = crew.project(dispatch=Dispatch.BOTH)
    crew.tutor("Alice")
    crew.tasks(project, 2)
    return rehearsing.rehearse_policy(
        owner=project,
        document={"specialist_first_minutes": 1},
        since=moment() - timedelta(days=days),
        until=moment(),
        actor=crew.max,
        at=moment(),
    )


@contextmanager
def beside(act: Callable[[], object]) -> Iterator[threading.Thread]:
    """Something on a connection of its own while the block runs; joined at its end."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(WAIT_SECONDS)


def play(row, **more):
    return rehearsing.play_rehearsal(rehearsal_id=row.pk, at=moment(), **more)


def test_two_are_played_one_after_the_other():
    row = asked(Crew(), days=1)
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with rehearsing.turn() as mine:
            assert mine
            held.set()
            over.wait(WAIT_SECONDS)

    with beside(hold):
        assert held.wait(WAIT_SECONDS)
        assert play(row) is False
        row.refresh_from_db()
        assert row.state == RehearsalState.WAITING
        over.set()
    assert play(row) is True
    row.refresh_from_db()
    assert row.state == RehearsalState.DONE


def test_the_turn_comes_back_when_its_holder_dies():
    row = asked(Crew(), days=1)
    gone = threading.Event()

    def die() -> None:
        rehearsing.turn().__enter__()
        connections.close_all()
        gone.set()

    with beside(die):
        assert gone.wait(WAIT_SECONDS)
    assert play(row) is True


def test_a_stop_reaches_a_play_that_runs():
    """It sees the stop at the next hour of the story, of which there are 14 × 24 in six plays."""
    crew = Crew()
    row = asked(crew, days=14)
    said = []

    def playing_it() -> None:
        with CaptureQueriesContext(connection) as seen:
            play(row, say_every=0.0)
        said.extend(q for q in seen.captured_queries if '"percent" = ' in q["sql"])

    with beside(playing_it) as playing:
        while playing.is_alive() and not row.percent:
            row.refresh_from_db()
        rehearsing.stop_rehearsal(rehearsal=row, actor=crew.max, at=moment())
    row.refresh_from_db()
    assert (row.state, row.answer) == (RehearsalState.STOPPED, None)
    assert 0 < row.percent < 100 and row.ended_at is not None
    assert 0 < len(said) < 14 * 24 * 6
