"""Notices about contracts, agreements, credentials and qualifications."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from config.noticing.telling import Teller, day_of, name_of_tutor, to_account, to_tutor, url
from tutors.models import Agreement, Contract, ContractVersion, Credential
from tutors.rules.states import (
    AgreementState,
    CredentialStatus,
    CredentialType,
    Verified,
    VersionState,
)
from workforce.models import Domain, Event
from workforce.operations.noticing import Telling
from workforce.rules.ids import internal_id


def _offerer(event: Event) -> int | None:
    key = internal_id(Contract.prefix, event.subject)
    return Contract.objects.filter(pk=key).values_list("offered_by_id", flat=True).first()


def _version_is(event: Event, state: VersionState) -> bool:
    """Whether the version still waits as the event left it: what is over asks nobody."""
    key = internal_id(Contract.prefix, event.subject)
    versions = ContractVersion.objects.filter(contract=key, number=event.body["version"])
    return versions.filter(state=state).exists()


def _speciality(slug: str) -> str:
    return Domain.objects.filter(slug=slug).values_list("name", flat=True).first() or slug


def contract_offered(event: Event) -> Iterator[Telling]:
    if not _version_is(event, VersionState.OFFERED):
        return
    first = event.body["version"] == 1
    yield from to_tutor(
        event,
        title=_("Your contract is ready to sign")
        if first
        else _("A new version of your contract is ready to sign"),
        body=_("Contract %s. Read it, then sign it with your name.") % event.subject,
        url=url("sign-contract", event.subject),
        important=True,
    )


def contract_signed(event: Event) -> Iterator[Telling]:
    if not _version_is(event, VersionState.SIGNED):
        return
    yield from to_account(
        event,
        _offerer(event),
        title=_("%s signed the contract") % name_of_tutor(event.body["tutor"]),
        body=_("Contract %s waits for the second signature: yours.") % event.subject,
        url=url("recruiting-contract", event.subject),
        important=True,
    )


def contract_countersigned(event: Event) -> Iterator[Telling]:
    yield from to_tutor(
        event,
        title=_("Your contract is signed by both sides"),
        body=_("Contract %(id)s holds from %(day)s. Say that you are taking work to get offers.")
        % {"id": event.subject, "day": day_of(event.body["effective_from"])},
        url=url("work-contract"),
    )


def notice_given(event: Event) -> Iterator[Telling]:
    ends = day_of(event.body["ends_at"])
    yield from to_tutor(
        event,
        title=_("Your notice is received: the contract ends on %s") % ends
        if event.body["by_tutor"]
        else _("Notice was given: your contract ends on %s") % ends,
        body=_(
            "Until then you work and are paid as before. Approved time is paid on the usual day, "
            "and your statements stay readable afterwards."
        ),
        url=url("work-contract"),
        important=True,
    )
    if event.body["by_tutor"]:
        yield from to_account(
            event,
            _offerer(event),
            title=_("%(name)s gave notice: the contract ends on %(day)s")
            % {"name": name_of_tutor(event.body["tutor"]), "day": ends},
            url=url("recruiting-contract", event.subject),
        )


def contract_ended(event: Event) -> Iterator[Telling]:
    if event.body["was_in_force"]:
        title = _("Your contract has ended")
        body = _("What you worked is paid on the usual day. Your statements stay readable.")
    else:
        title = _("The contract offer was withdrawn")
        body = _("Contract %s was never in force. Ask who invited you if this surprises you.")
        body %= event.subject
    yield from to_tutor(event, title=title, body=body, url=url("work-contract"), important=True)


def agreement_offered(event: Event) -> Iterator[Telling]:
    waiting = Agreement.objects.filter(pk=internal_id(Agreement.prefix, event.subject))
    if not waiting.filter(state=AgreementState.OFFERED).exists():
        return
    yield from to_tutor(
        event,
        title=_("An agreement is ready to sign"),
        body=_("%s stands beside your contract. Some projects ask for it.") % event.subject,
        url=url("work-contract"),
        important=True,
    )


def credential_verified(event: Event) -> Iterator[Telling]:
    key = internal_id(Credential.prefix, event.subject)
    proof = Credential.objects.filter(pk=key).first()
    if event.body["level"] == Verified.SELF:
        return
    yield from to_tutor(
        event,
        title=_("Your credential was verified"),
        body=_("%(what)s (%(id)s) was checked and counts for your work from now on.")
        % {"what": str(proof.type).capitalize() if proof else "", "id": event.subject},
        url=url("work-qualifications"),
    )


def credential_refused(event: Event) -> Iterator[Telling]:
    """Why, in the words of the check, and what helps; nothing once it was confirmed after all."""
    key = internal_id(Credential.prefix, event.subject)
    proof = Credential.objects.filter(pk=key, status=CredentialStatus.REFUSED).first()
    if proof is None:
        return
    check = proof.checks.filter(checked_at__lte=event.at).order_by("-id").first()
    yield from to_tutor(
        event,
        title=_("Your credential could not be confirmed"),
        body=_(
            "%(what)s (%(id)s): %(reason)s. It does not count for your work. Send your recruiter "
            "what shows it, such as a clear copy or the right number, and it is checked again."
        )
        % {
            "what": _named(proof),
            "id": event.subject,
            "reason": (check.source if check else "").rstrip(". "),
        },
        url=url("work-qualifications"),
        important=True,
    )


def _named(proof: Credential) -> str:
    kind = CredentialType(proof.type).value.replace("_", " ").capitalize()
    return f"{kind} {proof.name}".strip()


def qualification_granted(event: Event) -> Iterator[Telling]:
    body = event.body
    yield from to_tutor(
        event,
        title=_("You are qualified in %(field)s, level %(level)d")
        % {"field": _speciality(body["speciality"]), "level": body["level"]},
        body=_("Tasks of this speciality can be offered to you now."),
        url=url("work-qualifications"),
    )


def qualification_revoked(event: Event) -> Iterator[Telling]:
    yield from to_tutor(
        event,
        title=_("Your qualification in %s was revoked") % _speciality(event.body["speciality"]),
        body=_(
            "No new tasks of this speciality will be offered to you. What you worked is paid. "
            "The reason stands with the qualification."
        ),
        url=url("work-qualifications"),
        important=True,
    )


TELLERS: dict[str, Teller] = {
    "tutors.contract_offered": contract_offered,
    "tutors.contract_signed": contract_signed,
    "tutors.contract_countersigned": contract_countersigned,
    "tutors.contract_notice_given": notice_given,
    "tutors.contract_ended": contract_ended,
    "tutors.agreement_offered": agreement_offered,
    "tutors.credential_verified": credential_verified,
    "tutors.credential_refused": credential_refused,
    "tutors.qualification_granted": qualification_granted,
    "tutors.qualification_revoked": qualification_revoked,
}
