"""My qualifications: what I hold, what runs out, what was proven, what is still open."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutors.doors import CONTENT
from tutors.queries import background, papers, people
from tutors.queries.cards import tiers_at
from tutors.rules.rates import Tier, tier_for
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

SOON = timedelta(days=30)
CREDENTIAL_SOON_DAYS = 60
LEVELS: dict[int, Any] = {
    1: gettext_lazy("Qualified"),
    2: gettext_lazy("Experienced"),
    3: gettext_lazy("Senior"),
    4: gettext_lazy("Principal"),
}
TYPES: dict[str, Any] = {
    "licence": gettext_lazy("Licence"),
    "degree": gettext_lazy("Degree"),
    "training_post": gettext_lazy("Training post"),
    "award": gettext_lazy("Award"),
    "publication": gettext_lazy("Publications"),
    "portfolio": gettext_lazy("Portfolio"),
    "certification": gettext_lazy("Certification"),
}
CURRENCY = "USD"


@page(roles={Role.TUTOR, Role.REVIEWER})
def qualifications(visit: Visit) -> HttpResponse:
    tutor = people.tutor_of(account=visit.account)
    if tutor is None:
        raise NotFound(_("This account has no tutor profile. A recruiter makes one."))
    tiers = tiers_at(at=visit.at)
    own = background.own(tutor=tutor)
    rows = [_held(row, tiers, tutor, visit) for row in papers.own_qualifications(tutor=tutor)]
    context = {
        "held": [each for each in rows if each["state"] in ("ok", "soon")],
        "past": [each for each in rows if each["state"] not in ("ok", "soon")],
        "credentials": [_credential(row, visit) for row in papers.own_credentials(tutor=tutor)],
        "open": papers.not_held(tutor=tutor, at=visit.at),
        "content": _content([given.content for given in own.opt_ins]),
        "ties": own.ties,
    }
    return visit.render("tutors/work/qualifications.html", context)


def _content(agreed: list[str]) -> list[dict[str, Any]]:
    """Each kind of content with what one would see, and whether she agreed to it."""
    return [
        {"word": word, "name": name, "text": text, "agreed": word in agreed}
        for word, (name, text) in CONTENT.items()
    ]


def _held(row: Any, tiers: tuple[Tier, ...], tutor: Any, visit: Visit) -> dict[str, Any]:
    """A qualification with where it stands, and what the rate card says of the next level."""
    ends = row.expires_at
    if row.state == "revoked":
        state = "revoked"
    elif ends is not None and ends <= visit.at:
        state = "lapsed"
    else:
        state = "soon" if ends is not None and ends <= visit.at + SOON else "ok"
    return {
        "row": row,
        "state": state,
        "level": LEVELS[row.level],
        "tier": _tier(row.domain.slug, row.level, tiers, tutor, visit),
        "above": _tier(row.domain.slug, row.level + 1, tiers, tutor, visit),
        "above_words": LEVELS.get(row.level + 1, ""),
    }


def _tier(slug: str, level: int, tiers: tuple[Tier, ...], tutor: Any, visit: Visit) -> Any:
    return tier_for(
        tiers, speciality=slug, level=level, currency=CURRENCY, at=visit.at, locale=tutor.country
    )


def _credential(row: Any, visit: Visit) -> dict[str, Any]:
    days = (row.expires_on - visit.at.date()).days if row.expires_on else None
    told = " ".join(part for part in (row.name, row.profession, row.rank) if part)
    return {
        "row": row,
        "name": f"{TYPES[row.type]}, {told}" if told else TYPES[row.type],
        "days": days if days is not None and days <= CREDENTIAL_SOON_DAYS else None,
        "checked": row.verified != "self",
    }
