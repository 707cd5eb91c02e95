"""The rate cards that Lectern starts with: USD cents an hour, from ranges advertised 2024-2026."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rung:
    """Base rate of one level and the range an override may take."""

    rate: int
    low: int
    high: int


def _ladder(low: int, high: int, *rates: int) -> dict[int, Rung]:
    return {level: Rung(rate, low, high) for level, rate in enumerate(rates, start=1)}


CARDS: dict[str, dict[int, Rung]] = {
    "generalist": _ladder(15_00, 65_00, 20_00, 30_00, 42_00, 55_00),
    "visual": _ladder(45_00, 125_00, 45_00, 60_00, 80_00, 105_00),
    "finance": _ladder(45_00, 200_00, 60_00, 85_00, 120_00, 160_00),
    "stem": _ladder(20_00, 150_00, 45_00, 60_00, 85_00, 115_00),
    "stem.mathematics": _ladder(40_00, 120_00, 55_00, 73_00, 90_00, 110_00),
    "stem.physics": _ladder(80_00, 140_00, 80_00, 95_00, 115_00, 135_00),
    "stem.computer-science": _ladder(20_00, 150_00, 50_00, 75_00, 105_00, 140_00),
    "medicine": _ladder(115_00, 300_00, 115_00, 150_00, 195_00, 250_00),
    "medicine.psychiatry": _ladder(115_00, 350_00, 130_00, 175_00, 230_00, 300_00),
    "law": _ladder(100_00, 200_00, 100_00, 125_00, 150_00, 180_00),
    "languages": _ladder(12_00, 41_00, 14_00, 20_00, 28_00, 36_00),
    "safety": _ladder(41_00, 110_00, 45_00, 60_00, 80_00, 100_00),
    "creative-writing": _ladder(15_00, 65_00, 20_00, 30_00, 42_00, 55_00),
    "video-games": _ladder(15_00, 65_00, 20_00, 30_00, 42_00, 55_00),
}

CURRENCY = "USD"

ROLE_BASIS_POINTS = {"attempt": 10_000, "review": 11_000, "adjudicate": 12_500}
COMPLEXITY_BASIS_POINTS = {"1": 10_000, "2": 11_500, "3": 13_000}
