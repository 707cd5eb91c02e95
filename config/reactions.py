"""What follows what: each kind of event, and the jobs that it leads to.

An event without consequences is listed with none: a check at start-up sees that no kind is
forgotten. Reactions only name jobs; the jobs do the work, on their queues.
"""

import importlib
import inspect
from collections.abc import Iterator

from workforce.rules.jobs import EventSeen, JobSpec, Reaction, Reactions


def mail_invitation(event: EventSeen) -> Iterator[JobSpec]:
    number = event.body["invitation"]
    yield JobSpec(
        kind="workforce.mail_invitation",
        queue="notify",
        key=str(number),
        subject={"invitation_id": number},
    )


def _route(field: str) -> Reaction:
    """Route the queue of the pool that this field of the event names, if it names one.

    A queue has one round due at a time, so a burst of events ends in one.
    """

    def following(event: EventSeen) -> Iterator[JobSpec]:
        pool = event.subject if field == "subject" else event.body[field]
        if pool:
            queue = event.body["queue"]
            yield JobSpec(
                kind="tasks.route_queue", queue=queue, key=queue, subject={"queue": queue}
            )

    return following


def _load_batch(event: EventSeen) -> Iterator[JobSpec]:
    yield JobSpec(
        kind="tasks.load_batch",
        queue="intake",
        key=event.subject,
        subject={"batch": event.subject},
    )


def _rehearse(event: EventSeen) -> Iterator[JobSpec]:
    yield JobSpec(
        kind="tasks.rehearse",
        queue="intake",
        key=event.subject,
        subject={"rehearsal": event.subject},
    )


def _import_rows(event: EventSeen) -> Iterator[JobSpec]:
    """A large import is written, or taken back, a chunk a job."""
    yield JobSpec(
        kind="tutors.import_rows",
        queue="intake",
        key=event.subject,
        subject={"upload": event.subject},
    )


def _news(event: EventSeen) -> Iterator[JobSpec]:
    """Tell the client's machines, where it has any."""
    yield JobSpec(
        kind="tasks.deliver_news",
        queue="notify",
        key=str(event.id),
        subject={"event": event.id},
    )


def _project_changed(event: EventSeen) -> Iterator[JobSpec]:
    """A project that stopped takes its offers back; one that opened is routed."""
    yield JobSpec(
        kind="tasks.follow_project",
        queue=event.body["queue"],
        key=event.subject,
        subject={"project": event.subject},
    )


def _recheck(tutor: str) -> JobSpec:
    return JobSpec(kind="tasks.recheck_offers", queue="notify", key=tutor, subject={"tutor": tutor})


def _recheck_offers(event: EventSeen) -> Iterator[JobSpec]:
    """Somebody's facts changed: offers that do not fit any more go back within seconds.

    Whose is told by `tutors`, who may be nobody, by `tutor`, or else by the subject.
    """
    for tutor in event.body.get("tutors", [event.body.get("tutor", event.subject)]):
        yield _recheck(tutor)


def _recheck_account(event: EventSeen) -> Iterator[JobSpec]:
    """Whoever left has no offers any more."""
    yield JobSpec(
        kind="tasks.recheck_account",
        queue="notify",
        key=event.subject,
        subject={"account": event.subject},
    )


def _recheck_author(event: EventSeen) -> Iterator[JobSpec]:
    """An answer was not accepted: its author's record may not be good enough for an offer now."""
    if event.body["decision"] != "accept":
        yield _recheck(event.body["author"])


def _recheck_worse(event: EventSeen) -> Iterator[JobSpec]:
    """Answers did not agree with known ones: their authors' records may not be good enough now."""
    for tutor in event.body["tutors"]:
        yield _recheck(tutor)


ENTRIES_A_PRICING_JOB = 250
"""Time entries that one job prices: seconds of work, far from a job's limit."""


def _price_time(event: EventSeen) -> Iterator[JobSpec]:
    """Approved time is priced, a chunk of entries a job."""
    entries = list(event.body["entries"])
    for start in range(0, len(entries), ENTRIES_A_PRICING_JOB):
        yield JobSpec(
            kind="payments.post_earnings",
            queue="pay",
            key=f"{event.id}:{start}",
            subject={"entries": entries[start : start + ENTRIES_A_PRICING_JOB]},
        )


def _notices(event: EventSeen) -> Iterator[JobSpec]:
    """Tell the people whom it concerns (config/noticing says whom and what)."""
    yield JobSpec(
        kind="config.make_notices",
        queue="notify",
        key=str(event.id),
        subject={"event": event.id},
    )


PACKAGES = ("workforce", "tutors", "tasks", "payments")

