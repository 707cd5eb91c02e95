"""What a project would take, before it exists."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from tasks.queries.quotes import Asked, Eased, Quoted, quoted
from tasks.rules import clocks
from tasks.rules.limits import OVERLAP_MAX, QUOTE_TASKS_MAX
from tasks.rules.projects import RATE_MINOR_HOURLY_MAX
from tasks.types import NoSuchTaskType, task_type
from tutors.rules.requirements import CannotReadRequirements, json_of_test, parse
from tutors.rules.requirements.wording import leaf_in_words
from workforce.doors.desk import Body, Call, Desk, door
from workforce.queries.terms import domain_by_slug
from workforce.rules.problems import Invalid, NotFound
from workforce.rules.roles import Role


class QuoteRequest(Body):
    requirements = serializers.JSONField(help_text="A requirement set.")
    domain = serializers.CharField(max_length=120, help_text="The speciality's path.")
    task_type = serializers.CharField(max_length=40)
    tasks = serializers.IntegerField(min_value=1, max_value=QUOTE_TASKS_MAX)
    overlap = serializers.IntegerField(min_value=1, max_value=OVERLAP_MAX, default=1)
    review_percent = serializers.IntegerField(min_value=0, max_value=100, default=100)
    expected_seconds = serializers.IntegerField(
        min_value=clocks.EXPECTED_SECONDS_MIN,
        max_value=clocks.EXPECTED_SECONDS_MAX,
        default=None,
        allow_null=True,
        help_text="Of an answer. Left out: the median of like work, else what is usual.",
    )
    client = serializers.RegexField(r"^C-[1-9][0-9]{0,18}$", default=None, allow_null=True)
    minor_hourly = serializers.IntegerField(
        min_value=1,
        max_value=RATE_MINOR_HOURLY_MAX,
        default=None,
        allow_null=True,
        help_text="The project's own price. Left out: what contracts and rate cards say.",
    )
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="USD")


class DatesAnswer(serializers.Serializer[Any]):
    """A tenth, the middle and nine tenths of the draws."""

    low = serializers.DateField()
    mid = serializers.DateField()
    high = serializers.DateField()


class MoneySpanAnswer(serializers.Serializer[Any]):
    low = serializers.IntegerField()
    mid = serializers.IntegerField()
    high = serializers.IntegerField()


class EasedAnswer(serializers.Serializer[Any]):
    """The rule with one thing a step easier."""

    says = serializers.CharField(help_text="The part that changed, in words.")
    test = serializers.JSONField(help_text="The rule's test, to be put in place of its own.")
    people = serializers.IntegerField(help_text="More people for the answers.")
    days = serializers.FloatField(allow_null=True, help_text="Sooner.")
    cost_minor = serializers.FloatField(allow_null=True, help_text="Added to the cost.")
    makes_possible = serializers.BooleanField(help_text="With it there is a date at all.")


class PriceAnswer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    people = serializers.IntegerField(help_text="More people for the answers without it.")
    days = serializers.FloatField(allow_null=True, help_text="Sooner without it.")
    cost_minor = serializers.FloatField(allow_null=True, help_text="Added to the cost.")
    makes_possible = serializers.BooleanField(help_text="Without it there is a date at all.")
    easier = EasedAnswer(
        many=True, help_text="Ways to ask for a step less, where that brings somebody."
    )


class QuoteAnswer(serializers.Serializer[Any]):
    possible = serializers.BooleanField()
    ends_on = DatesAnswer(allow_null=True)
    cost_minor = MoneySpanAnswer(allow_null=True)
    currency = serializers.CharField()
    attempters = serializers.IntegerField()
    reviewers = serializers.IntegerField()
    attempt_hours_a_week = serializers.FloatField()
    review_hours_a_week = serializers.FloatField()
    bottleneck = serializers.ChoiceField(["attempts", "reviews"])
    short_of = serializers.ChoiceField(["", "attempts", "reviews"], allow_blank=True)
    attempt_seconds = serializers.IntegerField()
    review_seconds = serializers.IntegerField()
    like_work = serializers.IntegerField(help_text="Finished answers that the times rest on.")
    present = serializers.IntegerField(help_text="People who took work in the last 28 days.")
    prices = PriceAnswer(many=True, help_text="What dropping or easing a rule would change.")


class Quotes(Desk):
    @door(
        "quotes_create",
        summary="What a project would take",
        roles=[Role.MANAGER],
        body=QuoteRequest,
        answer=QuoteAnswer,
        conflict=False,
    )
    def create(self, call: Call) -> Any:
        """Nothing is saved. By when, for how much, what holds it up, and what each rule costs."""
        return told(quoted(asked=_asked(call.body), at=call.at))


def _asked(body: dict[str, Any]) -> Asked:
    errors: dict[str, list[str]] = {}
    try:
        domain_by_slug(slug=body["domain"])
    except NotFound as problem:
        errors["domain"] = [problem.detail]
    try:
        task_type(body["task_type"])
    except NoSuchTaskType:
        errors["task_type"] = ["There is no such task type."]
    if errors:
        raise Invalid("This cannot be quoted as it stands.", errors=errors)
    try:
        requirement = parse(body["requirements"])
    except CannotReadRequirements as problem:
        raise problem.under("requirements") from None
    rate = body["minor_hourly"]
    return Asked(
        requirement=requirement,
        domain=body["domain"],
        task_type=body["task_type"],
        tasks=body["tasks"],
        overlap=body["overlap"],
        review_percent=body["review_percent"],
        expected_seconds=body["expected_seconds"],
        client=body["client"],
        rate_rule={"minor_hourly": rate, "currency": body["currency"]} if rate else None,
        currency=body["currency"],
    )


def told(found: Quoted) -> dict[str, Any]:
    now = found.quote
    return {
        "possible": now.possible,
        "ends_on": now.days and {name: found.day(days) for name, days in asdict(now.days).items()},
        "cost_minor": now.cost_minor
        and {name: round(minor) for name, minor in asdict(now.cost_minor).items()},
        "currency": found.currency,
        "attempters": now.attempters,
        "reviewers": now.reviewers,
        "attempt_hours_a_week": round(now.attempt_minutes_a_week / 60, 1),
        "review_hours_a_week": round(now.review_minutes_a_week / 60, 1),
        "bottleneck": now.bottleneck,
        "short_of": now.short_of,
        "attempt_seconds": round(found.wanted.attempt_minutes * 60),
        "review_seconds": round(found.wanted.review_minutes * 60),
        "like_work": found.like.attempts,
        "present": found.present,
        "prices": [
            asdict(each) | {"easier": [_eased(one) for one in found.easings.get(each.rule, ())]}
            for each in found.prices
        ],
    }


def _eased(eased: Eased) -> dict[str, Any]:
    return asdict(eased.price) | {
        "says": leaf_in_words(eased.leaf),
        "test": json_of_test(eased.rule.test),
    }
