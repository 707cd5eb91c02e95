"""Requirement sets: kept by name, and tried on the people there are."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tasks.queries.funnels import NAMES_MAX, Found, tried
from tasks.queries.named_sets import used_by
from tutors.operations import naming
from tutors.queries.reach import LOOKED_MAX
from tutors.queries.requirements import named_set, named_sets
from tutors.rules.requirements import parse
from tutors.rules.requirements.wording import rule_in_words
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import Invalid, NotFound
from workforce.rules.roles import STAFF, Role


class TryRequest(Body):
    requirements = serializers.JSONField(help_text="A requirement set.")
    client = serializers.RegexField(
        r"^C-[1-9][0-9]{0,18}$",
        default=None,
        allow_null=True,
        help_text="Whom `party: client` means.",
    )
    pool = serializers.ChoiceField(
        ["contracted", "everybody"],
        default="contracted",
        help_text="People under contract, or everybody with an open account.",
    )


class CountAnswer(serializers.Serializer[Any]):
    """So many people; between `low` and `high`, with 95 % certainty, where it is an estimate."""

    n = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()


class RuleTriedAnswer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    says = serializers.CharField(help_text="The rule in words.")
    passing = serializers.IntegerField(help_text="People who pass this rule, taken for itself.")
    excluded = serializers.IntegerField()
    alone = CountAnswer()
    left = CountAnswer(help_text="Left after this rule and those before it.")
    more_without = CountAnswer(help_text="How many more would meet everything without it.")


class NearlyAnswer(serializers.Serializer[Any]):
    tutor = serializers.CharField()
    missing = serializers.CharField(help_text="The one rule that stops this person.")


class TriedAnswer(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    looked = serializers.IntegerField(
        help_text=f"People whose facts were read, at most {LOOKED_MAX}; fewer than `people`: the "
        "figures are estimates."
    )
    rules = RuleTriedAnswer(many=True)
    qualified = serializers.IntegerField(help_text="Meet every rule.")
    qualifying = CountAnswer(help_text="The same, with its interval.")
    nearly = CountAnswer(help_text="Fail exactly one rule.")
    ready = serializers.IntegerField(help_text="Also under contract, and taking work now.")
    free_seconds_week = serializers.IntegerField(
        source="free_seconds", help_text="Left of this week under the caps of those who qualify."
    )
    uncapped = serializers.IntegerField(help_text="Those who qualify and have no weekly cap.")
    tightest = serializers.CharField(allow_blank=True, help_text="The rule that excludes most.")
    costliest = serializers.CharField(
        allow_blank=True, help_text="The rule without which most people more would qualify."
    )
    sentence = serializers.CharField()
    signatures = serializers.ListField(child=serializers.CharField())
    tutors = serializers.ListField(child=serializers.CharField(), help_text="At most 200.")
    nearly_tutors = NearlyAnswer(many=True, help_text="At most 200.")


class Trying(Desk):
    @door(
        "requirement_sets_funnel",
        summary="Who meets these requirements",
        roles=[Role.RECRUITER, Role.MANAGER],
        body=TryRequest,
        answer=TriedAnswer,
        conflict=False,
    )
    def funnel(self, call: Call) -> Any:
        """Nothing is saved. Says how far people get, and which rule costs most."""
        client = call.body["client"]
        requirement = parse(call.body["requirements"])
        found = tried(
            requirement=requirement,
            client=client,
            at=call.at,
            contracted=call.body["pool"] == "contracted",
            named=NAMES_MAX,
        )
        says = {rule.id: rule_in_words(rule) for rule in requirement.rules}
        told = {name: getattr(found.funnel, name) for name in _TOLD}
        return {
            **told,
            "rules": [_step(step, says[step.rule]) for step in found.funnel.steps],
            "signatures": requirement.chain(client=client),
            "tutors": [each.facts.name for each in found.able],
            "nearly_tutors": [_near(each) for each in found.nearly],
        }


_TOLD = (
    "people", "looked", "qualified", "qualifying", "nearly", "ready", "free_seconds", "uncapped",
    "tightest", "costliest", "sentence",
)  # fmt: skip
_COUNTS = ("rule", "passing", "excluded", "alone", "left", "more_without")


def _step(step: Any, says: str) -> dict[str, Any]:
    return {"says": says, **{name: getattr(step, name) for name in _COUNTS}}


def _near(each: Found) -> dict[str, str]:
    return {"tutor": each.facts.name, "missing": each.missing}


# --- Sets kept by name ------------------------------------------------------------------------


class SetRequest(Body):
    requirements = serializers.JSONField(help_text="The set; its `name` is what it is kept by.")
    replaces = serializers.RegexField(
        r"^RQ-[1-9][0-9]{0,18}$",
        required=False,
        help_text="The set whose place it takes. Projects that began with that one keep it.",
    )


class SetAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    signature = serializers.CharField(help_text="SHA-256 of what it means, for no client.")
    made_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was replaced or put away."
    )


class SetDetailAnswer(SetAnswer):
    requirements = serializers.JSONField(source="document")
    says = serializers.ListField(child=serializers.CharField(), help_text="Each rule in words.")
    replaces = serializers.CharField(allow_null=True, source="replaced_id")
    replaced_by = serializers.CharField(allow_null=True, source="successor_id")
    projects = serializers.ListField(
        child=serializers.CharField(), help_text="Those that began with it, newest first."
    )


class SetFilters(Filters):
    ended = serializers.BooleanField(
        default=False, help_text="Also those that were replaced or put away."
    )


def find_set(call: Call, id: str) -> Any:
    return named_set(set_id=key_of("RQ", id))


class NamedSets(Desk):
    @door(
        "requirement_sets_list",
        summary="Requirement sets kept by name",
        roles=STAFF,
        filters=SetFilters,
        answer=SetAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return named_sets(ended=call.params.get("ended", False))

    @door(
        "requirement_sets_create",
        summary="Keep a requirement set by name",
        roles=[Role.MANAGER],
        body=SetRequest,
        answer=SetDetailAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """A set never changes: with `replaces` this one takes the place of another."""
        requirements = call.body["requirements"]
        document = requirements if isinstance(requirements, dict) else {}
        made = naming.name_set(
            document=document,
            replaces=_replaced(call.body.get("replaces")),
            actor=call.account,
            at=call.at,
        )
        return _detailed(named_set(set_id=made.pk))

    @door(
        "requirement_sets_show",
        summary="One requirement set",
        roles=STAFF,
        find=find_set,
        answer=SetDetailAnswer,
    )
    def show(self, call: Call) -> Any:
        return _detailed(call.found)

    @door(
        "requirement_sets_put_away",
        summary="Offer a set for new projects no longer",
        roles=[Role.MANAGER],
        find=find_set,
        answer=SetDetailAnswer,
        idempotent=True,
    )
    def put_away(self, call: Call) -> Any:
        """Projects that began with it stay as they are."""
        naming.put_away(named=call.found, actor=call.account, at=call.at)
        return _detailed(named_set(set_id=call.found.pk))


def _replaced(named: str | None) -> Any:
    if named is None:
        return None
    try:
        return named_set(set_id=internal_id("RQ", named))
    except (NotAnId, NotFound):
        message = _("There is no such set.")
        raise Invalid(message, errors={"replaces": [message]}) from None


def _detailed(held: Any) -> Any:
    successor = getattr(held, "successor", None)
    held.says = [rule_in_words(rule) for rule in parse(held.document).rules]
    held.replaced_id = held.replaces.public_id if held.replaces else None
    held.successor_id = successor.public_id if successor else None
    held.projects = [project.public_id for project in used_by(set_id=held.pk)]
    return held
