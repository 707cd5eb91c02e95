"""Thirty scripted tutors claim and hand in while things die: nothing is lost, nothing done twice,
and the service is back by itself within seconds.

Each asks again with the same key until she is answered, as a browser does.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from config.launch.places import ROOT
from config.launch.processes import wait_until
from tests.faults.test_jobs import database, flush, kill
from tests.launch.running import LECTERN, Run, Shared
from tests.tasks.crew import ANSWER

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

BACK_SECONDS = 15
PAUSE_SECONDS = 0.7
ASK_AGAIN_SECONDS = 0.2
FROZEN_SECONDS = 5
ANSWERED_MIN = 60
MAKE = "from tests.faults.crew_at_work import make; make()"
CUT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class AtWork:
    """The tutors, each a thread; what they were answered, and when."""

    def __init__(self, run: Run, made: dict[str, Any]) -> None:
        self.base = f"http://localhost:{run.port}/api/v1/work/claims/"
        self.project = made["project"]
        self.over = threading.Event()
        self.answered: list[float] = []
        self.handed_in: list[str] = []
        self.refused: list[str] = []
        self.threads = [
            threading.Thread(target=self._work, args=(token, random.Random(number)))
            for number, token in enumerate(made["tokens"])
        ]
        for thread in self.threads:
            thread.start()

    def _work(self, token: str, chance: random.Random) -> None:
        while not self.over.wait(chance.uniform(0.5, 1.5) * PAUSE_SECONDS):
            claim = self._ask(token, "", {"project": self.project})
            if claim is None:
                continue
            body = {"fence": claim["fence"], "answer": ANSWER}
            handed = self._ask(token, f"{claim['id']}/submit/", body)
            if handed is not None:
                self.handed_in.append(handed["id"])

    def _ask(self, token: str, path: str, body: dict[str, Any]) -> Any:
        """One wish, sent until it is answered; None where the answer is a refusal."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        data = json.dumps(body).encode()
        while True:
            asked = time.monotonic()
            try:
                wish = urllib.request.Request(self.base + path, data, headers)
                with urllib.request.urlopen(wish, timeout=20) as answer:
                    told = json.load(answer)
            except urllib.error.HTTPError as problem:
                if problem.code < 500 and problem.code != 409:
                    self.refused.append(f"{problem.code} {problem.read()[:300]!r}")
                    return None
            except (OSError, ValueError, http.client.HTTPException):
                pass
            else:
                self.answered.append(asked)
                return told
            time.sleep(ASK_AGAIN_SECONDS)

    def back_after(self, moment: float) -> float:
        """Seconds until a wish made since then was granted."""

        def since() -> list[float]:
            return [asked for asked in list(self.answered) if asked > moment]

        assert wait_until(lambda: bool(since()), seconds=4 * BACK_SECONDS), "it never came back"
        return time.monotonic() - moment

    def go_home(self) -> None:
        """Everybody finishes what she has in hand."""
        self.over.set()
        for thread in self.threads:
            thread.join(4 * BACK_SECONDS)
        assert not any(thread.is_alive() for thread in self.threads)


def lectern(run: Run, *arguments: str) -> str:
    done = subprocess.run(
        [*LECTERN, "manage", *arguments], env=run.env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


def blows(run: Run) -> dict[str, Callable[[], Any]]:
    def cut() -> None:
        with database(run.state) as link:
            link.execute(CUT)

    def freeze() -> None:
        os.kill(run.pid("valkey"), signal.SIGSTOP)
        threading.Timer(FROZEN_SECONDS, os.kill, (run.pid("valkey"), signal.SIGCONT)).start()

    return {
        "worker killed": lambda: kill(run, "domains"),
        "broker flushed": lambda: flush(run.state),
        "broker frozen": freeze,
        "connections cut": cut,
        "web killed": lambda: kill(run, "web"),
    }


def test_nothing_is_lost_or_done_twice_whatever_dies(shared: Shared) -> None:
    run = shared()
    seed = int(os.environ.get("LECTERN_SEED", "20261126"))
    print("seed", seed)
    chance = random.Random(seed)
    made = json.loads(lectern(run, "shell", "--no-imports", "-c", MAKE))
    at_work, back = AtWork(run, made), {}
    try:
        at_work.back_after(0)
        blow_by_name = blows(run)
        for name in chance.sample(sorted(blow_by_name), len(blow_by_name)):
            time.sleep(chance.uniform(0.5, 1.5))
            struck = time.monotonic()
            blow_by_name[name]()
            back[name] = round(at_work.back_after(struck), 1)
        time.sleep(1)
    finally:
        at_work.go_home()
    print("back after", back, "answers", len(at_work.handed_in))
    assert max(back.values()) <= BACK_SECONDS, back
    assert at_work.refused == []
    kept_as_answered(run, at_work, project=made["id"])
    assert json.loads(lectern(run, "check_invariants", "--json"))["ok"]


def kept_as_answered(run: Run, at_work: AtWork, *, project: int) -> None:
    """Each answer that was confirmed is there, once, and no other; the rest of the work waits."""
    assert len(at_work.handed_in) == len(set(at_work.handed_in)) >= ANSWERED_MIN
    with database(run.state) as link:
        kept = link.execute(
            "SELECT b.id, b.task_id FROM tasks_submission b JOIN tasks_claim c ON c.id = b.claim_id"
            " WHERE c.project_id = %s",
            [project],
        ).fetchall()
        claims = link.execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'submitted') FROM tasks_claim"
            " WHERE project_id = %s",
            [project],
        ).fetchone()
        waiting = link.execute(
            "SELECT count(*) FROM tasks_slot s JOIN tasks_task t ON t.id = s.task_id"
            " WHERE t.project_id = %s AND s.role = 'attempt' AND s.state = 'open'",
            [project],
        ).fetchone()
        tasks = link.execute(
            "SELECT count(*) FROM tasks_task WHERE project_id = %s", [project]
        ).fetchone()
    assert {f"S-{submission}" for submission, _ in kept} == set(at_work.handed_in)
    assert len({task for _, task in kept}) == len(kept)
    assert claims == (len(kept), len(kept))
    assert waiting and tasks and waiting[0] + len(kept) == tasks[0]
