"""The little drawing language of `objects`, painted with Pillow."""

from dataclasses import dataclass
from typing import Literal

from PIL import ImageDraw

SQUARE = 100  # drawings are written on a square of this side


Kind = Literal["r", "e", "o", "l", "p"]
KINDS: dict[str, Kind] = {"r": "r", "e": "e", "o": "o", "l": "l", "p": "p"}


@dataclass(frozen=True, kw_only=True)
class Stroke:
    kind: Kind
    points: tuple[tuple[float, float], ...]
    colour: str


def parse(drawing: str) -> tuple[Stroke, ...]:
    return tuple(_stroke(part.split()) for part in drawing.split(";"))


def _stroke(words: list[str]) -> Stroke:
    kind = KINDS[words[0]]
    colour, numbers = (words[1], words[2:]) if kind == "p" else (words[5], words[1:5])
    values = [float(number) for number in numbers]
    return Stroke(
        kind=kind, points=tuple(zip(values[::2], values[1::2], strict=True)), colour=colour
    )


def paint(
    *, draw: ImageDraw.ImageDraw, strokes: tuple[Stroke, ...], left: int, top: int, side: int
) -> list[int]:
    """Paint at (left, top), `side` pixels wide; returns the box `[x, y, width, height]`."""
    edge = max(2, side // 40)
    xs: list[int] = []
    ys: list[int] = []
    for stroke in strokes:
        points = [
            (left + round(x * side / SQUARE), top + round(y * side / SQUARE))
            for x, y in stroke.points
        ]
        _paint_one(draw=draw, stroke=stroke, points=points, edge=edge)
        margin = edge // 2 if stroke.kind == "l" else 0
        xs += [x + sign * margin for x, _ in points for sign in (-1, 1)]
        ys += [y + sign * margin for _, y in points for sign in (-1, 1)]
    return [min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1]


def _paint_one(
    *, draw: ImageDraw.ImageDraw, stroke: Stroke, points: list[tuple[int, int]], edge: int
) -> None:
    match stroke.kind:
        case "r":
            draw.rectangle([points[0], points[1]], fill=stroke.colour)
        case "e":
            draw.ellipse([points[0], points[1]], fill=stroke.colour)
        case "o":
            draw.ellipse([points[0], points[1]], outline=stroke.colour, width=edge * 2)
        case "l":
            draw.line(points, fill=stroke.colour, width=edge)
        case "p":
            draw.polygon(points, fill=stroke.colour)
