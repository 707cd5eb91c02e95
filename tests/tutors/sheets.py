"""A recruiter's file as it comes: invented people, headers of her own, some rows at fault.

`python -m tests.tutors.sheets 1000 > physicians.csv` writes one to look at.
"""

import csv
import io
import random
import sys
from collections.abc import Callable

HEADER = ("full_name", "mail", "country", "tz", "speciality", "langs", "tasks at a time", "bio",
          "notes")  # fmt: skip
SEED = 20261125

_GIVEN = """
Helena Kwame Yuki Marta Nadia Paulo Ingrid Tomas Amara Bilal Chiara Dmitri Elif Farid Greta Hana
Ivo Jonas Karima Lars Mina Noor Olga Pedro Qiang Rania Sven Tariq Uma Viktor Wanda Xenia Yara
Zoran Aiko Bruno Celia Dario Esme Fiona
"""
_FAMILY = """
Brandt Mensah Sato Kowalska Rahman Teixeira Lindqvist Novak Okafor Haddad Ricci Volkov Demir Aziz
Hoffmann Suzuki Horvat Berg Mansour Nilsen Park Hassan Petrova Alves Chen Saleh Larsen Malik Patel
Orlov Nowak Papas Cohen Jovic Tanaka Costa Moreau Greco Wright Byrne
"""
GIVEN, FAMILY = _GIVEN.split(), _FAMILY.split()
PLACES = (
    ("DE", "Europe/Berlin", "de"), ("GH", "Africa/Accra", "ak"), ("JP", "Asia/Tokyo", "ja"),
    ("PL", "Europe/Warsaw", "pl"), ("GB", "Europe/London", "cy"), ("PT", "Europe/Lisbon", "pt"),
    ("SE", "Europe/Stockholm", "sv"), ("NG", "Africa/Lagos", "yo"), ("LB", "Asia/Beirut", "ar"),
    ("IT", "Europe/Rome", "it"), ("TR", "Europe/Istanbul", "tr"), ("IN", "Asia/Kolkata", "hi"),
    ("US", "America/Chicago", "es"), ("CA", "America/Toronto", "fr"),
)  # fmt: skip
FIELDS = (
    "medicine.psychiatry", "medicine.internal", "medicine.cardiology", "medicine.emergency",
    "medicine.radiology", "medicine.neurology", "stem.mathematics", "stem.physics",
    "finance.accounting", "visual.design",
)  # fmt: skip
WORK = ("on the ward", "in a practice", "at a university hospital", "in research", "teaching")

FAULTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("mail", lambda cell: cell.partition("@")[0] + "@"),
    ("tz", lambda cell: cell.rpartition("/")[2]),
    ("country", lambda _cell: "Germany"),
    ("langs", lambda _cell: "English"),
    ("speciality", lambda cell: cell.rpartition(".")[2].title()),
    ("tasks at a time", lambda _cell: "2.5"),
    ("full_name", lambda _cell: ""),
    ("mail", lambda cell: cell.replace("@", " at ")),
    ("tz", lambda _cell: "UTC+2"),
    ("country", lambda _cell: "XX"),
    ("langs", lambda _cell: "en"),
    ("tasks at a time", lambda _cell: "200"),
)
"""Twelve rows are spoiled in these ways, spread over the file."""


def people(rows: int, *, seed: int = SEED, tag: str = "") -> list[dict[str, str]]:
    """Invented people; `tag` keeps the addresses of several files apart."""
    chance = random.Random(seed)
    return [_person(chance, number, tag) for number in range(1, rows + 1)]


def _person(chance: random.Random, number: int, tag: str) -> dict[str, str]:
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    country, zone, tongue = chance.choice(PLACES)
    fields = chance.sample(FIELDS, k=chance.choice((1, 1, 1, 2)))
    years = chance.randint(3, 28)
    return {
        "full_name": f"Dr. {given} {family}",
        "mail": f"{given}.{family}.{tag}{number}@example.org".lower(),
        "country": country,
        "tz": zone,
        "speciality": ";".join(fields),
        "langs": f"en:{chance.choice(('B2', 'C1', 'C2'))};{tongue}:native",
        "tasks at a time": str(chance.randint(1, 4)),
        "bio": f"{years} years {chance.choice(WORK)}",
        "notes": chance.choice(("", "", "met at a congress", "recommended")),
    }


def spoiled(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same people, with a fault of each kind in as many rows."""
    step = max(1, len(found) // len(FAULTS))
    for number, (column, spoil) in enumerate(FAULTS):
        row = found[min(number * step + step // 2, len(found) - 1)]
        row[column] = spoil(row[column])
    return found


def text_of(found: list[dict[str, str]], *, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    sys.stdout.write(text_of(spoiled(people(wanted))))
