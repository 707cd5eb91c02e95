"""What open projects ask beside a tutor's field and she does not meet, with the way to each."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tasks.queries.asked import asked_by_projects
from tasks.queries.records import with_records
from tasks.rules.asked import Gap, within_reach
from tutors.queries.facts import facts_for
from tutors.queries.people import tutor_by_id
from tutors.rules.requirements import LeafKind
from tutors.rules.requirements.wording import leaf_in_words
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

RECRUITING = frozenset({Role.RECRUITER, Role.ADMIN})
ACTING = frozenset({Role.RECRUITER})
GAPS_SHOWN_MAX = 8
PROJECTS_NAMED_MAX = 3

ACTS: dict[LeafKind, tuple[str, Any]] = {
    LeafKind.LANGUAGE: ("recruiting-tutor-edit", _("Note the language")),
    LeafKind.RESIDENCE: ("recruiting-tutor-edit", _("Look at the address")),
    LeafKind.AGREEMENT: ("recruiting-agreement-offer", _("Offer the paper")),
    LeafKind.WORK_AUTHORISATION: ("recruiting-authorisation-add", _("Note the right")),
    LeafKind.IDENTITY: ("recruiting-identity-check", _("Check the identity")),
    LeafKind.EXPERIENCE: ("recruiting-experience-add", _("Note the years")),
}
NOT_OURS = {
    LeafKind.OPT_IN: _("Only the tutor agrees to it, on the page Qualifications."),
    LeafKind.NO_CONFLICT: _("It turns when the tie is over."),
}


@page(roles=RECRUITING)
def asked(visit: Visit, *, id: str) -> HttpResponseBase:
    """A part of the profile where htmx asks, a page of its own otherwise."""
    tutor = tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    wanted = asked_by_projects()
    found = facts_for(tutor_ids=[tutor.pk], at=visit.at)
    if not found:
        raise NotFound
    facts = with_records(found, requirements=[each.requirement for each in wanted])[tutor.pk]
    within = within_reach(facts=facts, asked=wanted, at=visit.at)
    missing = within.gaps
    acts = bool(visit.account.roles & ACTING)
    context = {
        "tutor": tutor,
        "lines": [_line(gap, tutor.public_id, acts=acts) for gap in missing[:GAPS_SHOWN_MAX]],
        "projects": within.projects,
        "more": max(0, len(missing) - GAPS_SHOWN_MAX),
    }
    name = "asked_part" if visit.is_htmx else "asked"
    return visit.render(f"tasks/recruiting/{name}.html", context)


def _line(gap: Gap, tutor: str, *, acts: bool) -> dict[str, Any]:
    to, button = ACTS.get(gap.leaf.kind, ("", "")) if acts else ("", "")
    return {
        "asked": leaf_in_words(gap.leaf),
        "fact": gap.finding.fact,
        "projects": [each.name for each in gap.projects[:PROJECTS_NAMED_MAX]],
        "others": max(0, len(gap.projects) - PROJECTS_NAMED_MAX),
        "url": reverse(to, args=[tutor]) if to else "",
        "button": button,
        "note": NOT_OURS.get(gap.leaf.kind, ""),
    }
