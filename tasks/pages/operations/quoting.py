"""The quote beside a requirement set and before a project is made: by when, for how much."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tasks.operations.commissioning import requirement_sets
from tasks.pages.operations.choosing import domain_choices
from tasks.pages.operations.commissioning import project_form
from tasks.pages.operations.forms import NEW_CLIENT, TasksForm, count_field
from tasks.pages.operations.parts import STEERING
from tasks.pages.operations.set_draft import from_post, to_document
from tasks.pages.operations.set_funnel import client_named, whole_rules
from tasks.queries.quotes import Asked, Quoted, quoted
from tasks.rules import clocks
from tasks.rules.limits import OVERLAP_MAX
from tasks.rules.matching import NOTHING_ASKED
from tasks.rules.quoting import ATTEMPTS, HORIZON_DAYS, Price
from tasks.rules.spans import Span
from tasks.rules.states import WorkRole
from tasks.types import all_types
from tutors.rules.requirements import CannotReadRequirements, RequirementSet
from tutors.rules.requirements.wording import leaf_in_words, rule_in_words
from workforce.doors.pages import Visit, page
from workforce.rules.shown import duration, money

RESULT = "tasks/operations/quote_result.html"
MINUTE = 60


class QuoteForm(TasksForm):
    """What a requirement set does not say about the work. Its fields belong to the builder."""

    quote_domain = forms.ChoiceField(label=lazy("Speciality"))
    quote_type = forms.ChoiceField(label=lazy("Task type"))
    quote_minutes = forms.IntegerField(
        label=lazy("Minutes per answer"),
        help_text=lazy("Empty: as like work took."),
        min_value=1,
        max_value=clocks.EXPECTED_SECONDS_MAX // MINUTE,
        required=False,
    )
    quote_overlap = count_field(lazy("Answers per task"), most=OVERLAP_MAX, initial=1)
    quote_reviewed = count_field(lazy("Reviewed, percent"), least=0, most=100, initial=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: Any = self.fields
        found["quote_domain"].choices = domain_choices()
        found["quote_type"].choices = [(t.slug, t.title) for t in all_types()]
        for field in found.values():
            field.widget.attrs["form"] = "builder"

    def asked(self, requirement: RequirementSet, *, client: str | None) -> Asked:
        data = self.cleaned_data
        minutes = data["quote_minutes"]
        return Asked(
            requirement=requirement,
            domain=data["quote_domain"],
            task_type=data["quote_type"],
            tasks=data["quote_tasks"],
            overlap=data["quote_overlap"],
            review_percent=data["quote_reviewed"],
            expected_seconds=minutes * MINUTE if minutes else None,
            client=client,
        )


def quote_form(requirement: RequirementSet | None) -> QuoteForm:
    """The form as it opens: in the field that the set asks for."""
    first = next((field for field, _ in requirement.qualifications), None) if requirement else None
    return QuoteForm(initial={"quote_domain": first} if first else None)


@page(roles=STEERING)
def quote(visit: Visit) -> HttpResponseBase:
    """What work under the rules on the builder's desk would take; nothing is saved."""
    if not visit.posted:
        return visit.go("ops-requirement-set-add")
    draft = from_post(visit.request.POST)
    requirement, unfinished = whole_rules(to_document(draft))
    form = QuoteForm(visit.request.POST)
    context: dict[str, Any] = {"form": form, "unfinished": unfinished}
    if form.is_valid():
        asked = form.asked(requirement or NOTHING_ASKED, client=client_named(draft.client))
        context |= told(quoted(asked=asked, at=visit.at), asked)
    return _shown(visit, context)


