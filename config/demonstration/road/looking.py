"""Questions that people ask on the way: why you, why not me, and what was done today."""

from config.demonstration.pieces import Json
from config.demonstration.road.calling import Caller


class WrongAnswer(Exception):
    """A question was answered as it must not be."""


def ask_why(*, manager: Caller, project: str, fits: str, does_not: str) -> str:
    """Somebody of the field may have a task of the project, somebody of another may not."""
    task = next(manager.pages("tasks/", project=project))["id"]
    yes = manager.get(f"tasks/{task}/explain/", tutor=fits)
    no = manager.get(f"tasks/{task}/explain/", tutor=does_not)
    if not yes["eligible"] or no["eligible"]:
        raise WrongAnswer(f"{task}: eligible {yes['eligible']} for {fits}, {no['eligible']}: {no}")
    failed = [verdict["code"] for verdict in no["verdicts"] if not verdict["passed"]]
    return f"{task}: {fits} may, {does_not} may not ({', '.join(failed)})"


def own_queue(person: Caller) -> str:
    """What waits for one person, and whether she may have it."""
    lines = person.get("work/queue/")["results"]
    open_lines = [line for line in lines if line["eligible"]]
    waiting = sum(line["waiting"] for line in open_lines)
    return f"{person.who} sees {waiting} waiting in {len(open_lines)} of {len(lines)} lines"


def throughput(manager: Caller) -> dict[str, Json]:
    """The kept figures by domain, added up over the hours of this run."""
    found: dict[str, Json] = {}
    answer = manager.get("ops/throughput/", by="domain", bucket="hour", hours=2)
    for line in answer["results"]:
        sums = found.setdefault(line["domain"], {})
        for name in ("claimed", "submitted", "accepted", "seconds"):
            sums[name] = sums.get(name, 0) + line[name]
    return found
