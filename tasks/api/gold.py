"""Known answers of a project, and taking one back that turned out wrong."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from tasks.api.clients import STAFF_AND_CLIENTS
from tasks.api.projects import find_project
from tasks.api.task import find_task
from tasks.operations.comparing import withdraw_known_answer
from tasks.queries.gold import doubtful, gold_sheet
from tasks.rules.limits import REASON_CHARS_MAX
from workforce.doors.desk import Body, Call, Desk, door
from workforce.rules.roles import Role


class DoubtfulAnswer(serializers.Serializer[Any]):
    task = serializers.CharField(source="public_id")
    external_id = serializers.CharField()
    compared = serializers.IntegerField()
    good = serializers.IntegerField()


class KnownAnswersAnswer(serializers.Serializer[Any]):
    tasks = serializers.IntegerField(help_text="Tasks with a known answer.")
    wanted_percent = serializers.IntegerField()
    share_percent = serializers.FloatField(
        allow_null=True, help_text="Their share among the last attempts; null before any."
    )
    taken = serializers.IntegerField(help_text="The attempts that the share was counted in.")
    waiting = serializers.IntegerField(help_text="Those that wait to be taken now.")
    compared = serializers.IntegerField(help_text="Answers that were compared with known ones.")
    good = serializers.IntegerField()
    agreement = serializers.DecimalField(
        max_digits=5, decimal_places=4, allow_null=True, help_text="Their mean agreement, 0 to 1."
    )
    doubtful = DoubtfulAnswer(
        many=True, help_text="Tasks whose known answer most people disagree with: it may be wrong."
    )


class WithdrawRequest(Body):
    reason = serializers.CharField(max_length=REASON_CHARS_MAX)


class WithdrawnAnswer(serializers.Serializer[Any]):
    answers = serializers.IntegerField(help_text="Answers that it counted for until now.")


class KnownAnswers(Desk):
    @door(
        "known_answers_show",
        summary="A project's known answers",
        roles=STAFF_AND_CLIENTS,
        find=find_project,
        answer=KnownAnswersAnswer,
    )
    def show(self, call: Call) -> Any:
        """How many are given, how far answers agree with them, and which of them may be wrong.

        Answers count a day and more after they were handed in.
        """
        sheet = gold_sheet(project=call.found)
        return {**asdict(sheet), "doubtful": doubtful(project=call.found)}

    @door(
        "known_answers_withdraw",
        summary="Withdraw a known answer",
        roles=[Role.MANAGER, Role.CLIENT],
        find=find_task,
        body=WithdrawRequest,
        answer=WithdrawnAnswer,
        idempotent=True,
    )
    def withdraw(self, call: Call) -> Any:
        """It counts in nobody's record any more; reviews of those answers count again.

        409 `no_known_answer` for a task without one, or whose known answer was withdrawn before.
        """
        answers = withdraw_known_answer(
            task=call.found, reason=call.body["reason"], actor=call.account, at=call.at
        )
        return {"answers": answers}
