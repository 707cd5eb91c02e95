"""Opening the data files: bounded, and with an error that says where."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar

FILE_BYTES_MAX = 64 * 1024 * 1024
LINE_CHARACTERS_MAX = 1024 * 1024
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Wanted = TypeVar("Wanted")


class CannotReadData(Exception):
    """A data file is missing or malformed; the message names it and says what to do."""


def whole(path: Path) -> Any:
    """The JSON of a file that is one document."""
    _check(path)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CannotReadData(f"{path} is not JSON in UTF-8: {error}") from error


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number and object; blank lines are passed over."""
    _check(path)
    with path.open(encoding="utf-8") as file:
        for number in range(1, FILE_BYTES_MAX):
            line = _line(path=path, number=number, file=file)
            if not line:
                return
            if len(line) > LINE_CHARACTERS_MAX:
                raise CannotReadData(
                    f"{path}, line {number}: longer than {LINE_CHARACTERS_MAX} characters"
                )
            if line.strip():
                yield number, _object(path=path, number=number, line=line)


def tab_separated(path: Path) -> Iterator[dict[str, str]]:
    _check(path)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def take(record: Any, name: str, wanted: type[Wanted], *, where: str) -> Wanted:
    """A field of the right type, or an error that names it."""
    value = record.get(name) if isinstance(record, dict) else None
    if not isinstance(value, wanted):
        raise CannotReadData(
            f"{where}: {name!r} should be {wanted.__name__}, found {type(value).__name__}"
        )
    return value


def clean(text: str) -> str:
    """One kind of line end and no control characters, as intake stores it."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _line(*, path: Path, number: int, file: TextIO) -> str:
    try:
        return file.readline(LINE_CHARACTERS_MAX + 1)
    except UnicodeDecodeError as error:
        raise CannotReadData(f"{path}, line {number}: not text in UTF-8: {error}") from error


def _object(*, path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise CannotReadData(f"{path}, line {number}: not JSON: {error}") from error
    if not isinstance(record, dict):
        raise CannotReadData(f"{path}, line {number}: an object was expected")
    return record


def _check(path: Path) -> None:
    if not path.is_file():
        raise CannotReadData(f"{path} is missing; --data names the folder that holds the data sets")
    if path.stat().st_size > FILE_BYTES_MAX:
        raise CannotReadData(f"{path} is larger than {FILE_BYTES_MAX} bytes")
