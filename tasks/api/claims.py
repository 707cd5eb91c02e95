"""A tutor's claims: taking work, keeping it, handing it in, giving it back."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tasks.api.work import HANDS, ClaimAnswer, DraftAnswer, RateField, ReasonRequest
from tasks.operations import claiming, submitting, working
from tasks.queries import claims as queries
from tasks.queries.handing_in import in_hand
from tasks.rules.states import ClaimState, WorkRole
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import Invalid, NotFound

DRAFT_VERSION_MAX = 1_000_000


class ClaimRequest(Body):
    project = serializers.CharField(max_length=24, required=False, allow_null=True)
    role = serializers.ChoiceField([r.value for r in WorkRole], default=WorkRole.ATTEMPT.value)


class HeartbeatRequest(Body):
    fence = serializers.IntegerField(min_value=1, required=False)


class DraftRequest(Body):
    answer = serializers.JSONField()
    version = serializers.IntegerField(min_value=0, max_value=DRAFT_VERSION_MAX, required=False)


class SubmitRequest(Body):
    fence = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    answer = serializers.JSONField()


class PulseAnswer(serializers.Serializer[Any]):
    id = serializers.SerializerMethodField()
    state = serializers.ChoiceField([s.value for s in ClaimState])
    lease_until = serializers.DateTimeField()
    hold_until = serializers.DateTimeField()
    seconds_worked = serializers.IntegerField()
    paid_cap_seconds = serializers.IntegerField()
    near_cap = serializers.BooleanField(help_text="80 % of the paid cap is used.")

    def get_id(self, pulse: Any) -> str:
        return f"CL-{pulse.claim_id}"


class SubmissionAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    claim = serializers.SerializerMethodField()
    task = serializers.SerializerMethodField()
    cannot = serializers.BooleanField(source="submission.cannot")
    reviewed = serializers.BooleanField(help_text="Somebody will look at it.")
    seconds_worked = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(source="submission.submitted_at")

    def get_claim(self, handed: Any) -> str:
        return f"CL-{handed.claim_id}"

    def get_task(self, handed: Any) -> str:
        return f"T-{handed.submission.task_id}"


class ShortTaskAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="task.public_id")
    type = serializers.CharField(source="project.task_type")


class ClaimLineAnswer(serializers.Serializer[Any]):
    """A claim in a list; the task's content is with the claim itself."""

    id = serializers.CharField(source="public_id")
    fence = serializers.IntegerField()
    state = serializers.ChoiceField([s.value for s in ClaimState])
    role = serializers.ChoiceField([r.value for r in WorkRole])
    task = ShortTaskAnswer(source="*")
    project = serializers.CharField(source="project.public_id")
    project_name = serializers.CharField(source="project.name")
    rate = RateField(source="*")
    claimed_at = serializers.DateTimeField()
    lease_until = serializers.DateTimeField()
    hold_until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds_worked = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)


class ClaimFilters(Filters):
    state = serializers.ChoiceField([s.value for s in ClaimState], required=False)
    role = serializers.ChoiceField([r.value for r in WorkRole], required=False)


def find_claim(call: Call, id: str) -> int:
    """The claim's key, if it is the caller's own; the verbs read what they need themselves."""
    claim_id = key_of("CL", id)
    if not queries.is_own(claim_id=claim_id, account_id=call.account.pk):
        raise NotFound
    return claim_id


def find_sheet(call: Call, id: str) -> queries.ClaimSheet:
    found = queries.sheet(claim_id=key_of("CL", id), account_id=call.account.pk)
    if found is None:
        raise NotFound
    return found


def find_in_hand(call: Call, id: str) -> Any:
    found = in_hand(claim_id=key_of("CL", id), account_id=call.account.pk)
    if found is None:
        raise NotFound
    return found


