"""Two shapes side by side, the same or not: pictures for questions about illusions."""

from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

from config.demonstration.pictures.scenes import as_picture
from config.demonstration.pieces import Picture

WIDTH, HEIGHT = 640, 400
GROUND = "#f4f1ea"
BASE, LARGER, SMALLER = 120, 156, 88  # pixels across, or long
LINE_WIDTH = 8
DARKER = 60  # how much a colour that differs is darkened, per channel

Shape = Literal["circle", "box", "line", "triangle"]
State = Literal["same", "larger", "smaller"]
Place = Literal["left", "right", "top", "upright"]  # the first; upright: the other lies
Measure = Literal["size", "colour"]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The first shape compared with the second: of the same size or colour, or not."""

    shape: Shape
    place: Place
    measure: Measure
    state: State
    colours: tuple[tuple[int, int, int], tuple[int, int, int]]


@dataclass(frozen=True, kw_only=True)
class Figure:
    picture: Picture
    boxes: tuple[list[int], list[int]]


CENTRES: dict[Place, tuple[tuple[int, int], tuple[int, int]]] = {
    "left": ((WIDTH // 4, HEIGHT // 2), (WIDTH * 3 // 4, HEIGHT // 2)),
    "right": ((WIDTH * 3 // 4, HEIGHT // 2), (WIDTH // 4, HEIGHT // 2)),
    "top": ((WIDTH // 2, HEIGHT // 4), (WIDTH // 2, HEIGHT * 3 // 4)),
    "upright": ((WIDTH // 4, HEIGHT // 2), (WIDTH * 3 // 4, HEIGHT // 2)),
}


def draw_pair(*, name: str, pair: Pair) -> Figure:
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    first = {"same": BASE, "larger": LARGER, "smaller": SMALLER}[pair.state]
    sizes = (first if pair.measure == "size" else BASE, BASE)
    boxes = (
        _shape(draw=draw, pair=pair, n=0, side=sizes[0]),
        _shape(draw=draw, pair=pair, n=1, side=sizes[1]),
    )
    alt = f"Two {pair.shape} shapes to compare"
    return Figure(picture=as_picture(image=image, name=name, alt=alt), boxes=boxes)


def _shape(*, draw: ImageDraw.ImageDraw, pair: Pair, n: int, side: int) -> list[int]:
    width, height = _extent(pair=pair, n=n, side=side)
    centre_x, centre_y = CENTRES[pair.place][n]
    x, y = centre_x - width // 2, centre_y - height // 2
    ends = (x, y, x + width - 1, y + height - 1)
    fill = pair.colours[n]
    if pair.measure == "colour" and pair.state != "same" and n == 0:
        fill = (max(0, fill[0] - DARKER), max(0, fill[1] - DARKER), max(0, fill[2] - DARKER))
    match pair.shape:
        case "circle":
            draw.ellipse(ends, fill=fill)
        case "triangle":
            draw.polygon([(x, ends[3]), (ends[2], ends[3]), (x + width // 2, y)], fill=fill)
        case _:
            draw.rectangle(ends, fill=fill)
    return [x, y, width, height]


def _extent(*, pair: Pair, n: int, side: int) -> tuple[int, int]:
    if pair.shape != "line":
        return side, side
    upright = pair.place == "upright" and n == 0
    return (LINE_WIDTH, side) if upright else (side, LINE_WIDTH)
