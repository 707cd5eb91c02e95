"""What is wrong with a cell in words that say how to mend it, with a guess where there is one."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from tutors.rules.languages import CODES
from tutors.rules.places import places_by_name

SHOWN_CHARS = 40
_GUESS_CUTOFF = 0.75
_TONGUES = {
    "arabic": "ar", "bengali": "bn", "chinese": "zh", "czech": "cs", "danish": "da",
    "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr", "german": "de",
    "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "italian": "it",
    "japanese": "ja", "korean": "ko", "mandarin": "zh", "norwegian": "no", "persian": "fa",
    "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es",
    "swahili": "sw", "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk",
    "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip


def for_cell(column: str, cell: str, *, fault: str) -> str:
    """The fault of a cell, in better words where its kind is known."""
    better = _BETTER.get(column)
    return (better(cell) if better else "") or fault


def for_domain(slug: str, *, slugs: Iterable[str]) -> str:
    """A domain that there is not, and the nearest that there is."""
    near = _nearest_domain(slug, slugs)
    shown = slug[:SHOWN_CHARS]
    return f"There is no domain {shown}." + (f" Did you mean {near}?" if near else "")


def _nearest_domain(text: str, slugs: Iterable[str]) -> str:
    wanted = text.casefold().replace(" ", "-")
    known = list(slugs)
    ends = {slug.rpartition(".")[2]: slug for slug in known}
    if wanted in ends:
        return ends[wanted]
    near = get_close_matches(wanted, known, n=1, cutoff=_GUESS_CUTOFF)
    last = get_close_matches(wanted.rpartition(".")[2], ends, n=1, cutoff=_GUESS_CUTOFF)
    return near[0] if near else ends[last[0]] if last else ""


def _email(cell: str) -> str:
    if re.search(r"[;,\s]\S+@", cell) and cell.count("@") > 1:
        return "There are several addresses. Keep one."
    if cell.count("@") > 1:
        return "There is more than one @ in the address."
    name, at, host = cell.partition("@")
    if not at:
        return "The @ is missing. An address looks like name@example.org."
    if not host:
        return "The address is cut off after @."
    if not name:
        return "The part before @ is missing."
    if "," in host:
        return f"Use a point: {name}@{host.replace(',', '.')}"[: SHOWN_CHARS * 2]
    if re.search(r"\s", cell):
        return "There is a space in the address."
    if "." not in host:
        return f"The address ends too early: is it {host[:SHOWN_CHARS]}.com or another?"
    return ""


def _country(cell: str) -> str:
    code = places_by_name().get(cell.casefold().strip())
    if code is None:
        near = get_close_matches(
            cell.casefold().strip(), places_by_name(), n=1, cutoff=_GUESS_CUTOFF
        )
        code = places_by_name()[near[0]] if near else None
    if code is None and len(cell.strip()) == 3:
        return "Use the code of two letters, such as DE."
    return f"Use the code of two letters. Did you mean {code}?" if code else ""


def _zone(cell: str) -> str:
    wanted = cell.casefold().strip().replace(" ", "_")
    ends = _zone_ends()
    if wanted in ends:
        return f"Use the whole name. Did you mean {ends[wanted]}?"
    near = get_close_matches(wanted.rpartition("/")[2], ends, n=1, cutoff=_GUESS_CUTOFF)
    if near:
        return f"There is no such time zone. Did you mean {ends[near[0]]}?"
    if re.fullmatch(r"(utc|gmt)?[+-]?\d{1,2}(:?\d\d)?", wanted):
        return "Name a place, not an offset: Europe/Berlin."
    return "This is not a time zone. Write area and city, such as Europe/Berlin."


def _languages(cell: str) -> str:
    for entry in re.split(r"[;,|\n]", cell):
        tag, colon, level = (part.strip() for part in entry.partition(":"))
        known = _TONGUES.get(tag.casefold(), "")
        if known:
            return f"Use the tag: {known}:{level or 'C2'}."
        if tag.casefold() in CODES and not colon:
            return f"Say how well: {tag}:C2, or {tag}:native."
    return ""


def _capacity(cell: str) -> str:
    if re.fullmatch(r"\d+[.,]\d+", cell):
        return f"Use a whole number. Did you mean {re.split('[.,]', cell)[0]}?"
    return ""


_BETTER: dict[str, Callable[[str], str]] = {
    "email": _email,
    "country": _country,
    "time_zone": _zone,
    "languages": _languages,
    "capacity": _capacity,
}


@cache
def _zone_ends() -> dict[str, str]:
    """Zones by their last part in small letters: `berlin` → `Europe/Berlin`."""
    areas = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    zones = sorted(zone for zone in available_timezones() if zone.startswith(areas))
    return {zone.rpartition("/")[2].casefold(): zone for zone in zones}
