"""Taking an offer and more of the same at once: each by the one way to a claim."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from tasks.operations.claiming import CannotClaim, accept, claim
from tasks.queries.claims import ClaimSheet
from workforce.models import Account
from workforce.operations.transacting import verb

NONE_LEFT = "none_left"
"""Why it stopped where no verdict did: nothing more of it waits that she may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What she took: the offer first. `asked` in all; `stopped`, `why`: empty when she got it."""

    claims: tuple[ClaimSheet, ...]
    asked: int
    stopped: str = ""
    why: str = ""

    @property
    def taken(self) -> int:
        return len(self.claims)


@verb
def accept_with(*, account: Account, offer_id: int, like: int, at: datetime) -> Batch:
    """Accept an offer, and take up to `like` more of its project and role: her own offers first,
    then what waits. It stops at the first that she may not take, and keeps what she has by then.

    Refuses as `accept` does; then nothing is taken. Those that wait for their turn in her hands
    are leased and held for longer, by the expected time of those before them.
    """
    taken = [accept(account=account, offer_id=offer_id, at=at)]
    first, stopped, why = taken[0], "", ""
    while len(taken) <= like:
        try:
            found = claim(account=account, role=first.role, project_id=first.project_id, at=at)
        except CannotClaim as refusal:
            stopped, why = refusal.code, refusal.detail
            break
        if found is None:
            stopped, why = NONE_LEFT, _("Nothing more of it waits that you may take.")
            break
        taken.append(found)
    _in_turn([sheet.claim_id for sheet in taken])
    return Batch(claims=tuple(taken), asked=like + 1, stopped=stopped, why=why)


_IN_TURN = """
UPDATE tasks_claim c
   SET lease_until = c.lease_until + make_interval(secs => turn.n * c.expected_seconds),
       hold_until = c.hold_until + make_interval(secs => turn.n * c.expected_seconds)
  FROM unnest(%s::bigint[], %s::int[]) AS turn(claim, n) WHERE c.id = turn.claim AND turn.n > 0
"""


def _in_turn(claim_ids: list[int]) -> None:
    """The n-th begins when those before it are done, so that none runs out while she is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_TURN, [claim_ids, list(range(len(claim_ids)))])
