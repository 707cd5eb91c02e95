"""Pictures as they may be stored: known by their content, upright, without hidden data."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from tasks.rules.clips import NotAClip, read_clip
from tasks.rules.states import MediaKind

FORMATS = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "WEBP": ("image/webp", ".webp"),
}
PIXELS_MAX = 50_000_000
SIDE_MAX = 20_000
JPEG_QUALITY = 92
ENDS = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}
HARMLESS = frozenset(
    {"transparency", "gamma", "dpi", "jfif", "jfif_version", "jfif_unit", "jfif_density",
     "progressive", "progression", "srgb", "aspect", "interlace", "background", "loop",
     "duration", "chromaticity", "adobe", "adobe_transform", "timestamp"}
)  # fmt: skip
"""What may stand beside the pixels; a picture with anything else is written anew."""

EBML_MAGIC = b"\x1a\x45\xdf\xa3"


class CannotRead(ValueError):
    """No picture or clip that we take; the message is fit for a person."""


@dataclass(frozen=True, kw_only=True)
class Readable:
    """A picture or clip as it will be stored."""

    kind: MediaKind
    mime: str
    suffix: str
    width: int
    height: int
    data: bytes
    duration_ms: int | None = None


def read(data: bytes) -> Readable:
    """What the bytes are, whatever they are called. Raises `CannotRead`."""
    if data.startswith(EBML_MAGIC):
        return _clip(data)
    try:
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as picture:
            return _picture(picture, data)
    except CannotRead:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many() from None
    except (OSError, ValueError, SyntaxError):
        raise CannotRead("This is no sound PNG, JPEG, WebP or WebM file.") from None


def _clip(data: bytes) -> Readable:
    try:
        clip = read_clip(data)
    except NotAClip as problem:
        raise CannotRead(str(problem)) from None
    return Readable(
        kind=MediaKind.VIDEO, mime="video/webm", suffix=".webm", width=clip.width,
        height=clip.height, duration_ms=clip.duration_ms, data=data,
    )  # fmt: skip


def _too_many() -> CannotRead:
    return CannotRead(f"A picture may have {PIXELS_MAX // 10**6} million pixels at most.")


def _picture(picture: Image.Image, data: bytes) -> Readable:
    format = picture.format or ""
    width, height = picture.size
    if width * height > PIXELS_MAX or max(width, height) > SIDE_MAX:
        raise _too_many()
    if getattr(picture, "n_frames", 1) > 1:
        raise CannotRead("A moving picture is not taken; send a still one, or a WebM clip.")
    picture.load()
    if not _bare(picture, format, data):
        data, (width, height) = _written_anew(picture, format)
    mime, suffix = FORMATS[format]
    return Readable(
        kind=MediaKind.IMAGE, mime=mime, suffix=suffix, width=width, height=height, data=data
    )


def _bare(picture: Image.Image, format: str, data: bytes) -> bool:
    """Nothing but pixels: no EXIF, no texts, nothing after the end."""
    said = {str(key) for key in picture.info} | ({"exif"} if picture.getexif() else set())
    return said <= HARMLESS and data.endswith(ENDS.get(format, b""))


def _written_anew(picture: Image.Image, format: str) -> tuple[bytes, tuple[int, int]]:
    upright = ImageOps.exif_transpose(picture).copy()
    upright.info = {k: v for k, v in upright.info.items() if k == "transparency"}
    out = io.BytesIO()
    options = {"quality": JPEG_QUALITY} if format == "JPEG" else {}
    upright.save(out, format=format, **options)
    return out.getvalue(), upright.size
