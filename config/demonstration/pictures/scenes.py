"""A scene with everyday objects: which are there, and where, is known to the pixel."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from config.demonstration.chance import dice
from config.demonstration.pictures.objects import DRAWINGS
from config.demonstration.pictures.strokes import paint, parse
from config.demonstration.pieces import Picture

WIDTH, HEIGHT = 640, 480
WALL, FLOOR = "#dce6ee", "#cbbd9f"
HORIZON = 300
SIDE_MIN, SIDE_MAX = 130, 180
PLACES_MAX = 6  # three across, two down


@dataclass(frozen=True, kw_only=True)
class Scene:
    picture: Picture
    boxes: dict[str, list[int]]  # object → [x, y, width, height]


def can_draw(name: str) -> bool:
    return name in DRAWINGS


def draw_scene(*, name: str, objects: Sequence[str]) -> Scene:
    """Draw each of `objects` once, nowhere overlapping; the same name gives the same bytes."""
    assert len(objects) <= PLACES_MAX, f"{len(objects)} objects do not fit a scene"
    image = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, HORIZON, WIDTH, HEIGHT], fill=FLOOR)
    boxes = _place(draw=draw, name=name, objects=objects)
    alt = f"A drawing of {len(objects)} objects in front of a wall"
    return Scene(picture=as_picture(image=image, name=name, alt=alt), boxes=boxes)


def _place(*, draw: ImageDraw.ImageDraw, name: str, objects: Sequence[str]) -> dict[str, list[int]]:
    chance = dice("scene", name)
    places = chance.sample(range(PLACES_MAX), len(objects))
    boxes = {}
    for place, thing in zip(places, objects, strict=True):
        side = chance.randint(SIDE_MIN, SIDE_MAX)
        left = (place % 3) * (WIDTH // 3) + chance.randint(4, WIDTH // 3 - side - 4)
        top = (place // 3) * (HEIGHT // 2) + chance.randint(4, HEIGHT // 2 - side - 4)
        strokes = parse(DRAWINGS[thing])
        boxes[thing] = paint(draw=draw, strokes=strokes, left=left, top=top, side=side)
    return boxes


def as_picture(*, image: Image.Image, name: str, alt: str) -> Picture:
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=False)
    return Picture(name=name, png=out.getvalue(), width=image.width, height=image.height, alt=alt)
