"""Accounts that count as one person."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tutors import doors
from tutors.operations.linking import CannotLink, link, unlink
from tutors.queries import linked
from tutors.rules.states import LinkKind
from workforce.doors.desk import Body, Call, Desk, door
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

REASON_MAX = 500


class LinkAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    tutors = serializers.SerializerMethodField()
    kind = serializers.CharField()
    reason = serializers.CharField()
    noted_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_tutors(self, row: Any) -> list[str]:
        return [row.low.public_id, row.high.public_id]


class LinkRequest(Body):
    other = serializers.RegexField(r"^E-[1-9][0-9]{0,18}$", help_text="The other tutor.")
    kind = serializers.ChoiceField([kind.value for kind in LinkKind])
    reason = serializers.CharField(max_length=REASON_MAX, help_text="What shows it.")


class Links(Desk):
    @door(
        "links_list",
        summary="Accounts linked to a tutor's",
        roles=[Role.RECRUITER, Role.ADMIN],
        find=doors.tutor,
        answer=LinkAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        """Those of her whole group, whoever of it the link is between."""
        return linked.links_of(tutor=call.found)

    @door(
        "links_create",
        summary="Link two accounts",
        roles=[Role.RECRUITER],
        find=doors.tutor,
        body=LinkRequest,
        answer=LinkAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """They count as one person wherever different people are wanted. Work in hand stays."""
        try:
            other = doors.tutor(call, call.body["other"])
        except NotFound:
            told = {"other": [_("There is no such tutor.")]}
            raise CannotLink(_("Nothing was saved."), errors=told) from None
        return link(
            tutor=call.found,
            other=other,
            kind=LinkKind(call.body["kind"]),
            reason=call.body["reason"],
            actor=call.account,
            at=call.at,
        )

    @door(
        "links_end",
        summary="End a link",
        roles=[Role.RECRUITER],
        find=doors.link,
        answer=LinkAnswer,
        idempotent=True,
    )
    def end(self, call: Call) -> Any:
        return unlink(link=call.found, actor=call.account, at=call.at)
