"""What a WebM file says of itself: size and length, read from its head without any decoder."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

EBML, SEGMENT, INFO, TRACKS, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
DOC_TYPE, TIMECODE_SCALE, DURATION = 0x4282, 0x2AD7B1, 0x4489
TRACK, VIDEO, WIDTH, HEIGHT = 0xAE, 0xE0, 0xB0, 0xBA
INSIDE = frozenset({EBML, SEGMENT, INFO, TRACKS, TRACK, VIDEO})
ELEMENTS_MAX = 10_000
NANOSECONDS_A_MILLISECOND = 1_000_000


class NotAClip(ValueError):
    """The bytes are no WebM with a picture and a length; the message is fit for a person."""


@dataclass(frozen=True, slots=True)
class Clip:
    width: int
    height: int
    duration_ms: int


def read_clip(data: bytes) -> Clip:
    """Size and length of a WebM file. Raises `NotAClip`."""
    found: dict[int, bytes] = {}
    for ident, body in _elements(data):
        found.setdefault(ident, body)
    if found.get(DOC_TYPE, b"").rstrip(b"\0") != b"webm":
        raise NotAClip("This is no WebM file.")
    width, height = (int.from_bytes(found.get(i, b""), "big") for i in (WIDTH, HEIGHT))
    scale = int.from_bytes(found.get(TIMECODE_SCALE, b""), "big") or NANOSECONDS_A_MILLISECOND
    duration = round(_float(found.get(DURATION, b"")) * scale / NANOSECONDS_A_MILLISECOND)
    if not (0 < width < 2**15 and 0 < height < 2**15 and 0 < duration < 2**31):
        raise NotAClip("This WebM file does not say its size and length.")
    return Clip(width, height, duration)


def _float(body: bytes) -> float:
    if len(body) not in (4, 8):
        return 0.0
    value = float(struct.unpack(">f" if len(body) == 4 else ">d", body)[0])
    return value if 0 < value < 2**31 else 0.0


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements of the head, those within others included; stops at the first cluster."""
    at = 0
    for _ in range(ELEMENTS_MAX):
        if at + 2 > len(data):
            return
        ident, at = _number(data, at, keep=True)
        size, at = _number(data, at, keep=False)
        if ident == CLUSTER:
            return
        if ident in INSIDE:
            continue
        yield ident, data[at : at + size] if size <= 64 else b""
        at += size


def _number(data: bytes, at: int, *, keep: bool) -> tuple[int, int]:
    """A variable-length number and the place after it; `keep` leaves its length mark in."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length() if first else 0
    if not 1 <= length <= (4 if keep else 8) or at + length > len(data):
        raise NotAClip("This file is broken.")
    value = int.from_bytes(data[at : at + length], "big")
    return (value if keep else value & ((1 << (7 * length)) - 1)), at + length
