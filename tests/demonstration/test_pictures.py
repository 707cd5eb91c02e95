"""Pictures are the same bytes each time, and what is said of them is true to the pixel."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageColor

from config.demonstration.pictures.figures import BASE, LARGER, Pair, draw_pair
from config.demonstration.pictures.objects import DRAWINGS
from config.demonstration.pictures.scenes import draw_scene
from config.demonstration.pictures.signs import PANEL_BOX, PANEL_COLOUR, draw_sign
from config.demonstration.pieces import Picture
from config.demonstration.readers import hallusionbench, pope


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.png))
    assert image.size == (picture.width, picture.height)
    return image.convert("RGB")


@pytest.mark.parametrize("thing", DRAWINGS)
def test_the_box_is_tight_round_what_was_painted(thing: str) -> None:
    scene = draw_scene(name="alone", objects=[thing])
    empty = draw_scene(name="alone", objects=[])
    changed = ImageChops.difference(opened(scene.picture), opened(empty.picture))
    x, y, width, height = scene.boxes[thing]
    painted = changed.getbbox()
    assert painted is not None
    assert painted[0] >= x and painted[1] >= y
    assert painted[2] <= x + width and painted[3] <= y + height
    margin = 6  # the end of a slanting line may stay a few pixels inside its box
    assert painted == pytest.approx((x, y, x + width, y + height), abs=margin)


def test_objects_of_a_scene_do_not_overlap() -> None:
    things = sorted(DRAWINGS)[:6]
    boxes = list(draw_scene(name="six", objects=things).boxes.values())
    for n, (ax, ay, aw, ah) in enumerate(boxes):
        for bx, by, bw, bh in boxes[n + 1 :]:
            assert ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay


def test_the_same_scene_is_the_same_bytes() -> None:
    first = draw_scene(name="twice", objects=["dog", "cup"])
    second = draw_scene(name="twice", objects=["dog", "cup"])
    other = draw_scene(name="another", objects=["dog", "cup"])
    assert first.picture.sha256 == second.picture.sha256
    assert first.picture.sha256 != other.picture.sha256


def test_a_larger_circle_is_larger() -> None:
    red = (214, 48, 49)
    pair = Pair(shape="circle", place="left", measure="size", state="larger", colours=(red, red))
    figure = draw_pair(name="circles", pair=pair)
    image = opened(figure.picture)
    assert [figure.boxes[0][2], figure.boxes[1][2]] == [LARGER, BASE]
    for x, y, width, height in figure.boxes:
        assert image.getpixel((x + width // 2, y + height // 2)) == red
        assert image.getpixel((x - 1, y + height // 2)) != red
        assert image.getpixel((x + width, y + height // 2)) != red


def test_a_sign_stands_where_it_is_said_to() -> None:
    image = opened(draw_sign(name="sign", words="Parma ham"))
    x, y, width, height = PANEL_BOX
    panel = ImageColor.getrgb(PANEL_COLOUR)
    assert image.getpixel((x, y)) == panel
    assert image.getpixel((x + width - 1, y + height - 1)) == panel
    assert image.getpixel((x - 1, y)) != panel
    assert image.getpixel((x + width, y + height - 1)) != panel


def test_pope_pictures_show_what_was_answered_yes(data: Path) -> None:
    for piece in pope.read(data):
        image = opened(piece.pictures[0])
        verdicts = [claim["verdict"] for claim in piece.hints["claims"].values()]
        assert verdicts.count("true") == len(piece.hints["regions"]) >= 1
        for region in piece.hints["regions"]:
            x, y, width, height = region["box"]
            seen = image.crop((x, y, x + width, y + height)).getcolors(maxcolors=100_000)
            assert seen is not None and len(seen) > 1


def test_hallusion_figures_differ_as_their_answers_do(data: Path) -> None:
    pieces = [p for p in hallusionbench.read(data) if p.meta["data_set"] == "HallusionBench"]
    compared = [p for p in pieces if p.input["labels"][0]["id"] == "shape"]
    assert len(compared) == 34
    for piece in compared:
        image = opened(piece.pictures[0])
        first, second = (region["box"] for region in piece.hints["regions"])
        same_size = sorted(first[2:]) == sorted(second[2:])
        middles = [image.getpixel((x + w // 2, y + h // 2)) for x, y, w, h in (first, second)]
        if "color" in piece.input["claims"][0]["text"]:
            alike = middles[0] == middles[1]
        else:
            alike = same_size
        said_same = any(
            piece.hints["claims"][claim["id"]]["verdict"] == "true"
            for claim in piece.input["claims"]
            if " same" in claim["text"]
        )
        assert alike == said_same, piece.external_id
