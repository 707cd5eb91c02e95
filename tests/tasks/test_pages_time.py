"""The time page: Alice's week, drafts by hand, hand-in, a decline and her dispute."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tasks.models import TimeEntry
from tasks.operations.timekeeping import Stretch, decline, submit_entry, write_down
from tasks.rules.clocks import week_of
from tasks.rules.states import TimeKind, TimeState
from tests.tasks.crew import Crew, moment
from tests.tasks.statements import counting
from workforce.models import Event

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
STATEMENTS_MAX = 16


@pytest.fixture
def crew():
    return Crew(at=moment() - timedelta(days=40))


@pytest.fixture
def alice(crew):
    return crew.tutor("Alice")


def come(who):
    client = Client()
    client.force_login(who.account)
    return client


def text_of(answer):
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def last_week(days: int = 1, hour: int = 9) -> datetime:
    """An hour of a day of the last whole week in London."""
    monday = week_of(at=moment() - timedelta(days=7), zone="Europe/London")[0]
    local = monday.astimezone(LONDON) + timedelta(days=days)
    return local.replace(hour=hour).astimezone(UTC)


def wrote(alice, *, start=None, minutes=30, kind=TimeKind.MEETING, reason="Weekly call"):
    begins = start or last_week()
    return write_down(
        tutor=alice,
        stretch=Stretch(
            kind=kind,
            started_at=begins,
            ended_at=begins + timedelta(minutes=minutes),
            reason=reason,
        ),
        actor=alice.account,
        at=moment(),
    )


def form(**changes):
    local = last_week().astimezone(LONDON)
    return {
        "kind": "meeting",
        "day": f"{local:%Y-%m-%d}",
        "started_at": "09:00",
        "ended_at": "09:45",
        "reason": "Weekly call",
        **changes,
    }


def test_time_is_written_down_in_her_zone_as_a_draft(alice):
    answer = come(alice).post("/work/time/write/", form(), follow=True)
    entry = TimeEntry.objects.get()
    assert "Written down as a draft" in text_of(answer)
    assert (entry.state, entry.seconds, entry.reason) == ("draft", 2_700, "Weekly call")
    assert entry.started_at == last_week(hour=9)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "What the time was for:"),
        ({"ended_at": "09:00"}, "The end must be after the start."),
        ({"kind": "task"}, "Choose the project that the work was for."),
        ({"kind": "wait"}, "What for:"),
        ({"day": "2199-01-01"}, "This lies in the future."),
        ({"day": "yesterday"}, "Day:"),
        ({"started_at": "08:00", "ended_at": "07:00"}, "At most 12 hours in one entry"),
    ],
)
def test_a_refused_form_is_shown_again_and_writes_nothing(alice, changes, said):
    before = Event.objects.count()
    answer = come(alice).post("/work/time/write/", form(**changes))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="09:00"' in answer.content.decode() or "started_at" in changes
    assert TimeEntry.objects.count() == 0 and Event.objects.count() == before


def test_time_that_overlaps_is_refused_in_words(alice):
    wrote(alice, start=last_week(hour=9))
    answer = come(alice).post("/work/time/write/", form())
    assert answer.status_code == 422
    assert "has time already" in text_of(answer)
    assert TimeEntry.objects.count() == 1


def test_time_past_midnight_ends_the_next_day(alice):
    come(alice).post("/work/time/write/", form(started_at="23:30", ended_at="00:15"))
    assert TimeEntry.objects.get().seconds == 2_700


def test_a_draft_is_handed_in_once(alice):
    entry = wrote(alice)
    client = come(alice)
    answer = client.post(f"/work/time/{entry.public_id}/submit/", follow=True)
    assert "A manager approves it." in text_of(answer)
    entry.refresh_from_db()
    assert entry.state == "submitted"
    again = client.post(f"/work/time/{entry.public_id}/submit/")
    assert again.status_code == 409
    assert "only a draft is handed in" in text_of(again)


def test_a_decline_is_read_and_disputed(crew, alice):
    entry = submit_entry(entry=wrote(alice), actor=alice.account, at=moment())
    decline(entry=entry, reason="No such call was held", actor=crew.max, at=moment())
    client = come(alice)
    where = f"/work/time/?week={entry.started_at:%Y-%m-%d}"
    text = text_of(client.get(where))
    assert "Because: No such call was held" in text and "Dispute it" in text
    empty = client.post(f"/work/time/{entry.public_id}/dispute/", {"reason": " "}, follow=True)
    assert "Nothing was sent." in text_of(empty)
    entry.refresh_from_db()
    assert entry.state == "declined"
    client.post(f"/work/time/{entry.public_id}/dispute/", {"reason": "It was on 3 floors"})
    entry.refresh_from_db()
    assert entry.state == "disputed"
    assert "Disputed" in text_of(client.get(where))


def test_somebody_elses_time_is_not_there(crew, alice):
    entry = wrote(alice)
    bob = come(crew.tutor("Bob"))
    for verb in ("submit", "dispute"):
        assert bob.post(f"/work/time/{entry.public_id}/{verb}/", {"reason": "x"}).status_code == 404
    entry.refresh_from_db()
    assert entry.state == "draft"


def test_a_week_adds_up_by_state_and_leaves_declined_time_out(crew, alice):
    sent = submit_entry(
        entry=wrote(alice, start=last_week(hour=9), minutes=30), actor=alice.account, at=moment()
    )
    wrote(alice, start=last_week(hour=11), minutes=45)
    no = submit_entry(
        entry=wrote(alice, start=last_week(2, hour=9), minutes=60),
        actor=alice.account,
        at=moment(),
    )
    decline(entry=no, reason="Twice", actor=crew.max, at=moment())
    page = come(alice).get(f"/work/time/?week={sent.started_at:%Y-%m-%d}")
    text = text_of(page)
    assert "1 h 15 m of" in text or "1 h 15 m" in text
    assert page.context["week"].used_seconds == 75 * 60
    sums = page.context["week"].by_state
    assert sums == {TimeState.SUBMITTED: 1_800, TimeState.DRAFT: 2_700, TimeState.DECLINED: 3_600}


def test_each_week_is_there_and_nonsense_means_this_one(alice):
    wrote(alice)
    client = come(alice)
    assert "Weekly call" not in text_of(client.get("/work/time/"))
    for week in ("", "soon", "9999-12-31", "0001-01-01", "2026-13-45"):
        assert client.get(f"/work/time/?week={week}").status_code == 200
    here = f"{last_week():%Y-%m-%d}"
    assert "Weekly call" in text_of(client.get(f"/work/time/?week={here}"))


def test_the_csv_has_the_weeks_entries_and_quotes_formulas(alice):
    wrote(alice, reason="=1+1")
    wrote(alice, start=moment() - timedelta(days=30), reason="Long ago")
    rows = b"".join(come(alice).get(f"/work/time/?format=csv&week={last_week():%Y-%m-%d}"))
    lines = rows.decode().splitlines()
    assert len(lines) == 2 and "0.5000" in lines[1]
    assert ",=1+1" not in lines[1]
    whole = b"".join(come(alice).get("/work/time/?format=csv")).decode().splitlines()
    assert len(whole) == 3


def test_statements_do_not_grow_with_entries(alice):
    counts = []
    for wanted in (1, 8):
        while TimeEntry.objects.count() < wanted:
            n = TimeEntry.objects.count()
            wrote(alice, start=last_week(hour=8) + timedelta(minutes=40 * n))
        client = come(alice)
        where = f"/work/time/?week={last_week():%Y-%m-%d}"
        client.get(where)
        with counting() as counted:
            client.get(where)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= STATEMENTS_MAX
