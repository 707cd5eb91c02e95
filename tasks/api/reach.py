"""Who could do this: a requirement set tried on the people there are."""

from typing import Any

from rest_framework import serializers

from tasks.queries.records import funnel, who_could
from tutors.rules.requirements import parse
from workforce.doors.desk import Body, Call, Desk, door
from workforce.rules.roles import Role


class TryRequest(Body):
    requirements = serializers.JSONField(help_text="A requirement set.")
    client = serializers.RegexField(
        r"^C-[1-9][0-9]{0,18}$",
        default=None,
        allow_null=True,
        help_text="Whom `party: client` means.",
    )


class RuleTriedAnswer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    passing = serializers.IntegerField()
    excluded = serializers.IntegerField()


class TriedAnswer(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    rules = RuleTriedAnswer(many=True)
    qualified = serializers.IntegerField(help_text="Meet every rule.")
    ready = serializers.IntegerField(help_text="Also under contract, and taking work now.")
    tightest = serializers.CharField(allow_blank=True, help_text="The rule that excludes most.")
    sentence = serializers.CharField()
    signatures = serializers.ListField(child=serializers.CharField())
    tutors = serializers.ListField(child=serializers.CharField(), help_text="At most 200.")


class Reach(Desk):
    @door(
        "requirements_try",
        summary="Who meets these requirements",
        roles=[Role.RECRUITER, Role.MANAGER],
        body=TryRequest,
        answer=TriedAnswer,
        conflict=False,
    )
    def try_out(self, call: Call) -> Any:
        """Nothing is saved. Says which rule excludes most."""
        client = call.body["client"]
        requirement = parse(call.body["requirements"])
        found = funnel(requirement=requirement, client=client, at=call.at)
        able = who_could(requirement=requirement, client=client, at=call.at)
        return {
            "people": found.people,
            "rules": found.rules,
            "qualified": found.qualified,
            "ready": found.ready,
            "tightest": found.tightest,
            "sentence": found.sentence,
            "signatures": requirement.chain(client=client),
            "tutors": [facts.name for facts in able],
        }
