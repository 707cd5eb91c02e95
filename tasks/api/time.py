"""Time entries: written down, handed in, decided about."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tasks.api.work import RateField
from tasks.operations import approving, timekeeping
from tasks.queries import visible
from tasks.queries.time import entries_for, project_named
from tasks.rules.limits import BULK_APPROVE_MAX, REASON_CHARS_MAX
from tasks.rules.states import TimeKind, TimeState
from tutors.queries.people import tutors_visible_to
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import Invalid, NotFound
from workforce.rules.roles import STAFF, Role

SEERS = [*STAFF, Role.TUTOR]


class TimeRequest(Body):
    tutor = serializers.CharField(
        max_length=24, required=False, help_text="Managers name her; a tutor writes her own."
    )
    kind = serializers.ChoiceField([k.value for k in TimeKind])
    project = serializers.CharField(max_length=24, required=False, allow_null=True)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=REASON_CHARS_MAX)


class NoBody(Body):
    pass


class WhyRequest(Body):
    reason = serializers.CharField(max_length=REASON_CHARS_MAX)


class BulkRequest(Body):
    ids = serializers.ListField(
        child=serializers.CharField(max_length=24), min_length=1, max_length=BULK_APPROVE_MAX
    )


class TimeAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    tutor = serializers.SerializerMethodField()
    kind = serializers.ChoiceField([k.value for k in TimeKind])
    state = serializers.ChoiceField([s.value for s in TimeState])
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField()
    rate = RateField(source="*")
    rate_rule = serializers.CharField()
    contract = serializers.SerializerMethodField()
    project = serializers.SerializerMethodField()
    claim = serializers.SerializerMethodField()
    reason = serializers.CharField(allow_blank=True)
    decision_reason = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)

    def get_tutor(self, entry: Any) -> str:
        return f"E-{entry.tutor_id}"

    def get_contract(self, entry: Any) -> str:
        return f"K-{entry.contract_version.contract_id}"

    def get_project(self, entry: Any) -> str | None:
        return f"P-{entry.project_id}" if entry.project_id else None

    def get_claim(self, entry: Any) -> str | None:
        return f"CL-{entry.claim_id}" if entry.claim_id else None


class ApprovedAnswer(serializers.Serializer[Any]):
    results = TimeAnswer(many=True)


class TimeFilters(Filters):
    tutor = serializers.CharField(max_length=24, required=False)
    project = serializers.CharField(max_length=24, required=False)
    state = serializers.ChoiceField([s.value for s in TimeState], required=False)
    kind = serializers.ChoiceField([k.value for k in TimeKind], required=False)


def find_entry(call: Call, id: str) -> Any:
    return visible.one(entries_for(account=call.account), key_of("TE", id))


def _named(prefix: str, text: str, *, field: str) -> int:
    try:
        return internal_id(prefix, text)
    except NotAnId:
        raise Invalid(_("This is not an id."), errors={field: [_("Not an id.")]}) from None


class TimeEntries(Desk):
    @door(
        "time_entries_list",
        summary="Time entries",
        roles=SEERS,
        filters=TimeFilters,
        answer=TimeAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        wanted: dict[str, Any] = {k: call.params[k] for k in ("state", "kind") if k in call.params}
        if "tutor" in call.params:
            wanted["tutor_id"] = _named("E", call.params["tutor"], field="tutor")
        if "project" in call.params:
            wanted["project_id"] = _named("P", call.params["project"], field="project")
        return entries_for(account=call.account).filter(**wanted)

    @door(
        "time_entries_create",
        summary="Write time down",
        roles=[Role.TUTOR, Role.MANAGER],
        body=TimeRequest,
        answer=TimeAnswer,
        status=201,
        idempotent=True,
        names_others=True,
    )
    def create(self, call: Call) -> Any:
        """Time that no claim counted, as a draft; it needs a reason and approval."""
        body = call.body
        project = body.get("project")
        return timekeeping.write_down(
            tutor=_tutor(call),
            stretch=timekeeping.Stretch(
                kind=TimeKind(body["kind"]),
                started_at=body["started_at"],
                ended_at=body["ended_at"],
                reason=body["reason"],
                project=project_named(_named("P", project, field="project")) if project else None,
            ),
            actor=call.account,
            at=call.at,
        )

    @door(
        "time_entries_show",
        summary="One time entry",
        roles=SEERS,
        find=find_entry,
        answer=TimeAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found


def _tutor(call: Call) -> Any:
    """The tutor who is named, if the caller sees her; else the caller's own profile."""
    seen = tutors_visible_to(account=call.account)
    if "tutor" in call.body:
        return visible.one(seen, _named("E", call.body["tutor"], field="tutor"))
    own = seen.filter(account=call.account).first()
    if own is None:
        raise NotFound
    return own


class Deciding(Desk):
    @door(
        "time_entries_submit",
        summary="Hand a draft in",
        roles=[Role.TUTOR, Role.MANAGER],
        find=find_entry,
        body=NoBody,
        answer=TimeAnswer,
        idempotent=True,
    )
    def submit(self, call: Call) -> Any:
        """What passes the week's cap is kept apart as a held entry."""
        return timekeeping.submit_entry(entry=call.found, actor=call.account, at=call.at)

    @door(
        "time_entries_approve",
        summary="Approve one entry",
        roles=[Role.MANAGER],
        find=find_entry,
        body=NoBody,
        answer=TimeAnswer,
        idempotent=True,
    )
    def approve(self, call: Call) -> Any:
        """Nobody approves her own time. Approved time cannot be edited."""
        approved = approving.approve(entry_ids=[call.found.pk], actor=call.account, at=call.at)
        return approved[0]

    @door(
        "time_entries_approve_many",
        summary="Approve entries",
        roles=[Role.MANAGER],
        body=BulkRequest,
        answer=ApprovedAnswer,
        idempotent=True,
    )
    def approve_many(self, call: Call) -> Any:
        """All of them or none; those approved before are passed over."""
        ids = [_named("TE", each, field="ids") for each in call.body["ids"]]
        approved = approving.approve(entry_ids=ids, actor=call.account, at=call.at)
        return {"results": approved}

    @door(
        "time_entries_decline",
        summary="Decline an entry",
        roles=[Role.MANAGER],
        find=find_entry,
        body=WhyRequest,
        answer=TimeAnswer,
        idempotent=True,
    )
    def decline(self, call: Call) -> Any:
        return timekeeping.decline(
            entry=call.found, reason=call.body["reason"], actor=call.account, at=call.at
        )

    @door(
        "time_entries_dispute",
        summary="Dispute a decline",
        roles=[Role.TUTOR],
        find=find_entry,
        body=WhyRequest,
        answer=TimeAnswer,
        idempotent=True,
    )
    def dispute(self, call: Call) -> Any:
        """Somebody other than who declined decides again."""
        return timekeeping.dispute(
            entry=call.found, reason=call.body["reason"], actor=call.account, at=call.at
        )
