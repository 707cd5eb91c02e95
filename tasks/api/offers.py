"""Offers to the caller: what waits for an answer, and why she was asked."""

from typing import Any

from rest_framework import serializers

from tasks.api.work import HANDS, ClaimAnswer, RateField, ReasonRequest
from tasks.doors.batches import why_stopped
from tasks.operations import batching, claiming, offering
from tasks.queries.offers import live_offers, own_offers
from tasks.rules.limits import LIKE_MAX
from tasks.rules.states import OfferKind, OfferState, WorkRole
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.rules.problems import NotFound


class AcceptRequest(Body):
    pass


class AcceptLikeRequest(Body):
    like = serializers.IntegerField(
        min_value=1, max_value=LIKE_MAX, help_text="How many more like it."
    )


class TakenTogetherAnswer(serializers.Serializer[Any]):
    asked = serializers.IntegerField(help_text="The offer and those like it.")
    taken = serializers.IntegerField()
    stopped = serializers.CharField(
        allow_blank=True,
        help_text="Code of what stood in the way of the next, or `none_left`; empty: you got all.",
    )
    why = serializers.SerializerMethodField(help_text="The same in words.")
    claims = ClaimAnswer(many=True)

    def get_why(self, batch: Any) -> str:
        return why_stopped(batch)


class OfferAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField([k.value for k in OfferKind])
    state = serializers.ChoiceField([s.value for s in OfferState])
    role = serializers.ChoiceField([r.value for r in WorkRole])
    task = serializers.SerializerMethodField()
    task_type = serializers.CharField(source="pool.project.task_type")
    project = serializers.CharField(source="pool.project.public_id")
    project_name = serializers.CharField(source="pool.project.name")
    domain = serializers.CharField(source="pool.project.domain.slug")
    rate = RateField(source="*")
    expected_seconds = serializers.IntegerField(source="pool.project.expected_seconds")
    paid_cap_seconds = serializers.IntegerField(source="pool.project.paid_cap_seconds")
    weight = serializers.IntegerField(help_text="How many of your hands it fills.")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    why = serializers.JSONField(
        source="reasons",
        help_text="Why you: verdicts and score terms; or the reviewer's note.",
    )

    def get_task(self, offer: Any) -> str:
        return f"T-{offer.task_id}"


def find_offer(call: Call, id: str) -> int:
    offer_id = key_of("O", id)
    if not own_offers(account_id=call.account.pk).filter(pk=offer_id).exists():
        raise NotFound
    return offer_id


class Offers(Desk):
    @door("offers_list", summary="My live offers", roles=HANDS, answer=OfferAnswer, many=True)
    def list(self, call: Call) -> Any:
        return live_offers(account_id=call.account.pk)

    @door(
        "offers_accept",
        summary="Accept an offer",
        roles=HANDS,
        find=find_offer,
        body=AcceptRequest,
        answer=ClaimAnswer,
        status=201,
        idempotent=True,
        throttle="claim",
    )
    def accept(self, call: Call) -> Any:
        """409 `offer_gone` when it is over, or the verdict that stands in the way by now."""
        return claiming.accept(account=call.account, offer_id=call.found, at=call.at)

    @door(
        "offers_accept_like",
        summary="Accept an offer and take more like it",
        roles=HANDS,
        find=find_offer,
        body=AcceptLikeRequest,
        answer=TakenTogetherAnswer,
        status=201,
        idempotent=True,
        throttle="claim",
    )
    def accept_like(self, call: Call) -> Any:
        """Up to `like` more of its project and role: your own offers first, then what waits. It
        stops at the first that you may not take (full hands, the weekly cap) and keeps the others.
        Each waits for its turn: it is leased and held longer by the time of those before it.

        409 as for accepting one; then nothing is taken.
        """
        return batching.accept_with(
            account=call.account, offer_id=call.found, like=call.body["like"], at=call.at
        )

    @door(
        "offers_decline",
        summary="Decline an offer",
        roles=HANDS,
        find=find_offer,
        body=ReasonRequest,
        answer=OfferAnswer,
        idempotent=True,
    )
    def decline(self, call: Call) -> Any:
        """This task is not offered to you again for as long as its project's routing policy says
        (a week unless it says otherwise); pulling it stays possible.
        """
        return offering.decline(
            account=call.account, offer_id=call.found, reason=call.body["reason"], at=call.at
        )
