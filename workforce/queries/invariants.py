"""Rules of this floor that must hold at every moment; `manage.py check_invariants` asks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from workforce.queries.chain import breaks, unsealed_seconds

SHOWN_MAX = 100


@dataclass(frozen=True)
class Check:
    """One rule and what speaks against it; no problems, it holds."""

    name: str
    problems: Iterable[str]


UNSEALED_SECONDS_MAX = 60


def checks(*, at: datetime) -> Iterator[Check]:
    yield Check("audit_chain_holds", list(breaks())[:SHOWN_MAX])
    age = unsealed_seconds(at=at)
    late = (
        [f"the oldest unsealed event waits for {age:.0f} s"] if age > UNSEALED_SECONDS_MAX else []
    )
    yield Check("audit_tail_is_fresh", late)