@page(roles=STEERING)
def project_quote(visit: Visit) -> HttpResponseBase:
    """What the project that is being made would take; nothing is saved."""
    if not visit.posted:
        return visit.go("ops-project-add")
    form, tasks = project_form(visit, visit.request.POST), TasksForm(visit.request.POST)
    context: dict[str, Any] = {"form": tasks, "unfinished": 0}
    if not form.is_valid():
        context["project_errors"] = True
    elif tasks.is_valid():
        asked = _of_project(form, tasks.cleaned_data["quote_tasks"])
        if asked is None:
            context["project_errors"] = True
        else:
            context |= told(quoted(asked=asked, at=visit.at), asked)
    return _shown(visit, context)


def _of_project(form: Any, tasks: int) -> Asked | None:
    plan, client = form.plan(), form.cleaned_data["client"]
    try:
        requirement = requirement_sets(plan)[WorkRole.ATTEMPT]
    except CannotReadRequirements:
        return None
    return Asked(
        requirement=requirement,
        domain=plan.domain,
        task_type=plan.task_type,
        tasks=tasks,
        overlap=plan.overlap,
        review_percent=plan.review_percent,
        expected_seconds=plan.expected_seconds,
        client=None if client == NEW_CLIENT else client,
        rate_rule=plan.rate_rule,
        currency=plan.currency,
    )


def _shown(visit: Visit, context: dict[str, Any]) -> HttpResponseBase:
    """The result alone for htmx; a page of its own where there is no script."""
    template = RESULT if visit.is_htmx else "tasks/operations/quote.html"
    status = 200 if "found" in context or visit.is_htmx else 422
    return visit.render(template, context, status=status)


# --- What is shown ----------------------------------------------------------------------------


def told(found: Quoted, asked: Asked) -> dict[str, Any]:
    """Everything that the result's template shows."""
    now = found.quote
    words = {rule.id: rule_in_words(rule).rstrip(".") for rule in asked.requirement.rules}
    return {
        "found": found,
        "ends": now.days and {name: found.day(days) for name, days in asdict(now.days).items()},
        "cost": now.cost_minor and _money(now.cost_minor, found.currency),
        "each": now.cost_minor and money(round(now.cost_minor.mid / asked.tasks), asked.currency),
        "held_up": _held_up(found),
        "hours": [
            {"role": role, "people": people, "hours": round(minutes / MINUTE)}
            for role, people, minutes in (
                (_("Answers"), now.attempters, now.attempt_minutes_a_week),
                (_("Reviews"), now.reviewers, now.review_minutes_a_week),
            )
        ],
        "times": [
            duration(round(minutes * MINUTE))
            for minutes in (found.wanted.attempt_minutes, found.wanted.review_minutes)
        ],
        "prices": [_rule_price(each, found, says=words[each.rule]) for each in found.prices],
        "horizon": HORIZON_DAYS,
    }


def _money(span: Span, currency: str) -> dict[str, str]:
    return {name: money(round(minor), currency) for name, minor in asdict(span).items()}


def _held_up(found: Quoted) -> str:
    now = found.quote
    if now.short_of == ATTEMPTS:
        return _("Too few people who may answer were there in the last four weeks.")
    if now.short_of:
        return _("Nobody else who may review was there in the last four weeks.")
    if now.bottleneck == ATTEMPTS:
        return _("Answers take longest: more people, or more of their hours, bring it forward.")
    return _("Reviews take longest: more reviewers bring it forward, more tutors do not.")


def _rule_price(each: Price, found: Quoted, *, says: str) -> dict[str, Any]:
    easier = [
        _price(one.price, says=leaf_in_words(one.leaf), currency=found.currency)
        for one in found.easings.get(each.rule, ())
    ]
    return {**_price(each, says=says, currency=found.currency), "easier": easier}


def _price(each: Price, *, says: str, currency: str) -> dict[str, Any]:
    cost = each.cost_minor
    return {
        "rule": each.rule,
        "says": says,
        "people": each.people,
        "days": None if each.days is None else round(each.days, 1),
        "cost": None if cost is None else money(abs(round(cost)), currency),
        "dearer": cost is not None and cost > 0,
        "possible": each.makes_possible,
        "free": not each.people and not each.makes_possible,
    }
