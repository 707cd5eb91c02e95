"""HallusionBench → `image`: words on signs, and pairs of shapes that fool the eye.

Its pictures are not in the data, so only the questions are read whose truth a drawing of ours
can hold: the `ocr` sets (a sign) and those `illusion` sets that compare two shapes.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from config.demonstration.pictures.figures import Pair, Place, Shape, State, draw_pair
from config.demonstration.pictures.signs import PANEL_BOX, draw_sign
from config.demonstration.pieces import Json, Picture, Piece
from config.demonstration.readers.files import CannotReadData, clean, take, whole
from config.demonstration.readers.pope import ASK, media

FILE = Path("hallusionbench") / "HallusionBench.json"
CLAIMS_MAX = 8
Rgb = tuple[int, int, int]
ORANGE, GREY, BLACK, GREEN = (230, 126, 34), (128, 128, 128), (30, 30, 30), (39, 174, 96)
RED, YELLOW, BLUE = (214, 48, 49), (214, 170, 10), (52, 120, 200)
PALETTE = (BLUE, GREEN, ORANGE, GREY)

COMPARED: dict[str, tuple[Shape, Place, Rgb, Rgb]] = {  # set of size questions → what to draw
    "0": ("circle", "right", ORANGE, ORANGE),
    "1": ("box", "right", GREY, GREY),
    "2": ("line", "top", BLACK, BLACK),
    "3": ("line", "top", YELLOW, YELLOW),
    "8": ("line", "upright", BLACK, BLACK),
    "11": ("circle", "left", BLACK, BLACK),
    "25": ("circle", "left", GREEN, GREEN),
    "27": ("line", "top", GREEN, RED),
    "28": ("line", "top", YELLOW, RED),
    "29": ("line", "upright", BLUE, BLUE),
    "30": ("line", "left", RED, RED),
}
COLOURED = re.compile(
    r"[Aa]re two (circle|square|triangle)s in the image (?:the same|different) color"
)
SHAPES: dict[str, Shape] = {"circle": "circle", "square": "box", "triangle": "triangle"}
WORDS = re.compile(  # what the sign says, out of the question that is answered with yes
    r"(?:show|poster for(?: the TV series| the movie)?|depict the movie|is this (?:a|an)(?= )"
    r"|image for|logo for|restaurant named|located in|is this (?=\")|is this ice-cream an?) ?"
    r"\"?(.+?)\"?\?$"
)


def read(data: Path) -> Iterator[Piece]:
    records = whole(data / FILE)
    if not isinstance(records, list):
        raise CannotReadData(f"{data / FILE}: a list of questions was expected")
    for (subcategory, figure), group in groupby(records, key=_figure):
        asked = [_asked(record, where=f"{data / FILE}, figure {figure}") for record in group]
        drawn = _draw(subcategory=subcategory, figure=figure, asked=asked[:CLAIMS_MAX])
        if drawn is not None:
            yield _piece(figure=figure, asked=asked[:CLAIMS_MAX], drawn=drawn)


def _figure(record: Any) -> tuple[str, str]:
    where = str(FILE)
    parts = (
        take(record, name, str, where=where) for name in ("subcategory", "set_id", "figure_id")
    )
    subcategory, set_id, figure_id = parts
    return subcategory, f"{subcategory}-{record.get('category')}-{set_id}-{figure_id}".lower()


def _asked(record: Any, *, where: str) -> Json:
    question = re.sub(
        r" *(Yes or No|yes or no)\.?$", "", clean(take(record, "question", str, where=where))
    )
    answer = take(record, "gt_answer", str, where=where)
    if answer not in ("0", "1"):
        raise CannotReadData(f"{where}: gt_answer should be 0 or 1, found {answer!r}")
    details = clean(take(record, "gt_answer_details", str, where=where))
    return {"question": question, "yes": answer == "1", "details": details}


Drawn = tuple[
    Picture, list[Json], str
]  # picture, regions as hints hold them, what claims are about


def _draw(*, subcategory: str, figure: str, asked: list[Json]) -> Drawn | None:
    if subcategory == "ocr" and "-vd-" in figure:
        return _sign(figure=figure, asked=asked)
    if subcategory == "illusion":
        return _pair(figure=figure, asked=asked)
    return None


def _sign(*, figure: str, asked: list[Json]) -> Drawn | None:
    found = [WORDS.search(claim["question"]) for claim in asked if claim["yes"]]
    words = next((match[1] for match in found if match is not None), None)
    if words is None:
        return None
    words = words.removeprefix("poster for ").strip(' "')
    picture = draw_sign(name=f"hallusion-{figure}", words=words[:1].upper() + words[1:])
    return picture, [{"id": "g1", "label": "sign", "box": PANEL_BOX}], "text"


def _pair(*, figure: str, asked: list[Json]) -> Drawn | None:
    set_id = figure.split("-")[2]
    state = _state(asked)
    coloured = COLOURED.search(asked[0]["question"])
    if state is None or (coloured is None and set_id not in COMPARED):
        return None
    if coloured is not None:
        colour = PALETTE[int(set_id) % len(PALETTE)]
        shape = SHAPES[coloured[1]]
        pair = Pair(
            shape=shape, place="left", measure="colour", state=state, colours=(colour, colour)
        )
    else:
        shape, place, first, second = COMPARED[set_id]
        pair = Pair(shape=shape, place=place, measure="size", state=state, colours=(first, second))
    drawn = draw_pair(name=f"hallusion-{figure}", pair=pair)
    regions = [
        {"id": f"g{n}", "label": "shape", "box": box} for n, box in enumerate(drawn.boxes, 1)
    ]
    return drawn.picture, regions, "relation"


def _state(asked: list[Json]) -> State | None:
    """How the first compares with the second, or None where the answers leave it open."""
    true = " ".join(claim["question"] for claim in asked if claim["yes"])
    if re.search(r"\b(same|identical)\b", true):
        return "same"
    if re.search(r"\b(larger|longer)\b", true):
        return "larger"
    return "smaller" if re.search(r"\b(smaller|shorter|different)\b", true) else None


def _piece(*, figure: str, asked: list[Json], drawn: Drawn) -> Piece:
    picture, regions, about = drawn
    return Piece(
        task_type="image",
        external_id=f"hallusion-{figure}",
        input={
            "media": [media(picture)],
            "claims": [
                {"id": f"k{n}", "text": _claim(claim["question"]), "about": about}
                for n, claim in enumerate(asked, start=1)
            ],
            "labels": [{"id": regions[0]["label"], "shape": "box"}],
            "ask": ASK,
        },
        hints={
            "claims": {
                f"k{n}": {
                    "verdict": "true" if claim["yes"] else "false",
                    "kind": "wrong_text" if about == "text" else "wrong_relation",
                    "correction": claim["details"],
                    "regions": [region["id"] for region in regions],
                }
                for n, claim in enumerate(asked, start=1)
            },
            "regions": regions,
        },
        meta={"data_set": "HallusionBench", "picture": "drawn by the project"},
        pictures=(picture,),
    )


def _claim(question: str) -> str:
    return f"“{question.rstrip('?').rstrip()}?” – yes."
