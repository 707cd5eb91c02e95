"""The tutor's own switches: taking work, and the week she plans."""

from typing import Any

from rest_framework import serializers

from tutors import doors
from tutors.api.background import TieAnswer, TieRequest
from tutors.api.people import PresenceAnswer
from tutors.operations.consenting import choose_content
from tutors.operations.presence import set_availability, set_presence
from tutors.operations.tying import Bond, declare_tie
from tutors.queries import background
from tutors.rules.availability import DAYS, SPANS_PER_DAY_MAX, TIME_OFF_MAX
from tutors.rules.states import Presence, SensitiveContent
from workforce.doors.desk import Body, Call, Desk, door
from workforce.rules.roles import Role

TUTORS = [Role.TUTOR]


class PresenceRequest(Body):
    state = serializers.ChoiceField([s.value for s in Presence])
    reason = serializers.CharField(max_length=200, default="", allow_blank=True)
    until = serializers.DateTimeField(
        default=None, allow_null=True, help_text="Taking work until then; 12 hours if null."
    )


def _week(help_text: str) -> serializers.DictField:
    return serializers.DictField(
        child=serializers.ListField(
            child=serializers.ListField(
                child=serializers.RegexField(r"^[0-2][0-9]:[0-5][0-9]$"),
                min_length=2,
                max_length=2,
            ),
            max_length=SPANS_PER_DAY_MAX,
        ),
        help_text=help_text,
    )


class TimeOffRequest(Body):
    until = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it cannot be written as an attribute."""
        return {"from": serializers.DateField(), **super().get_fields()}


class AvailabilityRequest(Body):
    week = _week(f"Spans by day ({', '.join(DAYS)}), such as [[“09:00”, “17:30”]].")
    time_off = serializers.ListSerializer[Any](
        child=TimeOffRequest(), max_length=TIME_OFF_MAX, default=list
    )


class AvailabilityAnswer(serializers.Serializer[Any]):
    time_zone = serializers.CharField(source="account.time_zone")
    week = serializers.SerializerMethodField()
    time_off = serializers.SerializerMethodField()

    def get_week(self, tutor: Any) -> dict[str, list[list[str]]]:
        kept = tutor.availability.get("week", {})
        return {day: kept.get(day, []) for day in DAYS}

    def get_time_off(self, tutor: Any) -> list[dict[str, str]]:
        found: list[dict[str, str]] = tutor.availability.get("time_off", [])
        return found


class OwnPresence(Desk):
    @door(
        "presence_show",
        summary="Am I taking work",
        roles=TUTORS,
        find=doors.own_tutor,
        answer=PresenceAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "presence_change",
        summary="Take work, or pause",
        roles=TUTORS,
        find=doors.own_tutor,
        body=PresenceRequest,
        answer=PresenceAnswer,
    )
    def change(self, call: Call) -> Any:
        """Pausing gives offers back; work in hand stays."""
        return set_presence(
            tutor=call.found,
            state=Presence(call.body["state"]),
            reason=call.body["reason"],
            until=call.body["until"],
            actor=call.account,
            at=call.at,
        )


class OwnAvailability(Desk):
    @door(
        "availability_show",
        summary="My week",
        roles=TUTORS,
        find=doors.own_tutor,
        answer=AvailabilityAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "availability_change",
        summary="Save my week",
        roles=TUTORS,
        find=doors.own_tutor,
        body=AvailabilityRequest,
        answer=AvailabilityAnswer,
    )
    def change(self, call: Call) -> Any:
        """A plan for people to read; offers follow presence."""
        return set_availability(
            tutor=call.found,
            week=call.body["week"],
            time_off=[dict(entry) for entry in call.body["time_off"]],
            actor=call.account,
            at=call.at,
        )


CONTENT_WORDS = [content.value for content in SensitiveContent]


class ContentRequest(Body):
    content = serializers.ListField(
        child=serializers.ChoiceField(CONTENT_WORDS),
        max_length=len(CONTENT_WORDS),
        help_text="All that you agree to see from now on; what is left out is withdrawn.",
    )


class ContentAnswer(serializers.Serializer[Any]):
    content = serializers.ListField(child=serializers.CharField())


class OwnContent(Desk):
    @door(
        "content_show",
        summary="What I agreed to see",
        roles=TUTORS,
        find=doors.own_tutor,
        answer=ContentAnswer,
    )
    def show(self, call: Call) -> Any:
        given = background.own(tutor=call.found).opt_ins
        return {"content": [each.content for each in given]}

    @door(
        "content_change",
        summary="Choose what to see",
        roles=TUTORS,
        find=doors.own_tutor,
        body=ContentRequest,
        answer=ContentAnswer,
    )
    def change(self, call: Call) -> Any:
        """Yours to give and to take back at any time; work in hand stays."""
        content = [SensitiveContent(word) for word in call.body["content"]]
        chosen = choose_content(tutor=call.found, content=content, actor=call.account, at=call.at)
        return {"content": [each.value for each in chosen]}


class OwnTies(Desk):
    @door(
        "own_ties_list",
        summary="My ties",
        roles=TUTORS,
        find=doors.own_tutor,
        answer=TieAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return background.own_ties(tutor=call.found)

    @door(
        "own_ties_declare",
        summary="Declare a tie",
        roles=TUTORS,
        find=doors.own_tutor,
        body=TieRequest,
        answer=TieAnswer,
        status=201,
        idempotent=True,
    )
    def declare(self, call: Call) -> Any:
        """It counts at once; only a recruiter ends it."""
        bond = Bond(**call.body)
        return declare_tie(tutor=call.found, bond=bond, actor=call.account, at=call.at)
