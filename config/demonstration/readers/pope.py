"""POPE → `image`: is there such a thing in the picture? The picture is drawn to the answers."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from config.demonstration.pictures.scenes import PLACES_MAX, can_draw, draw_scene
from config.demonstration.pieces import Json, Piece
from config.demonstration.readers.files import CannotReadData, json_lines, take

FILE = Path("pope") / "coco_pope_random.json"
QUESTION = re.compile(r"Is there (an?) ([a-z ]+) in the image\?")
CLAIMS_MAX = 8
ASK: Json = {
    "claims": True,
    "regions": True,
    "relations": False,
    "caption": "none",
    "frame_required": False,
}


def read(data: Path) -> Iterator[Piece]:
    """One task for each picture that the questions are about, in their order."""
    rows = (
        (take(row, "image", str, where=f"{data / FILE}, line {n}"), row, n)
        for n, row in json_lines(data / FILE)
    )
    for image, group in groupby(rows, key=lambda found: found[0]):
        asked = [_asked(row, where=f"{data / FILE}, line {n}") for _, row, n in group]
        asked = list(
            {claim["thing"]: claim for claim in asked if can_draw(claim["thing"])}.values()
        )
        if any(claim["there"] for claim in asked):
            yield _piece(image=image, asked=asked[:CLAIMS_MAX])


def _asked(row: Any, *, where: str) -> Json:
    found = QUESTION.fullmatch(take(row, "text", str, where=where))
    label = take(row, "label", str, where=where)
    if found is None or label not in ("yes", "no"):
        raise CannotReadData(f"{where}: not a question of the form 'Is there a … in the image?'")
    return {"article": found[1], "thing": found[2], "there": label == "yes"}


def _piece(*, image: str, asked: list[Json]) -> Piece:
    there = [claim["thing"] for claim in asked if claim["there"]][:PLACES_MAX]
    scene = draw_scene(name=f"pope-{image}", objects=there)
    number = image.rsplit("_", 1)[-1].removesuffix(".jpg").lstrip("0")
    claims = [
        {
            "id": f"k{n}",
            "text": f"There is {claim['article']} {claim['thing']} in the picture.",
            "about": "object",
        }
        for n, claim in enumerate(asked, start=1)
    ]
    return Piece(
        task_type="image",
        external_id=f"pope-{number}",
        input={
            "media": [media(scene.picture)],
            "claims": claims,
            "labels": [{"id": slug(claim["thing"]), "shape": "box"} for claim in asked],
            "ask": ASK,
        },
        hints=_hints(asked=asked, boxes=scene.boxes),
        meta={"data_set": "POPE", "picture": "drawn by the project"},
        pictures=(scene.picture,),
    )


def _hints(*, asked: list[Json], boxes: dict[str, list[int]]) -> Json:
    regions = {
        thing: {"id": f"g{n}", "label": slug(thing), "box": box}
        for n, (thing, box) in enumerate(boxes.items(), start=1)
    }
    return {
        "claims": {
            f"k{n}": {
                "verdict": "true" if claim["there"] else "false",
                "kind": "not_there",
                "correction": f"No {claim['thing']} is there.",
                "regions": [regions[claim["thing"]]["id"]] if claim["there"] else [],
            }
            for n, claim in enumerate(asked, start=1)
        },
        "regions": list(regions.values()),
    }


def media(picture: Any) -> Json:
    return {
        "id": "m1",
        "kind": "image",
        "sha256": picture.sha256,
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
    }


def slug(thing: str) -> str:
    return thing.replace(" ", "-")