class Claims(Desk):
    @door(
        "claims_list",
        summary="My claims",
        roles=HANDS,
        filters=ClaimFilters,
        answer=ClaimLineAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        wanted = {k: v for k, v in call.params.items() if k in ("state", "role")}
        return queries.own_claims(account_id=call.account.pk).filter(**wanted)

    @door(
        "claims_create",
        summary="Take the next piece of work",
        roles=HANDS,
        body=ClaimRequest,
        answer=ClaimAnswer,
        status=201,
        idempotent=True,
        throttle="claim",
        names_others=True,
        empty="Nothing fits now; GET /work/queue/ says why.",
    )
    def create(self, call: Call) -> Any:
        """Your own live offer first, then the best waiting task you are eligible for."""
        project = call.body.get("project")
        return claiming.claim(
            account=call.account,
            role=WorkRole(call.body["role"]),
            project_id=_project(project) if project else None,
            at=call.at,
        )

    @door("claims_show", summary="One claim", roles=HANDS, find=find_sheet, answer=ClaimAnswer)
    def show(self, call: Call) -> Any:
        return call.found


def _project(text: str) -> int:
    try:
        return internal_id("P", text)
    except NotAnId:
        message = _("This is no project's id.")
        raise Invalid(message, errors={"project": [message]}) from None


class Keeping(Desk):
    """What keeps a claim alive."""

    @door(
        "claims_heartbeat",
        summary="Renew the lease",
        roles=HANDS,
        find=find_claim,
        body=HeartbeatRequest,
        answer=PulseAnswer,
    )
    def heartbeat(self, call: Call) -> Any:
        """The clock runs on this claim from now on, unless it is paused."""
        return working.heartbeat(
            account=call.account, claim_id=call.found, fence=call.body.get("fence"), at=call.at
        )

    @door(
        "claims_draft",
        summary="Save the draft",
        roles=HANDS,
        find=find_claim,
        body=DraftRequest,
        answer=DraftAnswer,
    )
    def draft(self, call: Call) -> Any:
        """`version` must be larger than the one stored; 409 `draft_outdated` otherwise.

        Without it, or over a draft from before this claim, the draft is saved as it comes.
        """
        return working.save_draft(
            account=call.account,
            claim_id=call.found,
            answer=call.body["answer"],
            version=call.body.get("version"),
            at=call.at,
        )

    @door(
        "claims_pause",
        summary="Stop the clock",
        roles=HANDS,
        find=find_claim,
        body=ReasonRequest,
        answer=ClaimAnswer,
        idempotent=True,
    )
    def pause(self, call: Call) -> Any:
        return working.pause(
            account=call.account, claim_id=call.found, reason=call.body["reason"], at=call.at
        )

    @door(
        "claims_resume",
        summary="Go on",
        roles=HANDS,
        find=find_claim,
        body=ReasonRequest,
        answer=ClaimAnswer,
        idempotent=True,
    )
    def resume(self, call: Call) -> Any:
        return working.resume(account=call.account, claim_id=call.found, at=call.at)

    @door(
        "claims_extend",
        summary="Ask for more time, once",
        roles=HANDS,
        find=find_claim,
        body=ReasonRequest,
        answer=ClaimAnswer,
        idempotent=True,
    )
    def extend(self, call: Call) -> Any:
        return working.extend(
            account=call.account, claim_id=call.found, reason=call.body["reason"], at=call.at
        )


class Ending(Desk):
    """How a claim ends."""

    @door(
        "claims_return",
        summary="Give the task back after the start",
        roles=HANDS,
        find=find_claim,
        body=ReasonRequest,
        answer=ClaimAnswer,
        idempotent=True,
    )
    def give_back(self, call: Call) -> Any:
        return working.hand_back(
            account=call.account, claim_id=call.found, reason=call.body["reason"], at=call.at
        )

    @door(
        "claims_skip",
        summary="Give the task back before the start",
        roles=HANDS,
        find=find_claim,
        body=ReasonRequest,
        answer=ClaimAnswer,
        idempotent=True,
    )
    def skip(self, call: Call) -> Any:
        return working.skip(
            account=call.account, claim_id=call.found, reason=call.body["reason"], at=call.at
        )

    @door(
        "claims_submit",
        summary="Hand the answer in",
        roles=HANDS,
        find=find_in_hand,
        body=SubmitRequest,
        answer=SubmissionAnswer,
        idempotent=True,
    )
    def submit(self, call: Call) -> Any:
        """`fence` is the claim's. 409 `fence_lost` says where the draft is."""
        return submitting.submit(
            account=call.account,
            own=call.found,
            fence=call.body["fence"],
            answer=call.body["answer"],
            at=call.at,
        )

    @door(
        "claims_take_back",
        summary="Undo a submit within ten seconds",
        roles=HANDS,
        find=find_claim,
        body=ReasonRequest,
        answer=ClaimAnswer,
        idempotent=True,
    )
    def take_back(self, call: Call) -> Any:
        """Until somebody holds the review; the answer is the draft again."""
        return submitting.take_back(account=call.account, claim_id=call.found, at=call.at)
