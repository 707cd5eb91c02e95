"""Countries and their parts: ISO 3166 codes, and patterns such as `US-*`."""

import importlib.resources
import re
from functools import cache

_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""

COUNTRIES = frozenset(_COUNTRIES.split())

_PART = re.compile(r"[A-Z0-9]{1,3}", re.ASCII)


def is_country(code: str) -> bool:
    return code in COUNTRIES


def is_place(code: str) -> bool:
    """A country (`GB`) or a part of one (`US-NY`)."""
    country, dash, part = code.partition("-")
    return country in COUNTRIES and (not dash or _PART.fullmatch(part) is not None)


def is_pattern(code: str) -> bool:
    """A place, or all parts of a country (`US-*`)."""
    country, dash, part = code.partition("-")
    return is_place(code) or (country in COUNTRIES and dash == "-" and part == "*")


def covers(*, pattern: str, place: str) -> bool:
    """`GB` covers GB and its parts; `US-*` any part of the US, but not the bare country."""
    if pattern.endswith("-*"):
        return place.startswith(pattern[:-1])
    return place == pattern or place.startswith(f"{pattern}-")


def lives_in(*, pattern: str, country: str, region: str) -> bool:
    """As `covers`, but who gave only a country lives in some part of it."""
    if pattern.endswith("-*"):
        return pattern[:-2] == country
    return covers(pattern=pattern, place=f"{country}-{region}" if region else country)


def may_live_in(*, pattern: str, country: str, region: str) -> bool:
    """Whether the person could be there: without a region, any part of her country is possible.

    An exclusion must not be passed by leaving the region out.
    """
    if not region and pattern.startswith(f"{country}-"):
        return True
    return lives_in(pattern=pattern, country=country, region=region)


@cache
def country_names() -> dict[str, str]:
    """Code → the country's name, from the time zones' own list."""
    table = importlib.resources.files("tzdata.zoneinfo") / "iso3166.tab"
    lines = table.read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {code: name for code, name in pairs if code in COUNTRIES}


@cache
def places_by_name() -> dict[str, str]:
    """Countries by name in small letters, with names that people use instead."""
    named = {name.casefold(): code for code, name in country_names().items()}
    return named | {
        "uk": "GB", "united kingdom": "GB", "great britain": "GB", "england": "GB", "usa": "US",
        "united states of america": "US", "deutschland": "DE", "south korea": "KR",
        "czech republic": "CZ", "holland": "NL",
    }  # fmt: skip


def place_called(text: str) -> str:
    """The code of a place, written as a code or by its name; as it was where there is none."""
    return text.upper() if is_pattern(text.upper()) else places_by_name().get(text.casefold(), text)
