"""The funnel of a requirement set as a template shows it: bars, sentences, people."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.queries.dossier import names_of
from tasks.queries.funnels import Found, tried
from tasks.queries.visible import clients
from tasks.rules.limits import CLIENTS_LISTED_MAX
from tutors.rules.reaching import Count, Funnel, Step
from tutors.rules.requirements import (
    CannotReadRequirements,
    LeafKind,
    RequirementSet,
    parse,
    parties_of,
)
from tutors.rules.requirements.wording import rule_in_words
from workforce.doors.pages import Visit
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.roles import Role

PEOPLE_SHOWN = 6
"""People named below a funnel; the list of the set has them all."""

PROFILES = frozenset({Role.RECRUITER, Role.ADMIN})
"""Who may open a tutor's profile."""

WIDTH = 1_000
"""Bars are drawn in thousandths."""


def client_choices(visit: Visit) -> list[tuple[str, str]]:
    rows = clients(account=visit.account).order_by("name")[:CLIENTS_LISTED_MAX]
    return [(row.public_id, row.name) for row in rows]


def client_named(text: str) -> str | None:
    """The client that an address or a form names (`C-12`), if it is one."""
    try:
        internal_id("C", text)
    except NotAnId:
        return None
    return text


def whole_rules(document: dict[str, Any]) -> tuple[RequirementSet | None, int]:
    """The set of those rules that are finished, and how many are not: a funnel counts while
    somebody is still typing. None when nothing is left.
    """
    whole = [rule for rule in document["rules"] if _is_whole(rule)]
    ids = [rule["id"] for rule in whole]
    for n, rule in enumerate(whole):
        if ids.count(rule["id"]) > 1:
            whole[n] = {**rule, "id": f"rule-{n + 1}"}
    left = len(document["rules"]) - len(whole)
    if not whole:
        return None, left
    return parse({**document, "name": "Tried", "rules": whole}), left


def _is_whole(rule: dict[str, Any]) -> bool:
    try:
        parse({"schema": 1, "name": "Tried", "rules": [rule]})
    except CannotReadRequirements:
        return False
    return True


def funnel_context(
    visit: Visit, requirement: RequirementSet, *, client: str | None, unfinished: int = 0
) -> dict[str, Any]:
    """Everything that the funnel's template shows; at most five statements."""
    found = tried(requirement=requirement, client=client, at=visit.at, named=PEOPLE_SHOWN)
    funnel = found.funnel
    says = {rule.id: rule_in_words(rule).rstrip(".") for rule in requirement.rules}
    soft = {rule.id for rule in requirement.rules if rule.relax_after_minutes}
    named = people(visit, [*found.able, *found.nearly])
    return {
        "funnel": funnel,
        "steps": [_step(step, funnel, says[step.rule], step.rule in soft) for step in funnel.steps],
        "sentence": sentence(funnel),
        "cost_sentence": cost_sentence(funnel),
        "able": named[: len(found.able)],
        "nearly": named[len(found.able) :],
        "unfinished": unfinished,
        "needs_client": client is None and names_client(requirement),
        "counted_at": visit.at,
        "about": about(funnel.qualifying),
        "about_nearly": about(funnel.nearly),
        "qualified_x": _x(funnel.qualified, funnel),
    }


def names_client(requirement: RequirementSet) -> bool:
    """Whether a rule means the project's client, who is not known before there is a project."""
    return any(
        leaf.text("party") == "client"
        if leaf.kind is LeafKind.AGREEMENT
        else "client" in parties_of(leaf, client=None)
        for rule in requirement.rules
        for leaf in rule.leaves()
        if leaf.kind in (LeafKind.AGREEMENT, LeafKind.NO_CONFLICT)
    )


def _step(step: Step, funnel: Funnel, says: str, soft: bool) -> dict[str, Any]:
    return {
        "rule": step.rule,
        "says": says,
        "soft": soft,
        "left": about(step.left),
        "alone": about(step.alone),
        "more": about(step.more_without),
        "has_more": bool(step.more_without.n),
        "left_x": _x(step.left.n, funnel),
        "alone_x": _x(step.alone.n, funnel),
        "costliest": step.rule == funnel.costliest,
    }


def _x(n: int, funnel: Funnel) -> int:
    """A bar is never shorter than can be seen, unless there is nobody."""
    if not n or not funnel.people:
        return 0
    return max(6, min(WIDTH, n * WIDTH // funnel.people))


def about(count: Count) -> str:
    """`1,240`, or for an estimate `about 1,240 (1,180 to 1,305)`."""
    if count.exact:
        return f"{count.n:,}"
    words = {"n": f"{count.n:,}", "low": f"{count.low:,}", "high": f"{count.high:,}"}
    return _("about %(n)s (%(low)s to %(high)s)") % words


def sentence(funnel: Funnel) -> str:
    if not funnel.people:
        return _("Nobody is under contract yet. Recruiting brings people in.")
    words = {"n": about(funnel.qualifying), "all": f"{funnel.people:,}"}
    if funnel.nobody and funnel.qualifying.exact:
        return _("None of %(all)s people meets all of this.") % words
    return _("%(n)s of %(all)s people meet all of this.") % words


def cost_sentence(funnel: Funnel) -> str:
    """The rule that costs most, by its name: what dropping it would give."""
    worst = next((step for step in funnel.steps if step.rule == funnel.costliest), None)
    if worst is not None:
        words = {"rule": worst.rule, "n": about(worst.more_without)}
        return (
            ngettext(
                "Without “%(rule)s” %(n)s more person passes.",
                "Without “%(rule)s” %(n)s more people pass.",
                worst.more_without.n,
            )
            % words
        )
    if funnel.people and funnel.tightest and funnel.nobody:
        return _(
            "No single rule is to blame: “%(rule)s” alone stops most, and others stop them too."
        ) % {"rule": funnel.tightest}
    return ""


def people(visit: Visit, found: Iterable[Found]) -> list[dict[str, Any]]:
    """People with their names; a link to the profile for those who may open it."""
    held = list(found)
    names = names_of(tutor_ids=[each.facts.tutor_id for each in held]) if held else {}
    linked = bool(visit.account.roles & PROFILES)
    return [
        {
            "id": each.facts.name,
            "name": names.get(each.facts.tutor_id, each.facts.name),
            "missing": each.missing,
            "ready": each.ready,
            "present": each.facts.presence.state.value == "taking_work",
            "country": each.facts.residence.country,
            "qualified": _qualified(each),
            "speaks": ", ".join(f"{s.tag} {s.level.value}" for s in each.facts.languages),
            "url": reverse("recruiting-tutor", args=[each.facts.name]) if linked else "",
        }
        for each in held
    ]


def _qualified(each: Found) -> str:
    held = sorted(each.facts.qualifications, key=lambda q: (-q.level, q.speciality))
    return ", ".join(f"{q.speciality} {q.level}" for q in held)
