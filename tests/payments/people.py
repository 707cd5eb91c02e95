"""The cast of the pay stories: tutors under contract, their approved hours, two finance people.

Contracts and hours are written as rows here: how they come about is told in the tests of the
floors below. Fay builds, Finn checks, Max approves time.
"""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from payments.operations.earning import post_earnings
from payments.operations.payees import set_details
from tasks.models import TimeEntry
from tasks.rules.states import TimeKind, TimeState
from tests.people import person
from tutors.models import Contract, ContractVersion, Paper, Tutor
from tutors.rules.states import ContractState, VersionState
from workforce.models import Account
from workforce.rules.roles import Role

WEEK = datetime(2026, 11, 9, tzinfo=UTC)
"""A Monday; the stories' hours fall into its week unless they say otherwise."""

LATER = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""When the week is over and finance goes to work."""

IBANS = (
    "DE89370400440532013000",
    "NL91ABNA0417164300",
    "GB29NWBK60161331926819",
    "FR1420041010050500013M02606",
    "ES9121000418450200051332",
)
_numbers = itertools.count()


@dataclass
class Hired:
    """A tutor with one active contract, and the way her hours come in."""

    account: Account
    tutor: Tutor
    contract: Contract
    version: ContractVersion
    approver: Account
    clock: datetime = WEEK
    entries: list[TimeEntry] = field(default_factory=list)

    def works(
        self,
        seconds: int,
        *,
        rate: int = 4500,
        currency: str = "",
        kind: TimeKind = TimeKind.TASK,
        rule: str = "contract",
        start: datetime | None = None,
        version: ContractVersion | None = None,
    ) -> TimeEntry:
        """An approved entry, right after the one before unless `start` says otherwise."""
        begins = start or self.clock
        ends = begins + timedelta(seconds=seconds)
        entry = TimeEntry.objects.create(
            tutor=self.tutor,
            account=self.account,
            contract_version=version or self.version,
            kind=kind,
            state=TimeState.APPROVED,
            started_at=begins,
            ended_at=ends,
            seconds=seconds,
            rate_minor_hourly=rate,
            currency=currency or self.version.currency,
            rate_rule=rule,
            decided_by=self.approver,
            decided_at=ends,
        )
        self.clock = max(self.clock, ends)
        self.entries.append(entry)
        return entry

    def earns(self, seconds: int, *, rate: int = 4500, at: datetime = LATER) -> int:
        """Work that is approved and priced; the line's amount."""
        (line,) = post_earnings(entries=[self.works(seconds, rate=rate).pk], at=at)
        return line.amount_minor


def tutor(
    name: str, *, currency: str = "USD", zone: str = "UTC", paid_to: str | None = "next"
) -> Hired:
    """Somebody under contract, with a bank account unless `paid_to` is None."""
    account = person(name, Role.TUTOR)
    recruiter = person("Ruth", Role.RECRUITER)
    row = Tutor.objects.create(account=account, country="NL", added_at=WEEK)
    text = f"Contract of {name}, {account.pk}"
    paper = Paper.objects.create(
        sha256=sha256(text.encode()).hexdigest(), title="Contract", text=text, added_at=WEEK
    )
    starts = WEEK - timedelta(days=300)
    contract = Contract.objects.create(
        tutor=row, state=ContractState.ACTIVE, zone=zone, currency=currency, starts_at=starts,
        offered_by=recruiter, offered_at=starts, signed_at=starts, countersigned_at=starts,
    )  # fmt: skip
    version = ContractVersion.objects.create(
        contract=contract, number=1, state=VersionState.IN_FORCE, effective=(starts, None),
        paper=paper, currency=currency, zone=zone, offered_by=recruiter, offered_at=starts,
        signed_at=starts, countersigned_at=starts,
    )  # fmt: skip
    if paid_to is not None:
        iban = IBANS[next(_numbers) % len(IBANS)] if paid_to == "next" else paid_to
        set_details(tutor=row, holder_name=name, iban=iban, bic="", actor=account, at=WEEK)
    return Hired(account, row, contract, version, person("Max", Role.MANAGER))


def fay() -> Account:
    return person("Fay", Role.FINANCE)


def finn() -> Account:
    return person("Finn", Role.FINANCE)
