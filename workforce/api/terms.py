"""Domains and rate cards."""

from typing import Any

from rest_framework import serializers

from workforce.doors.desk import Body, Call, Desk, door
from workforce.operations.pricing import add_domain, set_tier
from workforce.queries.terms import all_domains, all_tiers, domain_by_slug
from workforce.rules.problems import Invalid, NotFound
from workforce.rules.roles import STAFF, Role


class DomainAnswer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent.slug", default=None, allow_null=True
    )
    queue = serializers.CharField(help_text="The Celery queue that routes its tasks.")


class DomainRequest(Body):
    slug = serializers.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,2}$", max_length=120
    )
    name = serializers.CharField(max_length=120)


class TierAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    domain = serializers.CharField(source="domain.slug")
    level = serializers.IntegerField()
    locale = serializers.CharField(allow_blank=True)
    currency = serializers.CharField()
    rate_minor_hourly = serializers.IntegerField()
    min_minor_hourly = serializers.IntegerField()
    max_minor_hourly = serializers.IntegerField()
    effective_at = serializers.DateTimeField(source="effective.lower")
    effective_until = serializers.DateTimeField(source="effective.upper", allow_null=True)


MINOR_HOURLY_MAX = 10_000_000


class TierRequest(Body):
    domain = serializers.CharField(max_length=120)
    level = serializers.IntegerField(min_value=1, max_value=4)
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="USD")
    locale = serializers.CharField(max_length=16, default="", allow_blank=True)
    rate_minor_hourly = serializers.IntegerField(min_value=1, max_value=MINOR_HOURLY_MAX)
    min_minor_hourly = serializers.IntegerField(min_value=1, max_value=MINOR_HOURLY_MAX)
    max_minor_hourly = serializers.IntegerField(min_value=1, max_value=MINOR_HOURLY_MAX)
    effective_at = serializers.DateTimeField()


class Domains(Desk):
    @door("domains_list", summary="The tree of domains", answer=DomainAnswer, many=True, order="id")
    def list(self, call: Call) -> Any:
        return all_domains()

    @door(
        "domains_create",
        summary="Add a domain",
        roles=[Role.ADMIN],
        body=DomainRequest,
        answer=DomainAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """Workers serve a new top-level domain's queue within 30 seconds."""
        return add_domain(
            slug=call.body["slug"], name=call.body["name"], actor=call.account, at=call.at
        )


class PayTiers(Desk):
    @door("pay_tiers_list", summary="Rate cards", roles=STAFF, answer=TierAnswer, many=True)
    def list(self, call: Call) -> Any:
        return all_tiers()

    @door(
        "pay_tiers_create",
        summary="Set a rate from a date on",
        roles=[Role.ADMIN],
        body=TierRequest,
        answer=TierAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """What was in force until then ends there; signed contracts keep their rates."""
        body = dict(call.body)
        try:
            domain = domain_by_slug(slug=body.pop("domain"))
        except NotFound as problem:
            raise Invalid(problem.detail, errors={"domain": [problem.detail]}) from None
        return set_tier(domain=domain, **body, actor=call.account, at=call.at)
