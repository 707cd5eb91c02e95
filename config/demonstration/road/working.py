"""A tutor at work: takes offers or asks for the next task, keeps the lease, hands in."""

import threading
import time
from collections import Counter
from random import Random
from typing import Literal

from config.demonstration.answers import AnswerBook, scripted
from config.demonstration.answers.marks import scripted_text
from config.demonstration.pieces import Json
from config.demonstration.readers.toloker import Rates
from config.demonstration.road.calling import Caller, Refused
from config.demonstration.road.pace import Pace

Fate = Literal["careful", "hasty", "skip", "lapse"]

DRAFT_SHARE = 0.3
PAUSE_SHARE = 0.05
EXTEND_SHARE = 0.03
TAKE_BACK_SHARE = 0.03
CANNOT_SHARE = 0.01
OFFER_LAPSE_SECONDS = 25.0
LOST = frozenset({403, 404, 409})
"""Somebody was faster, or the world moved on: no error for a person at work."""


class TutorAtWork:
    """One scripted tutor. `seen` counts what she did; `trouble` holds what should not happen."""

    def __init__(
        self, *, caller: Caller, rates: Rates, book: AnswerBook, pace: Pace, chance: Random
    ) -> None:
        self.caller = caller
        self.rates = rates
        self.book = book
        self.pace = pace
        self.chance = chance
        self.seen: Counter[str] = Counter()
        self.trouble: list[str] = []
        self._lapses = 0

    def work_until(self, ended: threading.Event) -> None:
        """Take what comes, until everything is done."""
        while not ended.is_set():
            try:
                claim = self._offered() or self._next()
                if claim is not None:
                    self._handle(claim)
                    continue
            except Refused as refusal:
                self._note(refusal)
            ended.wait(self.pace.idle_seconds)

    def _offered(self) -> Json | None:
        """Accept the first live offer; now and then decline one or let it lapse."""
        for offer in self.caller.get("work/offers/")["results"]:
            revision = offer.get("kind") == "revision"
            fate = "careful" if revision else self._fate()
            if fate == "skip":
                self._try(f"work/offers/{offer['id']}/decline/", {"reason": "not_my_field"})
                self.seen["offers declined"] += 1
                continue
            if fate == "lapse" and self.chance.random() < 0.5:
                self.seen["offers left to lapse"] += 1
                time.sleep(OFFER_LAPSE_SECONDS)
                return None
            claim = self._try(f"work/offers/{offer['id']}/accept/", {})
            if claim is not None:
                self.seen["offers accepted"] += 1
                return claim
        return None

    def _next(self) -> Json | None:
        claim = self._try("work/claims/", {"role": "attempt"})
        if claim is not None:
            self.seen["tasks asked for"] += 1
        return claim

    def _try(self, path: str, body: Json) -> Json | None:
        """The answer, or None where somebody was faster."""
        try:
            answer = self.caller.post(path, body)
        except Refused as refusal:
            if refusal.status not in LOST:
                raise
            self.seen[f"refused: {refusal.code}"] += 1
            return None
        assert answer is None or isinstance(answer, dict)
        return answer

    def _fate(self) -> Fate:
        draw = self.chance.random()
        if draw < self.rates.approved:
            return "careful"
        if draw < self.rates.approved + self.rates.skipped:
            return "skip"
        if draw < self.rates.approved + self.rates.skipped + self.rates.expired:
            return "lapse"
        return "hasty"

    def _handle(self, claim: Json) -> None:
        fate = "careful" if claim.get("revision") else self._fate()
        if fate == "skip":
            self._try(f"work/claims/{claim['id']}/skip/", {"reason": "not_my_field"})
            self.seen["skipped"] += 1
        elif fate == "lapse" and self._lapses < self.pace.lapses_max:
            self._lapses += 1
            self.seen["left to lapse"] += 1
        else:
            self._answer(claim, careful=fate != "hasty")

    def _answer(self, claim: Json, *, careful: bool) -> None:
        task = claim["task"]
        hints = self.book.hints(task_type=task["type"], task_input=task["input"])
        answer = scripted(
            task_type=task["type"], task_input=task["input"], hints=hints, careful=careful
        )
        if self.chance.random() < CANNOT_SHARE:
            note = scripted_text("said to show that this is paid too.")
            answer = {"cannot": {"reason": "guide_unclear", "note": note}}
        seconds = self.chance.uniform(*self.pace.work_seconds)
        if not self._keep_at_it(claim, answer=answer, seconds=seconds):
            return
        self._submit(claim, answer=answer)

    def _keep_at_it(self, claim: Json, *, answer: Json, seconds: float) -> bool:
        """Work for a while, with the signs of life that a workspace sends; False: claim lost."""
        path = f"work/claims/{claim['id']}"
        time.sleep(seconds / 2)
        try:
            self.caller.post(f"{path}/heartbeat/", {"fence": claim["fence"]})
            if self.chance.random() < DRAFT_SHARE:
                self.caller.put(f"{path}/draft/", {"answer": answer})
                self.seen["drafts"] += 1
            if self.chance.random() < PAUSE_SHARE:
                self.caller.post(f"{path}/pause/", {"reason": "break"})
                self.caller.post(f"{path}/resume/", {})
                self.seen["pauses"] += 1
            if self.chance.random() < EXTEND_SHARE:
                self.caller.post(f"{path}/extend/", {"reason": "long_text"})
                self.seen["extensions"] += 1
        except Refused as refusal:
            self._note(refusal)
            return False
        time.sleep(seconds / 2)
        return True

    def _submit(self, claim: Json, *, answer: Json) -> None:
        path = f"work/claims/{claim['id']}"
        body = {"fence": claim["fence"], "answer": answer}
        try:
            self.caller.post(f"{path}/submit/", body)
            if self.chance.random() < TAKE_BACK_SHARE:
                taken = self._try(f"{path}/take-back/", {"reason": "typo"})
                if taken is not None:
                    self.seen["taken back"] += 1
                    body["fence"] = taken.get("fence", claim["fence"])
                    self.caller.post(f"{path}/submit/", body)
        except Refused as refusal:
            self._note(refusal)
            return
        self.seen["revised" if claim.get("revision") else "handed in"] += 1

    def _note(self, refusal: Refused) -> None:
        """A lost race is counted; anything else would be a fault of this program or of ours."""
        self.seen[f"refused: {refusal.code}"] += 1
        if refusal.status not in LOST:
            self.trouble.append(str(refusal))
