"""Under which contract version, at which rate, time at an instant was worked."""

from dataclasses import dataclass
from datetime import datetime

from tasks.models import Project
from tasks.rules.matching import project_card
from tasks.rules.states import TimeKind, WorkRole
from tutors.queries.cards import cards_at
from tutors.queries.facts import facts_for
from tutors.rules.eligibility import Facts
from tutors.rules.eligibility.conditions import contract as contract_finding
from tutors.rules.rates import resolve

ROLE_OF: dict[TimeKind, WorkRole] = {TimeKind.REVIEW: WorkRole.REVIEW}
"""Everything but judging is paid as an attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    contract_version_id: int
    minor_hourly: int
    currency: str
    rule: str


def terms_at(
    *,
    tutor_id: int,
    project: Project | None,
    kind: TimeKind,
    at: datetime,
    complexity: int = 1,
) -> Terms | None:
    """The terms of a tutor's time at `at`; None without a contract in force or without a rate.

    Time without a project is paid in the tutor's own field.
    """
    facts = facts_for(tutor_ids=[tutor_id], at=at).get(tutor_id)
    if facts is None or not contract_finding(facts.contract, at=at).passed:
        return None
    domain = project.domain.slug if project else _own_field(facts)
    name = project.public_id if project else ""
    card = project_card(project=name, rate_rule=project.rate_rule) if project else ()
    rate = resolve(
        facts=facts,
        cards=cards_at(at=at, projects=card),
        domain=domain,
        role=ROLE_OF.get(kind, WorkRole.ATTEMPT),
        complexity=complexity,
        project_id=name,
        at=at,
    )
    if rate is None:
        return None
    return Terms(
        contract_version_id=rate.contract_version_id,
        minor_hourly=rate.minor_hourly,
        currency=rate.currency,
        rule=rate.rule,
    )


def _own_field(facts: Facts) -> str:
    """The top of the field in which the tutor's level is highest."""
    if not facts.qualifications:
        return ""
    best = max(facts.qualifications, key=lambda q: (q.level, q.speciality))
    return best.speciality.partition(".")[0]
