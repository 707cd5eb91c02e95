"""The week bars as drawn things: numbers for SVG attributes, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workforce.rules import shown

WIDTH, TOP, FLOOR, LEFT = 640, 20, 120, 38
BAR = 34


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: str
    height: str
    css: str
    label: str
    label_x: int
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    y: str
    label_y: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    lines: list[Line]
    reading: str
    mean_minor: int
    currency: str


def week_chart(weeks: Sequence[tuple[date, int]], *, currency: str, running: bool) -> Chart:
    """Bars of week sums; the last one is dashed while its week is `running`."""
    top = _round_up(max([minor for _, minor in weeks] + [1]))
    step = (WIDTH - LEFT) / max(1, len(weeks))
    last = len(weeks) - 1
    bars = [
        Bar(
            x=round(LEFT + i * step),
            y=f"{FLOOR - _height(minor, top):.1f}",
            height=f"{_height(minor, top):.1f}",
            css=_css(i, last=last, running=running),
            label=f"{monday.day} {monday:%b}" if i % 2 == 0 else "",
            label_x=round(LEFT + i * step + BAR / 2),
            title=f"{monday.day} {monday:%b}: {shown.money(minor, currency)}",
        )
        for i, (monday, minor) in enumerate(weeks)
    ]
    whole = [minor for _, minor in (weeks[:-1] if running else weeks) if minor]
    mean = sum(whole) // len(whole) if whole else 0
    told = [shown.money(minor, currency) for minor in sorted(whole)]
    reading = f"{told[0]} to {told[-1]}" if told else "0"
    return Chart(bars, _lines(top, currency), reading, mean, currency)


def _height(minor: int, top: int) -> float:
    return (FLOOR - TOP) * max(0, minor) / top


def _css(i: int, *, last: int, running: bool) -> str:
    if i == last:
        return "now" if running else "last"
    return "last" if i == last - 1 and running else ""


def _round_up(minor: int) -> int:
    """The next 1, 2, 3, 5 × a power of ten: what an axis ends with."""
    power: int = 10 ** (len(str(minor)) - 1)
    return next(m * power for m in (1, 2, 3, 4, 5, 6, 8, 10) if m * power >= minor)


def _lines(top: int, currency: str) -> list[Line]:
    """The axis in whole units; rounded money is for charts only."""
    found = []
    for share in (1.0, 0.5):
        y = FLOOR - (FLOOR - TOP) * share
        found.append(Line(f"{y:.1f}", f"{y + 4:.1f}", _short(int(top * share), currency)))
    return found


def _short(minor: int, currency: str) -> str:
    exact = shown.money(minor, currency)
    whole = exact.partition(".")[0]
    return f"{whole[: -len(',000')]}k" if whole.endswith(",000") else whole
