"""The workers of TolokerGraph: how often each was approved, skipped, let it lapse, was rejected."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.demonstration.readers.files import CannotReadData, tab_separated

FILE = Path("toloker-graph") / "nodes.tsv"
RATES = ("approved_rate", "skipped_rate", "expired_rate", "rejected_rate")


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Shares of what somebody was given; together one."""

    approved: float
    skipped: float
    expired: float
    rejected: float


def read(data: Path) -> Iterator[Rates]:
    for number, row in enumerate(tab_separated(data / FILE), start=2):
        try:
            approved, skipped, expired, rejected = (float(row[name]) for name in RATES)
        except (KeyError, TypeError, ValueError) as error:
            raise CannotReadData(
                f"{data / FILE}, line {number}: numbers were expected in {', '.join(RATES)}"
            ) from error
        yield Rates(approved=approved, skipped=skipped, expired=expired, rejected=rejected)
