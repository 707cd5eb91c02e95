"""Which column of a file is which fact: guessed from its header, corrected by a person."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

COLUMNS = (
    "email",
    "name",
    "country",
    "region",
    "time_zone",
    "domains",
    "languages",
    "capacity",
    "headline",
)
REQUIRED = ("email", "name", "country", "time_zone", "domains", "languages")
"""Facts that every row needs; the others may be left out."""

JOINED: Mapping[str, str] = {"name": " ", "domains": ";", "languages": ";", "headline": ", "}
"""Facts that may come from several columns, and what stands between the parts."""

LEFT_OUT = ""

_SYNONYMS = {
    "email": "email mail emailaddress emailadress mailaddress emails eaddress contactemail "
    "workemail primaryemail courriel correo",
    "name": "name fullname person candidate candidatename tutor tutorname expert displayname "
    "nom nombre",
    "country": "country countrycode countryiso iso2 nation land pays pais residence livesin "
    "countryofresidence residencecountry",
    "region": "region regioncode state province stateprovince stateorprovince subdivision "
    "bundesland canton",
    "time_zone": "timezone timezones tz zone tzname timezonename ianatimezone zeitzone",
    "domains": "domain domains field fields speciality specialities specialty specialties "
    "specialisation specialization specialisations specializations subject subjects expertise "
    "area areas discipline disciplines fachgebiet",
    "languages": "language languages lang langs spokenlanguages languagesspoken speaks sprachen "
    "sprache idiomas",
    "capacity": "capacity tasksatonce tasksatatime maxtasks paralleltasks concurrency slots",
    "headline": "headline title jobtitle bio about summary tagline position profile",
}
_GIVEN = {"firstname", "givenname", "forename", "vorname", "prenom", "firstnames", "givennames"}
_FAMILY = {"lastname", "surname", "familyname", "nachname", "nomdefamille", "lastnames"}
_KNOWN = {word: column for column, words in _SYNONYMS.items() for word in words.split()}


def guess(header: Sequence[str]) -> tuple[str, ...]:
    """For each column of the file the fact it most likely holds, or `LEFT_OUT`.

    Case, accents and punctuation do not matter. A fact is given to one column, an exact name
    before a synonym; only a given name and a family name make the name together.
    """
    plain = [_plain(cell) for cell in header]
    found = [LEFT_OUT] * len(plain)
    exact = {column.replace("_", ""): column for column in COLUMNS}
    for known in (exact, _KNOWN):
        for place, word in enumerate(plain):
            column = known.get(word)
            if column and not found[place] and column not in found:
                found[place] = column
    if "name" not in found:
        for words in (_GIVEN, _FAMILY):
            for place in [n for n, word in enumerate(plain) if word in words][:1]:
                found[place] = "name"
    return tuple(found)


def faults(mapping: Sequence[str], *, width: int) -> dict[str, list[str]]:
    """What is wrong with a matching, by column of ours; empty when it can be used."""
    errors: dict[str, list[str]] = {}
    if len(mapping) != width:
        errors["columns"] = [f"Say for each of the {width} columns what it holds."]
    for column in dict.fromkeys(mapping):
        if column not in (*COLUMNS, LEFT_OUT):
            errors[column[:HEADER_SHOWN]] = ["There is no such column here."]
        elif column and column not in JOINED and list(mapping).count(column) > 1:
            errors[column] = ["Only one column of the file can be this. Leave the other out."]
    return errors


HEADER_SHOWN = 80


def missing(mapping: Sequence[str]) -> tuple[str, ...]:
    """The needed facts that no column of the file holds yet."""
    return tuple(column for column in REQUIRED if column not in mapping)


def cells_of(raw: Sequence[str], *, mapping: Sequence[str]) -> dict[str, str]:
    """The facts in a line of the file, as text."""
    parts: dict[str, list[str]] = {}
    for column, cell in zip(mapping, raw, strict=False):
        if column:
            parts.setdefault(column, []).append(cell.strip())
    return {
        column: JOINED.get(column, " ").join(part for part in found if part)
        for column, found in parts.items()
    }


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]", "", letters)
