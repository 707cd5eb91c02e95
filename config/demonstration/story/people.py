"""Who is in the story. All invented; every address ends in example.org."""

from dataclasses import dataclass
from typing import Literal

from payments.demo import made_up_iban
from workforce.types.rates import CARDS

StaffRole = Literal["recruiter", "manager", "finance", "admin"]
Part = Literal["attempt", "review"]


@dataclass(frozen=True, kw_only=True)
class Staff:
    name: str
    email: str
    role: StaffRole


@dataclass(frozen=True, kw_only=True)
class Expert:
    """A scripted tutor. Reviewers are tutors too: they hold a contract and are paid."""

    name: str
    domain: str
    speciality: str
    level: int
    country: str
    zone: str
    iban: str
    part: Part = "attempt"
    cap_hours_week: int = 40

    @property
    def email(self) -> str:
        first, last = self.name.lower().split(" ", 1)
        return f"{first}.{last.replace(' ', '-').replace('’', '')}@example.org"

    @property
    def agreed_minor_hourly(self) -> int | None:
        """From level 2 on a rate is agreed, a dollar above the tier's; level 1 has the tier's."""
        ladder = CARDS.get(self.speciality) or CARDS[self.domain]
        return None if self.level == 1 else ladder[self.level].rate + 100


RECRUITER = Staff(name="Rosa Ekholm", email="rosa.ekholm@example.org", role="recruiter")
MANAGERS = (
    Staff(name="Miriam Osei", email="miriam.osei@example.org", role="manager"),
    Staff(name="Mateo Ruiz", email="mateo.ruiz@example.org", role="manager"),
)
FINANCE = (
    Staff(name="Fatima Noor", email="fatima.noor@example.org", role="finance"),
    Staff(name="Felix Braun", email="felix.braun@example.org", role="finance"),
)
ADMIN = Staff(name="Ada Lindgren", email="ada.lindgren@example.org", role="admin")
STAFF = (RECRUITER, *MANAGERS, *FINANCE, ADMIN)

_CAST = {  # name, speciality, level, country, zone
    "stem": (
        ("Alice Novak", "stem.mathematics", 3, "CZ", "Europe/Prague"),
        ("Bob Adeyemi", "stem.mathematics", 2, "NG", "Africa/Lagos"),
        ("Chandra Rao", "stem.mathematics", 2, "IN", "Asia/Kolkata"),
        ("Dora Weiss", "stem.mathematics", 1, "DE", "Europe/Berlin"),
        ("Emil Santos", "stem.mathematics", 1, "BR", "America/Sao_Paulo"),
        ("Farah Haddad", "stem.mathematics", 4, "FR", "Europe/Paris"),
    ),
    "medicine": (
        ("Grace Mensah", "medicine.internal", 3, "GB", "Europe/London"),
        ("Hugo Laurent", "medicine.internal", 2, "FR", "Europe/Paris"),
        ("Ines Carvalho", "medicine.internal", 2, "PT", "Europe/Lisbon"),
        ("Jonas Keller", "medicine.internal", 1, "CH", "Europe/Zurich"),
        ("Keiko Tanaka", "medicine.internal", 1, "JP", "Asia/Tokyo"),
        ("Liam Byrne", "medicine.internal", 4, "IE", "Europe/Dublin"),
    ),
    "finance": (
        ("Maya Lindholm", "finance.accounting", 3, "SE", "Europe/Stockholm"),
        ("Noah Fischer", "finance.accounting", 2, "DE", "Europe/Berlin"),
        ("Olga Petrova", "finance.accounting", 2, "BG", "Europe/Sofia"),
        ("Pablo Vega", "finance.accounting", 1, "ES", "Europe/Madrid"),
        ("Qing Liu", "finance.accounting", 1, "SG", "Asia/Singapore"),
        ("Ruth Amsel", "finance.accounting", 4, "AT", "Europe/Vienna"),
    ),
    "visual": (
        ("Sven Dahl", "visual.image-understanding", 3, "NO", "Europe/Oslo"),
        ("Tara Quinn", "visual.image-understanding", 2, "US", "America/New_York"),
        ("Umar Farooq", "visual.image-understanding", 2, "PK", "Asia/Karachi"),
        ("Vera Costa", "visual.image-understanding", 1, "IT", "Europe/Rome"),
        ("Wim Jansen", "visual.image-understanding", 1, "NL", "Europe/Amsterdam"),
        ("Xenia Pappas", "visual.image-understanding", 4, "GR", "Europe/Athens"),
    ),
}
_REVIEWERS = {
    "stem": (
        ("Yara Nasser", "stem.mathematics", 3, "NL", "Europe/Amsterdam"),
        ("Zoran Ilic", "stem.mathematics", 3, "RS", "Europe/Belgrade"),
    ),
    "medicine": (
        ("Anna Bergman", "medicine.internal", 3, "FI", "Europe/Helsinki"),
        ("Ben Owusu", "medicine.internal", 3, "GH", "Africa/Accra"),
    ),
    "finance": (
        ("Clara Moreau", "finance.accounting", 3, "BE", "Europe/Brussels"),
        ("David Katz", "finance.accounting", 3, "US", "America/Chicago"),
    ),
    "visual": (
        ("Elif Demir", "visual.image-understanding", 3, "TR", "Europe/Istanbul"),
        ("Finn Larsen", "visual.image-understanding", 3, "DK", "Europe/Copenhagen"),
    ),
}


def _experts(domain: str) -> tuple[Expert, ...]:
    first = 5_407_320_000 + 100 * list(_CAST).index(domain)
    rows = [(row, "attempt") for row in _CAST[domain]] + [
        (row, "review") for row in _REVIEWERS[domain]
    ]
    return tuple(
        Expert(
            name=row[0],
            domain=domain,
            speciality=row[1],
            level=row[2],
            country=row[3],
            zone=row[4],
            iban=made_up_iban(number=first + n),
            part="attempt" if part == "attempt" else "review",
        )
        for n, (row, part) in enumerate(rows)
    )


EXPERTS: dict[str, tuple[Expert, ...]] = {domain: _experts(domain) for domain in _CAST}


def cast(*, attempters: int, reviewers: int) -> list[Expert]:
    """That many tutors and reviewers from each domain, the same ones each time."""
    chosen = []
    for experts in EXPERTS.values():
        chosen += [expert for expert in experts if expert.part == "attempt"][:attempters]
        chosen += [expert for expert in experts if expert.part == "review"][:reviewers]
    return chosen
