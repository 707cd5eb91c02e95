"""Oneself: the account, its roles, and the tutor behind it."""

from typing import Any

from rest_framework import serializers

from tutors.queries.people import tutor_of
from workforce.api.accounts import MeAnswer
from workforce.doors.desk import Call, Desk, door


class MyselfAnswer(MeAnswer):
    tutor_id = serializers.SerializerMethodField(help_text="Null for somebody who is no tutor.")

    def get_tutor_id(self, account: Any) -> str | None:
        tutor = tutor_of(account=account)
        return tutor.public_id if tutor else None


class Me(Desk):
    @door("me", summary="Who am I", answer=MyselfAnswer)
    def show(self, call: Call) -> Any:
        return call.account
