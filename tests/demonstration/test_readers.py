"""Every piece that a reader yields can be worked on, and its scripted answers are valid."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from config.demonstration.answers import agrees, scripted
from config.demonstration.material import TAKEN, real_pieces
from config.demonstration.pieces import Piece
from config.demonstration.readers import (
    gsm8k,
    hallusionbench,
    pope,
    pubmedqa,
    tatqa,
    theoremqa,
    toloker,
)
from config.demonstration.readers.files import LINE_CHARACTERS_MAX, CannotReadData, json_lines
from tasks.types import check_item, task_type

Read = Callable[[Path], Iterator[Piece]]
READERS: dict[str, tuple[Read, str, int]] = {  # data set → reader, task type, pieces in all
    "gsm8k": (gsm8k.read, "preference", 436),
    "theoremqa": (theoremqa.read, "critique", 747),
    "pubmedqa": (pubmedqa.read, "hallucination", 1000),
    "tatqa": (tatqa.read, "rubric", 1668),
    "pope": (pope.read, "image", 500),
    "hallusionbench": (hallusionbench.read, "image", 74),
}


@cache
def everything(name: str, data: Path) -> list[Piece]:
    """All pieces of a data set, read once for all tests."""
    return list(READERS[name][0](data))


@pytest.fixture(params=READERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_reader_yields_what_its_data_holds(name: str, data: Path) -> None:
    _, slug, count = READERS[name]
    pieces = everything(name, data)
    assert len(pieces) == count
    assert len({piece.external_id for piece in pieces}) == count
    assert {piece.task_type for piece in pieces} == {slug}


def test_every_item_is_valid(name: str, data: Path) -> None:
    _, slug, _ = READERS[name]
    wrong = {
        piece.external_id: problems
        for piece in everything(name, data)
        if (problems := check_item(task_type(slug), piece.item()))
    }
    assert wrong == {}


def test_every_scripted_answer_is_valid(name: str, data: Path) -> None:
    _, slug, _ = READERS[name]
    wrong = {}
    for piece in everything(name, data):
        for careful in (True, False):
            answer = scripted(
                task_type=slug, task_input=piece.input, hints=piece.hints, careful=careful
            )
            problems = task_type(slug).check_answer(input=piece.input, answer=answer)
            if problems:
                wrong[piece.external_id, careful] = problems
    assert wrong == {}


def test_a_hasty_answer_is_told_from_a_careful_one(name: str, data: Path) -> None:
    _, slug, _ = READERS[name]
    for piece in everything(name, data):
        around = {"task_type": slug, "task_input": piece.input, "hints": piece.hints}
        assert agrees(**around, answer=scripted(**around))
        assert not agrees(**around, answer=scripted(**around, careful=False))


def test_a_guess_without_hints_is_valid(name: str, data: Path) -> None:
    _, slug, _ = READERS[name]
    piece = everything(name, data)[0]
    answer = scripted(task_type=slug, task_input=piece.input, hints={})
    assert task_type(slug).check_answer(input=piece.input, answer=answer) == ()


def test_reading_twice_gives_the_same(name: str, data: Path) -> None:
    read, _, _ = READERS[name]
    assert list(read(data)) == everything(name, data)


def test_four_clients_get_two_hundred_tasks_each(data: Path) -> None:
    counts = Counter(piece.task_type for piece in real_pieces(data=data))
    assert sum(counts.values()) == sum(TAKEN.values())
    assert counts["preference"] + counts["critique"] >= 200
    assert counts["hallucination"] >= 200
    assert counts["rubric"] >= 200
    assert counts["image"] >= 200


def test_gsm8k_has_one_right_and_one_wrong_solution(data: Path) -> None:
    records = {f"gsm8k-{n:04d}": record for n, record in json_lines(data / gsm8k.FILE)}
    for piece in gsm8k.read(data):
        best = piece.hints["best"]
        judged = {
            letter: records[piece.external_id][piece.meta[f"response:{letter}"].split()[1]]
            for letter in ("a", "b")
        }
        assert judged[best]["is_correct"] is True
        assert judged["b" if best == "a" else "a"]["is_correct"] is False


def test_flaws_of_every_kind_are_planted(data: Path) -> None:
    kinds = Counter(
        finding["kind"] for piece in pubmedqa.read(data) for finding in piece.hints["findings"]
    )
    assert set(kinds) == set(pubmedqa.ASK["kinds"])


def test_rates_of_real_workers_add_up_to_one(data: Path) -> None:
    rates = list(toloker.read(data))
    assert len(rates) == 11_758
    for each in rates:
        total = each.approved + each.skipped + each.expired + each.rejected
        assert total == pytest.approx(1, abs=1e-6)


def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    read, _, _ = READERS[name]
    with pytest.raises(CannotReadData, match=rf"{name}.* is missing; --data names the folder"):
        list(read(tmp_path))


@pytest.mark.parametrize("text", ["{", "[1, 2", "\N{SNOWMAN}", '"a text"\n', '{"x": {}}\n'])
def test_a_malformed_file_is_named(name: str, text: str, tmp_path: Path) -> None:
    read, _, _ = READERS[name]
    module = {
        "gsm8k": gsm8k,
        "theoremqa": theoremqa,
        "pubmedqa": pubmedqa,
        "tatqa": tatqa,
        "pope": pope,
        "hallusionbench": hallusionbench,
    }[name]
    path = tmp_path / module.FILE
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CannotReadData, match=name):
        list(read(tmp_path))


def test_bytes_that_are_not_utf_8_are_refused(name: str, tmp_path: Path, data: Path) -> None:
    read, _, _ = READERS[name]
    shutil.copytree(data / name, tmp_path / name)
    for path in (tmp_path / name).glob("*.json*"):
        path.write_bytes(b"\xff\xfe" + path.read_bytes()[:1000])
    with pytest.raises(CannotReadData, match="UTF-8"):
        list(read(tmp_path))


def test_a_line_without_an_end_is_refused_early(tmp_path: Path) -> None:
    path = tmp_path / gsm8k.FILE
    path.parent.mkdir()
    path.write_text('{"question": "' + "x" * (LINE_CHARACTERS_MAX + 10), encoding="utf-8")
    with pytest.raises(CannotReadData, match="line 1: longer than"):
        list(gsm8k.read(tmp_path))
