"""How long things take in a run, and how many people take part."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Pace:
    """One run's size. `lapses_max`: claims that one tutor may let run out."""

    attempters: int
    reviewers: int
    work_seconds: tuple[float, float]
    review_seconds: tuple[float, float]
    lapses_max: int
    review_percent: int
    patience_seconds: float  # until every task must be done
    idle_seconds: float  # between two looks when there is nothing to do


SMALL = Pace(
    attempters=3,
    reviewers=1,
    work_seconds=(1.0, 2.0),
    review_seconds=(0.5, 1.0),
    lapses_max=0,
    review_percent=100,
    patience_seconds=150.0,
    idle_seconds=0.5,
)
LARGE = Pace(
    attempters=6,
    reviewers=2,
    work_seconds=(1.0, 3.0),
    review_seconds=(0.5, 1.5),
    lapses_max=2,
    review_percent=25,
    patience_seconds=480.0,
    idle_seconds=2.0,
)
