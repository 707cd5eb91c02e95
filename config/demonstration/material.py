"""What each project is handed: the story's own tasks, or pieces read from real data."""

from collections.abc import Iterator
from itertools import islice
from math import ceil
from pathlib import Path

from config.demonstration.chance import SEED
from config.demonstration.pieces import Json, Piece
from config.demonstration.readers import (
    gsm8k,
    hallusionbench,
    pope,
    pubmedqa,
    tatqa,
    theoremqa,
)
from config.demonstration.story import finance, medicine, stem, visual

TAKEN = {  # data set → how many tasks a run with --data hands in; at least 200 for each client
    "gsm8k": 150,
    "theoremqa": 60,
    "pubmedqa": 205,
    "tatqa": 205,
    "pope": 140,
    "hallusionbench": 70,
}


def own_pieces(*, clip: Json) -> list[Piece]:
    """The tasks written for this project. `clip` names a video that the instance holds."""
    return [*stem.pieces(), *medicine.pieces(), *finance.pieces(), *visual.pieces(clip=clip)]


def real_pieces(*, data: Path, share: int = 100, seed: int = SEED) -> Iterator[Piece]:
    """The pieces of all six data sets: of each, `share` percent of `TAKEN`.

    Raises `CannotReadData`.
    """
    readers = {
        "gsm8k": gsm8k.read(data, seed=seed),
        "theoremqa": theoremqa.read(data, seed=seed),
        "pubmedqa": pubmedqa.read(data, seed=seed),
        "tatqa": tatqa.read(data, seed=seed),
        "pope": pope.read(data),
        "hallusionbench": hallusionbench.read(data),
    }
    for name, pieces in readers.items():
        yield from islice(pieces, ceil(TAKEN[name] * share / 100))
