"""A reviewer at work: takes a review, compares, decides, and says why."""

import threading
import time
from collections import Counter
from random import Random

from config.demonstration.answers import AnswerBook, agrees
from config.demonstration.answers.marks import scripted_text
from config.demonstration.pieces import Json
from config.demonstration.road.calling import Caller, Refused
from config.demonstration.road.pace import Pace
from config.demonstration.road.working import LOST

REJECT_SHARE = 0.25
REVISIONS_ASKED_MAX = 1
"""A second weak answer to the same task is rejected: the task goes to somebody else."""


class ReviewerAtWork:
    """One scripted reviewer; she knows what was planted, and nothing about who answered."""

    def __init__(self, *, caller: Caller, book: AnswerBook, pace: Pace, chance: Random) -> None:
        self.caller = caller
        self.book = book
        self.pace = pace
        self.chance = chance
        self.seen: Counter[str] = Counter()
        self.trouble: list[str] = []
        self._asked: Counter[str] = Counter()

    def work_until(self, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                claim = self._offered() or self.caller.post("work/claims/", {"role": "review"})
                if claim is not None:
                    self._judge(claim)
                    continue
            except Refused as refusal:
                self._note(refusal)
            ended.wait(self.pace.idle_seconds)

    def _offered(self) -> Json | None:
        """Accept an offered review; offers of tasks are left to lapse, she judges only."""
        for offer in self.caller.get("work/offers/")["results"]:
            if offer["role"] != "review":
                continue
            try:
                claim: Json = self.caller.post(f"work/offers/{offer['id']}/accept/", {})
            except Refused as refusal:
                self._note(refusal)
                continue
            return claim
        return None

    def _judge(self, claim: Json) -> None:
        time.sleep(self.chance.uniform(*self.pace.review_seconds))
        self.caller.post(f"work/claims/{claim['id']}/heartbeat/", {"fence": claim["fence"]})
        task, submission = claim["task"], claim["submission"]
        decision = self._decide(task=task, submission=submission)
        self.caller.post(f"submissions/{submission['id']}/review/", decision)
        self.seen[decision["decision"]] += 1

    def _decide(self, *, task: Json, submission: Json) -> Json:
        hints = self.book.hints(task_type=task["type"], task_input=task["input"])
        around = {"task_type": task["type"], "task_input": task["input"], "hints": hints}
        if submission["cannot"] or not hints or agrees(**around, answer=submission["answer"]):
            note = scripted_text("as the guide asks.")
            return {"decision": "accept", "note": note, "scores": {"overall": 5}}
        asked = self._asked[task["id"]]
        self._asked[task["id"]] += 1
        if asked >= REVISIONS_ASKED_MAX or self.chance.random() < REJECT_SHARE:
            note = scripted_text("this misses what the task is about.")
            return {"decision": "reject", "category": "wrong", "note": note}
        note = scripted_text("please look again at the first point.")
        return {"decision": "request_revision", "note": note}

    def _note(self, refusal: Refused) -> None:
        self.seen[f"refused: {refusal.code}"] += 1
        if refusal.status not in LOST:
            self.trouble.append(str(refusal))
