"""The whole road, from an onboarded expert and a client's batch to a paid hour."""

import io
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from config.demonstration.answers import AnswerBook
from config.demonstration.material import own_pieces, real_pieces
from config.demonstration.pieces import Json, Piece
from config.demonstration.population import behaviours
from config.demonstration.road import (
    crew,
    handing_in,
    hiring,
    looking,
    paying,
    telling,
    timekeeping,
)
from config.demonstration.road.calling import Caller
from config.demonstration.road.company import Company
from config.demonstration.road.handing_in import Handed
from config.demonstration.road.listening import Listener, listening
from config.demonstration.road.pace import LARGE, SMALL, Pace
from config.demonstration.story.people import FINANCE, MANAGERS, Expert, cast

PRICING_WAIT_SECONDS = 60.0
RECEIPTS_LOOKED_AT = 10
SCHEMAS = Path("iso20022") / "xsd"


class RulesBroken(Exception):
    """`check_invariants` found something; the message is its report."""


@dataclass(kw_only=True)
class Walk:
    """One run. `now` reads the clock; `say` prints a line of progress."""

    base_url: str
    data: Path | None
    share: int = 100
    seed: int
    now: Callable[[], datetime]
    say: Callable[[str], None]
    company: Company = field(init=False)
    handed: Handed = field(default_factory=Handed)
    tutors: dict[str, str] = field(default_factory=dict)  # address → tutor id
    book: AnswerBook = field(default_factory=AnswerBook)

    def __post_init__(self) -> None:
        self.company = Company(base_url=self.base_url)

    @property
    def pace(self) -> Pace:
        return SMALL if self.data is None else LARGE

    def run(self) -> None:
        """Walk it all and print the table. Raises the first thing that goes wrong."""
        began = time.monotonic()
        with listening() as listener:
            self._open_house()
            experts = self._hire()
            self._hand_in(listener, experts=experts)
            worked = self._work(experts)
            approved = self._keep_time(experts)
            earnings, paid = self._pay(approved)
            exported = handing_in.results(company=self.company, handed=self.handed)
            self._hear(listener)
        self._check_rules()
        self._tell_all(
            experts=experts,
            worked=worked,
            earnings=earnings,
            paid=paid,
            exported=exported,
            news=telling.counts(listener.kinds),
        )
        self.say(f"the road was walked in {time.monotonic() - began:.0f} s")

    def _tell_all(
        self,
        *,
        experts: list[Expert],
        worked: crew.Worked,
        earnings: list[Json],
        paid: paying.Paid,
        exported: dict[str, list[Json]],
        news: str,
    ) -> None:
        rows = telling.rows(
            handed=self.handed,
            exported=exported,
            worked=worked,
            earnings=earnings,
            domains={self.tutors[expert.email]: expert.domain for expert in experts},
        )
        self.say(f"\n{telling.table(head=telling.HEAD, rows=rows)}")
        self.say("")
        self.say(telling.payment(paid))
        self.say(f"webhooks, signatures verified: {news}")
        for domain, seen in worked.seen.items():
            self.say(f"{domain}: {telling.counts(seen)}")
        for domain, sums in looking.throughput(self._manager()).items():
            self.say(f"throughput {domain}: {telling.counts(sums)}")
        self.say(telling.counts(self.company.tally.counts()))

    def _open_house(self) -> None:
        self.say("the house: staff, four clients")
        self.company.admit_staff(at=self.now())
        contacts = handing_in.welcome(company=self.company, handed=self.handed)
        for email in contacts.values():
            self.company.give_token(email, at=self.now())

    def _hire(self) -> list[Expert]:
        experts = cast(attempters=self.pace.attempters, reviewers=self.pace.reviewers)
        self.say(f"recruiting: {len(experts)} experts, proofs, contracts, papers")
        self.tutors = hiring.bring_in(company=self.company, experts=experts)
        for expert in experts:
            if expert.part == "review":
                self.company.make_reviewer(expert.email, at=self.now())
            self.company.give_token(expert.email, at=self.now())
        hiring.take_on(
            company=self.company,
            experts=experts,
            ids=self.tutors,
            clients=self.handed.clients,
            at=self.now(),
        )
        return experts

    def _hand_in(self, listener: Listener, *, experts: list[Expert]) -> None:
        self.say("the clients hand work in")
        handing_in.open_projects(company=self.company, handed=self.handed, pace=self.pace)
        handing_in.listen(company=self.company, listener=listener)
        handing_in.hand_in(
            company=self.company, handed=self.handed, pieces=self._pieces(), book=self.book
        )
        self.say(f"  {self.handed.total} tasks")
        self._ask_why(experts)

    def _ask_why(self, experts: list[Expert]) -> None:
        own = next(each for each in experts if each.domain == "finance")
        other = next(each for each in experts if each.domain == "visual")
        why = looking.ask_why(
            manager=self._manager(),
            project=self.handed.projects["accounts"],
            fits=self.tutors[own.email],
            does_not=self.tutors[other.email],
        )
        self.say(f"  {why}")
        self.say(f"  {looking.own_queue(self.company.caller(own.email))}")

    def _pieces(self) -> Iterable[Piece]:
        clip = self._manager().get("task-types/video/")["sample_input"]["media"][0]
        own = own_pieces(clip=clip)
        if self.data is None:
            return own
        alone = [piece for piece in own if piece.task_type in ("scenario", "video")]
        return [*alone, *real_pieces(data=self.data, share=self.share, seed=self.seed)]

    def _work(self, experts: list[Expert]) -> crew.Worked:
        self.say(f"{len(experts)} people work, each a client of her own")
        rates = behaviours(count=len(experts), data=self.data, seed=self.seed)
        return crew.work(
            company=self.company,
            experts=experts,
            rates=rates,
            book=self.book,
            pace=self.pace,
            seed=self.seed,
            remaining=self._remaining,
            say=self.say,
        )

    def _remaining(self) -> int:
        """Tasks that still want an answer or a review, of which one page is looked at."""
        return len(self._manager().get("tasks/", state="open", page_size=200)["results"])

    def _manager(self) -> Caller:
        return self.company.caller(MANAGERS[0].email)

    def _keep_time(self, experts: list[Expert]) -> int:
        self.say("hours: history by hand, and approval")
        timekeeping.write_history(company=self.company, experts=experts, at=self.now())
        own = self.company.caller(experts[0].email)
        return timekeeping.approve_all(manager=self._manager(), own=own)

    def _pay(self, approved: int) -> tuple[list[Json], paying.Paid]:
        self.say(f"pay: {approved} approved entries")
        maker, checker = (self.company.caller(person.email) for person in FINANCE)
        earnings = paying.wait_for_earnings(
            reader=maker, approved=approved, patience_seconds=PRICING_WAIT_SECONDS
        )
        paid = paying.pay_everybody(maker=maker, checker=checker, at=self.now())
        if self.data is not None:
            paying.check_file(paid.file, schemas=self.data / SCHEMAS)
        paying.check_receipts(reader=maker, earnings=earnings, count=RECEIPTS_LOOKED_AT)
        return earnings, paid

    def _hear(self, listener: Listener) -> None:
        handing_in.hear(listener=listener)

    def _check_rules(self) -> None:
        self.say("checking the rules that must never break")
        connections.close_all()  # opened minutes ago; the database may have restarted since
        report: dict[str, Any] = {}
        out = io.StringIO()
        try:
            call_command("check_invariants", "--json", stdout=out)
        except SystemExit:
            report = json.loads(out.getvalue())
            raise RulesBroken(json.dumps(report, indent=1)) from None
