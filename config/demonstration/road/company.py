"""Who can call: the accounts of the story and their clients.

Accounts and tokens are made on the shell's side, as `./lectern manage token` makes them; nothing
else in the story reaches past the API.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from config.demonstration.road.calling import Caller, Line, Tally
from config.demonstration.story.people import STAFF, Staff
from workforce.operations.admitting import admit, grant_role
from workforce.operations.issuing import issue
from workforce.queries.accounts import by_email
from workforce.rules.roles import Role, Scope

TOKEN_DAYS = 1


@dataclass(kw_only=True)
class Company:
    """Tokens by address."""

    base_url: str
    tally: Tally = field(default_factory=Tally)
    _tokens: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def caller(self, email: str) -> Caller:
        """A client of this person's own; not to be shared between threads."""
        return Caller(
            line=Line(self.base_url),
            token=self._tokens[email],
            who=self._names[email],
            tally=self.tally,
        )

    def name(self, email: str) -> str:
        return self._names[email]

    def admit_staff(self, *, at: datetime, staff: Iterable[Staff] = STAFF) -> None:
        """Accounts and tokens for those who run the house; who is there already keeps hers."""
        for person in staff:
            if by_email(email=person.email) is None:
                admit(
                    email=person.email,
                    name=person.name,
                    roles=[Role(person.role)],
                    actor=None,
                    at=at,
                    is_demo=True,
                )
            self.give_token(person.email, at=at)

    def give_token(self, email: str, *, at: datetime) -> None:
        account = by_email(email=email)
        assert account is not None, f"nobody has the address {email}"
        finance = Role.FINANCE in account.roles
        issued = issue(
            account=account,
            name="demonstration (scripted)",
            scopes=[Scope.API, Scope.PAYOUTS_RELEASE] if finance else [Scope.API],
            days=TOKEN_DAYS,
            stepped_up=True,
            at=at,
        )
        self._tokens[email] = issued.secret
        self._names[email] = account.name

    def make_reviewer(self, email: str, *, at: datetime) -> None:
        account = by_email(email=email)
        assert account is not None, f"nobody has the address {email}"
        grant_role(account=account, role=Role.REVIEWER, actor=None, at=at)
