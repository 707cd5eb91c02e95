"""Everybody at work at once, each in a thread with a client of her own, until all is done."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config.demonstration.answers import AnswerBook
from config.demonstration.chance import dice
from config.demonstration.readers.toloker import Rates
from config.demonstration.road.company import Company
from config.demonstration.road.judging import ReviewerAtWork
from config.demonstration.road.pace import Pace
from config.demonstration.road.working import TutorAtWork
from config.demonstration.story.people import Expert

LOOK_SECONDS = 3.0
A_PAGE = 200
LEAVE_SECONDS = 60.0
TROUBLE_SHOWN_MAX = 10


class NotDone(Exception):
    """The work was not finished in time, or somebody met what must not happen."""


@dataclass(kw_only=True)
class Worked:
    """What the crew did, in all and by domain."""

    seconds: float = 0.0
    seen: dict[str, Counter[str]] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    def add(self, *, domain: str, seen: Counter[str], trouble: list[str]) -> None:
        self.seen.setdefault(domain, Counter()).update(seen)
        self.trouble += trouble


Person = TutorAtWork | ReviewerAtWork


def work(
    *,
    company: Company,
    experts: Sequence[Expert],
    rates: Sequence[Rates],
    book: AnswerBook,
    pace: Pace,
    seed: int,
    remaining: Callable[[], int],
    say: Callable[[str], None],
) -> Worked:
    """Let everybody work until `remaining` says that nothing is open. Raises `NotDone`."""
    crew = [
        (expert, _person(company, expert=expert, rates=mine, book=book, pace=pace, seed=seed))
        for expert, mine in zip(experts, rates, strict=True)
    ]
    ended = threading.Event()
    threads = [
        threading.Thread(target=_safely, args=(person, ended), name=expert.email, daemon=True)
        for expert, person in crew
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    left = _watch(remaining=remaining, pace=pace, say=say)
    ended.set()
    for thread in threads:
        thread.join(timeout=LEAVE_SECONDS)
    worked = Worked(seconds=time.monotonic() - started)
    for expert, person in crew:
        worked.add(domain=expert.domain, seen=person.seen, trouble=person.trouble)
    if left or worked.trouble:
        shown = "\n".join(worked.trouble[:TROUBLE_SHOWN_MAX])
        raise NotDone(f"{left} tasks were left open; {len(worked.trouble)} in trouble\n{shown}")
    return worked


def _person(
    company: Company, *, expert: Expert, rates: Rates, book: AnswerBook, pace: Pace, seed: int
) -> Person:
    caller, chance = company.caller(expert.email), dice(seed, "work", expert.email)
    if expert.part == "review":
        return ReviewerAtWork(caller=caller, book=book, pace=pace, chance=chance)
    return TutorAtWork(caller=caller, rates=rates, book=book, pace=pace, chance=chance)


def _safely(person: Person, ended: threading.Event) -> None:
    """A thread's error would be printed and forgotten; here it fails the run."""
    try:
        person.work_until(ended)
    except Exception as error:
        person.trouble.append(f"{person.caller.who} stopped: {error!r}")
    finally:
        person.caller.close()


def _watch(*, remaining: Callable[[], int], pace: Pace, say: Callable[[str], None]) -> int:
    """Look now and then; the number of open tasks when nothing is left or patience ends."""
    deadline = time.monotonic() + pace.patience_seconds
    left, told = remaining(), -1
    while left and time.monotonic() < deadline:
        if left != told:
            say(f"  {left} tasks open" if left < A_PAGE else f"  {left} tasks open, or more")
            told = left
        time.sleep(LOOK_SECONDS)
        left = remaining()
    return left
