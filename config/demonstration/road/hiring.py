"""The recruiter's part: people come in by CSV and by hand, are proven, and sign."""

import csv
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from config.demonstration.pieces import Json
from config.demonstration.road.calling import Caller
from config.demonstration.road.company import Company
from config.demonstration.story.people import RECRUITER, Expert

COLUMNS = ("email", "name", "country", "time_zone", "domains", "languages", "capacity", "headline")
HEADLINE = "Scripted tutor of the demonstration"
CAPACITY = 2
STARTED_BEFORE = timedelta(days=30)
QUALIFIED_FOR = timedelta(days=365)
PRESENT_FOR = timedelta(days=2)
HANDS = 4  # people hired at the same time

PROOFS: dict[str, Json] = {
    "stem": {"type": "degree", "status": "awarded", "name": "PhD", "field": "mathematics"},
    "medicine": {"type": "licence", "status": "active", "profession": "physician"},
    "finance": {"type": "certification", "status": "active", "name": "CFA"},
    "visual": {"type": "portfolio", "status": "active", "field": "visual-arts", "count": 8},
}


class DryRunFailed(Exception):
    """The import did not say what it should have said."""


def bring_in(*, company: Company, experts: Sequence[Expert]) -> dict[str, str]:
    """All but the last by CSV, the last by hand; address → tutor id."""
    recruiter = company.caller(RECRUITER.email)
    _show_a_bad_file(recruiter, experts[0])
    checked = _import(recruiter, _table(experts[:-1]))
    if checked["counts"]["ready"] != len(experts) - 1:
        raise DryRunFailed(f"the dry run found other rows than sent: {checked['counts']}")
    recruiter.post(f"tutor-imports/{checked['id']}/commit/")
    last = experts[-1]
    recruiter.post(
        "tutors/",
        {
            "email": last.email,
            "name": last.name,
            "country": last.country,
            "time_zone": last.zone,
            "domains": [last.domain],
            "languages": [{"tag": "en", "level": "C2"}],
            "capacity": CAPACITY,
            "headline": HEADLINE,
        },
    )
    return {tutor["email"]: tutor["id"] for tutor in recruiter.pages("tutors/")}


def _table(experts: Sequence[Expert], *, spoil: bool = False) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for expert in experts:
        country = "Nowhere" if spoil else expert.country
        rows.writerow(
            (
                expert.email,
                expert.name,
                country,
                expert.zone,
                expert.domain,
                "en:C2",
                CAPACITY,
                HEADLINE,
            )
        )
    return out.getvalue().encode()


def _import(recruiter: Caller, content: bytes) -> Json:
    answer: Json = recruiter.upload(
        "tutor-imports/", name="tutors.csv", content=content, content_type="text/csv"
    )
    return answer


def _show_a_bad_file(recruiter: Caller, expert: Expert) -> None:
    """A dry run that names row and column, and writes nothing."""
    checked = _import(recruiter, _table([expert], spoil=True))
    if checked["counts"]["error"] != 1 or "country" not in checked["rows"][0]["errors"]:
        raise DryRunFailed(f"a wrong country was not reported: {checked}")


def take_on(
    *,
    company: Company,
    experts: Sequence[Expert],
    ids: dict[str, str],
    clients: dict[str, str],
    at: datetime,
) -> None:
    """Prove, qualify, contract and sign everybody; a few people at a time. `clients` by domain."""

    def hire(expert: Expert) -> None:
        _hire(
            company=company,
            expert=expert,
            tutor=ids[expert.email],
            client=clients[expert.domain],
            at=at,
        )

    with ThreadPoolExecutor(max_workers=HANDS) as hands:
        list(hands.map(hire, experts))


def _hire(*, company: Company, expert: Expert, tutor: str, client: str, at: datetime) -> None:
    recruiter, person = company.caller(RECRUITER.email), company.caller(expert.email)
    _prove(recruiter, expert=expert, tutor=tutor, at=at)
    contract = recruiter.post(f"tutors/{tutor}/contracts/", _conditions(expert, at=at))
    seen = contract["versions"][0]["sha256"]
    person.post(f"contracts/{contract['id']}/sign/", _signed(expert.name, sha256=seen))
    recruiter.post(f"contracts/{contract['id']}/countersign/", _signed(RECRUITER.name, sha256=seen))
    for kind, party in (("ip", "lectern"), ("nda", f"client:{client}")):
        paper = recruiter.post(f"tutors/{tutor}/agreements/", {"kind": kind, "party": party})
        person.post(f"agreements/{paper['id']}/sign/", _signed(expert.name, sha256=paper["sha256"]))
    person.put("work/payout-details/", {"holder_name": expert.name, "iban": expert.iban})
    until = (at + PRESENT_FOR).isoformat()
    person.patch("work/presence/", {"state": "taking_work", "until": until})
    recruiter.close()
    person.close()


def _prove(recruiter: Caller, *, expert: Expert, tutor: str, at: datetime) -> None:
    expires_on = (at + QUALIFIED_FOR).date().isoformat()
    proof = {**PROOFS[expert.domain], "issuer": "Invented Institute"}
    if proof["type"] == "licence":
        proof |= {"jurisdiction": expert.country, "expires_on": expires_on}
    credential = recruiter.post(f"tutors/{tutor}/credentials/", proof)
    recruiter.post(
        f"credentials/{credential['id']}/verify/",
        {"verified": "document", "source": "Scripted: the paper was looked at."},
    )
    recruiter.post(
        f"tutors/{tutor}/qualifications/",
        {
            "speciality": expert.speciality,
            "level": expert.level,
            "expires_at": (at + QUALIFIED_FOR).isoformat(),
        },
    )


def _conditions(expert: Expert, *, at: datetime) -> Json:
    """With a start in the past: work done on a promise comes in by hand."""
    return {
        "rate_minor_hourly": expert.agreed_minor_hourly,
        "start": (at - STARTED_BEFORE).date().isoformat(),
        "currency": "USD",
        "cap_seconds_week": expert.cap_hours_week * 3600,
    }


def _signed(name: str, *, sha256: str) -> Json:
    return {"typed_name": name, "sha256": sha256}