REACTIONS: Reactions = {
    "workforce.account_admitted": (),
    "workforce.account_closed": (_recheck_account,),
    "workforce.settings_changed": (),
    "workforce.sessions_ended": (),
    "workforce.role_granted": (),
    "workforce.invitation_made": (mail_invitation,),
    "workforce.invitation_accepted": (),
    "workforce.token_issued": (),
    "workforce.token_revoked": (),
    "workforce.domain_added": (),
    "workforce.tier_set": (),
    "workforce.terms_published": (),
    "workforce.job_parked": (_notices,),
    "workforce.job_retried": (),
    "tutors.tutor_added": (),
    "tutors.requirements_named": (),
    "tutors.requirements_put_away": (),
    "tutors.profile_changed": (_recheck_offers,),
    "tutors.import_checked": (),
    "tutors.import_matched": (),
    "tutors.import_row_changed": (),
    "tutors.import_discarded": (),
    "tutors.import_started": (_import_rows,),
    "tutors.imported": (),
    "tutors.import_undone": (),
    "tutors.credential_added": (),
    "tutors.credential_verified": (_recheck_offers, _notices),
    "tutors.credential_refused": (_recheck_offers, _notices),
    "tutors.qualification_granted": (_notices,),
    "tutors.qualification_revoked": (_recheck_offers, _notices),
    "tutors.contract_offered": (_notices,),
    "tutors.contract_signed": (_notices,),
    "tutors.contract_countersigned": (_notices,),
    "tutors.contract_notice_given": (_recheck_offers, _notices),
    "tutors.contract_ended": (_recheck_offers, _notices),
    "tutors.agreement_offered": (_notices,),
    "tutors.agreement_signed": (),
    "tutors.agreement_withdrawn": (),
    "tutors.paper_viewed": (),
    "tutors.presence_changed": (_recheck_offers,),
    "tutors.availability_changed": (),
    "tutors.authorisation_added": (),
    "tutors.authorisation_verified": (_recheck_offers,),
    "tutors.authorisation_ended": (_recheck_offers,),
    "tutors.organisation_changed": (_recheck_offers,),
    "tutors.tie_declared": (_recheck_offers,),
    "tutors.tie_changed": (_recheck_offers,),
    "tutors.content_chosen": (_recheck_offers,),
    "tutors.identity_checked": (),
    "tutors.identity_check_withdrawn": (_recheck_offers,),
    "tutors.experience_added": (),
    "tutors.experience_verified": (),
    "tutors.experience_withdrawn": (_recheck_offers,),
    "tutors.accounts_linked": (_recheck_offers,),
    "tutors.accounts_unlinked": (),
    "tasks.client_added": (),
    "tasks.client_member_added": (),
    "tasks.project_made": (),
    "tasks.project_changed": (_project_changed, _notices),
    "tasks.guide_published": (),
    "tasks.routing_policy_set": (_route("subject"),),
    "tasks.rehearsal_asked": (_rehearse,),
    "tasks.rehearsal_ended": (),
    "tasks.batch_received": (_load_batch,),
    "tasks.batch_done": (_news, _notices),
    "tasks.opened": (_route("pool"),),
    "tasks.pool_relaxed": (_route("to_pool"),),
    "tasks.offers_made": (),
    "tasks.offer_declined": (_route("pool"),),
    "tasks.offers_ended": (_route("subject"),),
    "tasks.claim_made": (),
    "tasks.claim_paused": (),
    "tasks.claim_resumed": (),
    "tasks.claim_extended": (),
    "tasks.slot_returned": (_route("pool"),),
    "tasks.leases_expired": (_route("subject"),),
    "tasks.submitted": (_route("review_pool"), _news),
    "tasks.taken_back": (),
    "tasks.pool_exhausted": (_notices,),
    "tasks.alert_asked": (),
    "tasks.alert_ended": (),
    "tasks.queue_opened": (_notices,),
    "tasks.cannot_twice": (_notices,),
    "tasks.reviewed": (_route("pool"), _recheck_author, _news, _notices),
    "tasks.reviews_overdue": (_news,),
    "tasks.task_cancelled": (_news,),
    "tasks.known_answers_mixed_in": (_route("subject"),),
    "tasks.known_answers_compared": (_recheck_worse,),
    "tasks.known_answer_withdrawn": (),
    "tasks.time_written": (),
    "tasks.time_submitted": (),
    "tasks.time_approved": (_price_time, _notices),
    "tasks.time_declined": (_notices,),
    "tasks.time_disputed": (),
    "tasks.media_stored": (),
    "tasks.webhook_endpoint_made": (),
    "tasks.webhook_endpoint_changed": (),
    "tasks.webhook_endpoint_disabled": (_news,),
    "tasks.webhook_replayed": (),
    "payments.earnings_posted": (),
    "payments.earning_adjusted": (),
    "payments.periods_closed": (_notices,),
    "payments.payout_details_set": (),
    "payments.payouts_held": (),
    "payments.payouts_released": (),
    "payments.batch_built": (_notices,),
    "payments.batch_line_held": (),
    "payments.batch_approved": (_notices,),
    "payments.batch_sent": (),
    "payments.batch_cancelled": (),
    "payments.batch_settled": (),
    "payments.bank_file_read": (),
    "payments.bank_message_imported": (_notices,),
}


def kinds() -> Iterator[str]:
    """The kind of every event that the packages declare."""
    for package in PACKAGES:
        try:
            module = importlib.import_module(f"{package}.events")
        except ModuleNotFoundError:
            continue
        for _, member in inspect.getmembers(module, inspect.isclass):
            kind = getattr(member, "kind", None)
            if isinstance(kind, str) and member.__module__.startswith(f"{package}.events"):
                yield kind


def forgotten() -> str:
    """Which kinds have no line here, and which lines no event; empty when the table is whole."""
    declared, listed = set(kinds()), set(REACTIONS)
    missing, stale = sorted(declared - listed), sorted(listed - declared)
    return f"add {missing or 'nothing'}, remove {stale or 'nothing'}" if missing or stale else ""
