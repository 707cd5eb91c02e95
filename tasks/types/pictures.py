"""Pictures with known truth: simple things drawn where we say, for samples and demonstrations.

The same things always give the same pixels, and no font or file is needed. `sample_things` and
`sample_frames` are what ``image/sample.png`` and ``video/sample.webm`` show; the clip was made once
from the frames with ``ffmpeg -c:v libvpx-vp9`` at `FRAMES_A_SECOND`.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

WALL, DESK = (238, 236, 230), (168, 126, 88)
COLOURS = {
    "blue": (46, 98, 178),
    "green": (58, 140, 84),
    "yellow": (232, 190, 60),
    "red": (196, 58, 52),
    "grey": (120, 124, 130),
    "white": (250, 250, 250),
}
SHAPES = ("rectangle", "ellipse", "polygon")

PICTURE = (480, 320)
CLIP = (320, 180)
CLIP_FRAMES = 100
FRAMES_A_SECOND = 25
HIT_FRAME, DOWN_FRAME = 40, 60
"""The ball meets the block at 1.6 s, and the block lies still from 2.4 s."""


@dataclass(frozen=True)
class Thing:
    """Something in a picture: its corners, or for a rectangle or ellipse two opposite ones."""

    shape: str
    colour: str
    corners: tuple[tuple[int, int], ...]


def draw(things: Sequence[Thing], *, size: tuple[int, int], horizon: int) -> Image.Image:
    """A wall, a desk from the height `horizon` down, and the things on it, the last in front."""
    picture = Image.new("RGB", size, WALL)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, horizon, size[0] - 1, size[1] - 1), fill=DESK)
    for thing in things:
        getattr(pen, thing.shape)(list(thing.corners), fill=COLOURS[thing.colour])
    return picture


def png(picture: Image.Image) -> bytes:
    """The picture as a small PNG file."""
    file = io.BytesIO()
    picture.quantize(32).save(file, "PNG", optimize=True)
    return file.getvalue()


def sample_things() -> tuple[Thing, ...]:
    """A blue mug to the left of a green book, and a lamp behind the book."""
    return (
        Thing("rectangle", "grey", ((352, 120), (359, 249))),
        Thing("polygon", "yellow", ((330, 60), (380, 60), (410, 120), (300, 120))),
        Thing("ellipse", "blue", ((144, 196), (183, 235))),
        Thing("ellipse", "white", ((152, 204), (175, 227))),
        Thing("rectangle", "blue", ((90, 180), (159, 259))),
        Thing("rectangle", "green", ((240, 230), (419, 269))),
    )


def sample_frames() -> Iterator[Image.Image]:
    """A red ball rolls from the left, meets a standing block, and the block falls to the right."""
    for number in range(CLIP_FRAMES):
        left = 10 + round(146 * min(number, HIT_FRAME) / HIT_FRAME)
        ball = Thing("ellipse", "red", ((left, 96), (left + 43, 139)))
        yield draw([_block(number), ball], size=CLIP, horizon=140)


def _block(number: int) -> Thing:
    """The block stands, leans over its lower right corner, and lies."""
    done = min(max(number - HIT_FRAME, 0), DOWN_FRAME - HIT_FRAME) / (DOWN_FRAME - HIT_FRAME)
    lean, height = round(80 * done), round(80 - 56 * done)
    foot = ((200, 139), (224, 139))
    if done == 1:
        return Thing("polygon", "blue", ((224, 139), (304, 139), (304, 115), (224, 115)))
    top = ((224 + lean, 139 - height), (200 + lean, 139 - height))
    return Thing("polygon", "blue", (*foot, *top))
