"""Routing policies of projects and domains: read, set against the version seen, restored."""

from typing import Any

from rest_framework import serializers

from tasks.api.projects import find_project
from tasks.operations import policing
from tasks.queries.policy_versions import policy_desk
from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.policies import BOUNDS, DEFAULT, PREFERRED_MAX, CannotReadPolicy, Scope
from workforce.doors.desk import Body, Call, Desk, door
from workforce.queries.terms import domain_by_slug
from workforce.rules.roles import Role

READERS = frozenset({Role.MANAGER, Role.FINANCE, Role.ADMIN})
SETTERS = frozenset({Role.MANAGER})
VERSION_MAX = 2**31 - 2
ID_CHARS_MAX = 24


def _numbers(*, asked: bool) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    """A field for each number of a policy, within its bounds."""
    said = DEFAULT.as_json()
    return {
        name: serializers.IntegerField(
            min_value=bounds.least,
            max_value=bounds.most,
            allow_null=bounds.optional,
            required=not asked,
            help_text=f"Default: {'as the project says' if said[name] is None else said[name]}.",
        )
        for name, bounds in BOUNDS.items()
    }


class _PolicyBody(Body):
    preferred_tutors = serializers.ListField(
        child=serializers.CharField(max_length=ID_CHARS_MAX),
        max_length=PREFERRED_MAX,
        required=False,
        help_text="Ids of the people whom the client prefers.",
    )


class _PolicyFields(serializers.Serializer[Any]):
    preferred_tutors = serializers.ListField(child=serializers.CharField())


RoutingPolicyRequest = type("RoutingPolicyRequest", (_PolicyBody,), _numbers(asked=True))
RoutingPolicyFields = type("RoutingPolicyFields", (_PolicyFields,), _numbers(asked=False))


class PolicySetRequest(Body):
    version = serializers.IntegerField(
        min_value=0, max_value=VERSION_MAX, help_text="The newest version that you saw; 0: none."
    )
    policy = RoutingPolicyRequest(
        allow_null=True,
        help_text="The whole policy: what is left out is the default. Null: what lies above.",
    )
    note = serializers.CharField(max_length=REASON_CHARS_MAX, help_text="Why.")


class PolicyRestoreRequest(Body):
    version = serializers.IntegerField(min_value=1, max_value=VERSION_MAX)
    restore = serializers.IntegerField(
        min_value=1, max_value=VERSION_MAX, help_text="The version to put in force again."
    )
    note = serializers.CharField(max_length=REASON_CHARS_MAX)


class PolicyInForceAnswer(serializers.Serializer[Any]):
    scope = serializers.ChoiceField([s.value for s in Scope])
    of = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    policy = RoutingPolicyFields()


class PolicyVersionAnswer(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="number")
    policy = RoutingPolicyFields(allow_null=True, help_text="Null: it followed what lies above.")
    digest = serializers.CharField(allow_blank=True)
    note = serializers.CharField()
    restores = serializers.IntegerField(allow_null=True)
    author = serializers.CharField(source="author.name")
    made_at = serializers.DateTimeField()


class RoutingPolicyAnswer(serializers.Serializer[Any]):
    scope = serializers.ChoiceField([Scope.PROJECT.value, Scope.DOMAIN.value])
    of = serializers.CharField(help_text="The project, or the domain's path.")
    version = serializers.IntegerField(source="seen", help_text="The newest; 0: none was set.")
    own = RoutingPolicyFields(allow_null=True, help_text="Null: what lies above holds.")
    in_force = PolicyInForceAnswer()
    above = PolicyInForceAnswer(help_text="What holds here without a policy of its own.")
    versions = PolicyVersionAnswer(many=True, help_text="Newest first.")
    more = serializers.BooleanField(help_text="There are older versions than those listed.")


def find_domain(call: Call, id: str) -> Any:
    return domain_by_slug(slug=id)


def _set(call: Call) -> Any:
    try:
        policing.set_policy(
            owner=call.found,
            document=call.body["policy"],
            seen=call.body["version"],
            note=call.body["note"],
            actor=call.account,
            at=call.at,
        )
    except CannotReadPolicy as problem:
        raise problem.under("policy") from None
    return policy_desk(call.found)


def _restore(call: Call) -> Any:
    policing.restore_policy(
        owner=call.found,
        number=call.body["restore"],
        seen=call.body["version"],
        note=call.body["note"],
        actor=call.account,
        at=call.at,
    )
    return policy_desk(call.found)


class ProjectPolicies(Desk):
    @door(
        "project_routing_policy_show",
        summary="A project's routing policy",
        roles=READERS,
        find=find_project,
        answer=RoutingPolicyAnswer,
    )
    def show(self, call: Call) -> Any:
        """What is in force, where it comes from, and the versions of the project's own."""
        return policy_desk(call.found)

    @door(
        "project_routing_policy_set",
        summary="Set a project's routing policy",
        roles=SETTERS,
        find=find_project,
        body=PolicySetRequest,
        answer=RoutingPolicyAnswer,
    )
    def change(self, call: Call) -> Any:
        """A new version goes in force at once, whole. 409 when `version` is not the newest."""
        return _set(call)

    @door(
        "project_routing_policy_restore",
        summary="Put an earlier routing policy of a project in force",
        roles=SETTERS,
        find=find_project,
        body=PolicyRestoreRequest,
        answer=RoutingPolicyAnswer,
    )
    def restore(self, call: Call) -> Any:
        return _restore(call)


class DomainPolicies(Desk):
    @door(
        "domain_routing_policy_show",
        summary="A domain's routing policy",
        roles=READERS,
        find=find_domain,
        answer=RoutingPolicyAnswer,
    )
    def show(self, call: Call) -> Any:
        """It holds for the projects of the domain, and below it, that have none of their own."""
        return policy_desk(call.found)

    @door(
        "domain_routing_policy_set",
        summary="Set a domain's routing policy",
        roles=SETTERS,
        find=find_domain,
        body=PolicySetRequest,
        answer=RoutingPolicyAnswer,
    )
    def change(self, call: Call) -> Any:
        """A new version goes in force at once, whole. 409 when `version` is not the newest."""
        return _set(call)

    @door(
        "domain_routing_policy_restore",
        summary="Put an earlier routing policy of a domain in force",
        roles=SETTERS,
        find=find_domain,
        body=PolicyRestoreRequest,
        answer=RoutingPolicyAnswer,
    )
    def restore(self, call: Call) -> Any:
        return _restore(call)
