"""How each scripted tutor behaves: drawn from real workers, or from a small invented table."""

from collections.abc import Sequence
from pathlib import Path

from config.demonstration.chance import SEED, dice
from config.demonstration.readers.toloker import Rates, read

INVENTED: tuple[Rates, ...] = (  # for runs without data; figures made up for this project
    Rates(approved=0.96, skipped=0.02, expired=0.01, rejected=0.01),
    Rates(approved=0.90, skipped=0.04, expired=0.02, rejected=0.04),
    Rates(approved=0.82, skipped=0.08, expired=0.03, rejected=0.07),
    Rates(approved=0.75, skipped=0.05, expired=0.10, rejected=0.10),
    Rates(approved=0.62, skipped=0.12, expired=0.06, rejected=0.20),
)


def behaviours(*, count: int, data: Path | None = None, seed: int = SEED) -> list[Rates]:
    """`count` people whose rates follow the real ones: evenly spaced ranks by approval.

    Even ranks keep a population of twenty as varied as one of ten thousand. The order is
    shuffled, so the first is not the worst. Raises `CannotReadData`.
    """
    known = list(INVENTED) if data is None else list(read(data))
    chance = dice(seed, "population")
    drawn = spread(rates=known, count=count)
    chance.shuffle(drawn)
    return drawn


def spread(*, rates: Sequence[Rates], count: int) -> list[Rates]:
    ranked = sorted(rates, key=lambda r: (r.approved, r.rejected, r.expired, r.skipped))
    return [ranked[(2 * n + 1) * len(ranked) // (2 * count)] for n in range(count)]
