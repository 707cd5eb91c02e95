"""A sign that reads what it reads: pictures for questions about the words in an image."""

from PIL import Image, ImageDraw, ImageFont

from config.demonstration.pictures.scenes import as_picture
from config.demonstration.pieces import Picture

WIDTH, HEIGHT = 640, 320
PANEL = [40, 40, 599, 279]  # left, top, right, bottom, both included
PANEL_COLOUR, INK, GROUND = "#fff8e6", "#1d2a3a", "#5d7f8c"
PANEL_BOX = [40, 40, 560, 240]
SIZES = (64, 52, 42, 34, 28, 22)  # the largest at which every word still fits
LINES_MAX = 4
MARGIN = 24


def draw_sign(*, name: str, words: str) -> Picture:
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((PANEL[0], PANEL[1], PANEL[2], PANEL[3]), fill=PANEL_COLOUR)
    size, lines = _fit(words)
    font = ImageFont.load_default(size)
    top = PANEL[1] + (PANEL_BOX[3] - len(lines) * size * 1.25) / 2
    for n, line in enumerate(lines):
        left = PANEL[0] + (PANEL_BOX[2] - font.getlength(line)) / 2
        draw.text((left, top + n * size * 1.25), line, font=font, fill=INK)
    return as_picture(image=image, name=name, alt="A sign with words on it")


def _fit(words: str) -> tuple[int, list[str]]:
    for size in SIZES:
        lines = _wrap(words=words, size=size)
        if len(lines) <= LINES_MAX and len(lines) * size * 1.25 < PANEL_BOX[3] - MARGIN:
            return size, lines
    return SIZES[-1], _wrap(words=words, size=SIZES[-1])[:LINES_MAX]


def _wrap(*, words: str, size: int) -> list[str]:
    font = ImageFont.load_default(size)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= PANEL_BOX[2] - 2 * MARGIN:
            lines[-1] = longer
        elif lines[-1]:
            lines.append(word)
        else:
            lines[-1] = word
    return lines
