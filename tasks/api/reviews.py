"""Judging a submission."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tasks.operations import reviewing
from tasks.rules.reviewing import CATEGORY_CHARS_MAX, NOTE_CHARS_MAX, USUAL_CATEGORIES
from tasks.rules.states import ReviewDecision
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.rules.roles import Role

SCORES_MAX = 50


class ReviewRequest(Body):
    decision = serializers.ChoiceField([d.value for d in ReviewDecision])
    category = serializers.CharField(
        max_length=CATEGORY_CHARS_MAX,
        default="",
        allow_blank=True,
        help_text=f"A reject needs one, such as {', '.join(USUAL_CATEGORIES)}.",
    )
    note = serializers.CharField(max_length=NOTE_CHARS_MAX, default="", allow_blank=True)
    scores = serializers.DictField(
        child=serializers.FloatField(), required=False, help_text="By criterion."
    )

    def validate_scores(self, scores: dict[str, float]) -> dict[str, float]:
        if len(scores) > SCORES_MAX:
            raise serializers.ValidationError([_("At most %(n)d.") % {"n": SCORES_MAX}])
        return scores


class ReviewAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    submission = serializers.SerializerMethodField()
    decision = serializers.ChoiceField([d.value for d in ReviewDecision])
    category = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    scores = serializers.DictField(child=serializers.FloatField())
    seconds_worked = serializers.IntegerField()
    decided_at = serializers.DateTimeField()

    def get_submission(self, review: Any) -> str:
        return f"S-{review.submission_id}"


def find_submission(call: Call, id: str) -> Any:
    return reviewing.open_for_review(account=call.account, submission_id=key_of("S", id))


class Reviews(Desk):
    @door(
        "submissions_review",
        summary="Decide about a submission",
        roles=[Role.REVIEWER],
        find=find_submission,
        body=ReviewRequest,
        answer=ReviewAnswer,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """Needs the review claim: POST /work/claims/ with `{"role": "review"}`."""
        judgement = reviewing.Judgement(
            decision=ReviewDecision(call.body["decision"]),
            category=call.body["category"],
            note=call.body["note"],
            scores=call.body.get("scores", {}),
        )
        return reviewing.decide(
            account=call.account, seen=call.found, judgement=judgement, at=call.at
        )
