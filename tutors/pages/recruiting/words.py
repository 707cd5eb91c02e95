"""The words and signs of the recruiters' pages: steps, states, kinds of proof."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tutors.rules.next_steps import Step
from tutors.rules.states import CredentialStatus, CredentialType, Verified


@dataclass(frozen=True)
class StepWords:
    """How a step is told: its name, the sentence on a profile, the button, its pill and icon."""

    name: Any
    told: Any
    button: Any
    icon: str
    tone: str = ""


STEPS: dict[Step, StepWords] = {
    Step.COUNTERSIGN: StepWords(
        _("Countersign"), _("The tutor signed. The contract counts once you sign too."),
        _("Countersign"), "writing-sign", "accent",
    ),
    Step.INVITE_AGAIN: StepWords(
        _("Invite"), _("No invitation was sent, or nobody took it up. Send a link."),
        _("Send the link"), "mail-forward", "warn",
    ),
    Step.VERIFY_CREDENTIAL: StepWords(
        _("Verify credential"), _("A credential waits for somebody to check it at its source."),
        _("Verify"), "certificate", "accent",
    ),
    Step.ASK_CREDENTIAL: StepWords(
        _("Ask for credential"), _("No credential counts yet. Ask for one and note it here."),
        _("Add credential"), "certificate", "warn",
    ),
    Step.GRANT_QUALIFICATION: StepWords(
        _("Grant qualification"), _("Proof is there. Grant the field and the level it supports."),
        _("Grant"), "rosette-discount-check", "accent",
    ),
    Step.OFFER_CONTRACT: StepWords(
        _("Offer contract"), _("Qualified, and without a contract. Offer one."),
        _("Offer contract"), "signature", "accent",
    ),
    Step.OFFER_AGREEMENT: StepWords(
        _("Offer agreement"), _("No agreement was offered yet. Client work asks for an NDA."),
        _("Offer agreement"), "file-text", "accent",
    ),
    Step.RENEW_CREDENTIAL: StepWords(
        _("Credential expires"), _("A checked credential runs out soon. Ask for the new one."),
        _("Renew"), "calendar-due", "warn",
    ),
    Step.RENEW_QUALIFICATION: StepWords(
        _("Qualification expires"), _("A qualification runs out soon. Grant it anew or let it go."),
        _("Renew"), "calendar-due", "warn",
    ),
    Step.ACCEPT_INVITATION: StepWords(
        _("Accept invitation"), _("The invitation is out. Waiting for the tutor to accept it."),
        "", "mail-forward",
    ),
    Step.SIGN_CONTRACT: StepWords(
        _("Sign contract"), _("The contract is out. Waiting for the tutor's signature."),
        "", "hourglass",
    ),
    Step.SIGN_AGREEMENT: StepWords(
        _("Sign agreement"), _("An agreement is out. Waiting for the tutor's signature."),
        "", "hourglass",
    ),
    Step.NONE: StepWords(
        _("Nothing open"), _("Nothing is open. This tutor can be offered work."),
        "", "circle-check", "ok",
    ),
}  # fmt: skip

TYPES: dict[str, Any] = {
    CredentialType.LICENCE.value: _("Licence"),
    CredentialType.DEGREE.value: _("Degree"),
    CredentialType.TRAINING_POST.value: _("Training post"),
    CredentialType.AWARD.value: _("Award"),
    CredentialType.PUBLICATION.value: _("Publications"),
    CredentialType.PORTFOLIO.value: _("Portfolio"),
    CredentialType.CERTIFICATION.value: _("Certification"),
}
STATUSES: dict[str, Any] = {
    CredentialStatus.ACTIVE.value: _("Active"),
    CredentialStatus.AWARDED.value: _("Awarded"),
    CredentialStatus.IN_PROGRESS.value: _("In progress"),
    CredentialStatus.LAPSED.value: _("Lapsed"),
    CredentialStatus.SUSPENDED.value: _("Suspended"),
    CredentialStatus.REVOKED.value: _("Revoked"),
    CredentialStatus.REFUSED.value: _("Refused"),
}
CHECKS: dict[str, Any] = {
    Verified.SELF.value: _("Not checked"),
    Verified.DOCUMENT.value: _("Document seen"),
    Verified.TWO_PEOPLE.value: _("Two people"),
    Verified.PRIMARY_SOURCE.value: _("Primary source"),
}
LEVELS: dict[int, Any] = {
    1: _("Qualified"),
    2: _("Experienced"),
    3: _("Senior"),
    4: _("Principal"),
}
AGREEMENTS: dict[str, Any] = {
    "nda": _("Confidentiality (NDA)"),
    "ip": _("Rights in the work"),
    "conduct": _("Conduct"),
    "data": _("Data"),
}
OFFERS: dict[str, Any] = {
    "offered": _("Sent"),
    "viewed": _("Viewed"),
    "signed": _("Waits for us"),
    "active": _("In force"),
    "notice": _("Notice"),
    "ended": _("Ended"),
}


def credential_name(credential: Any) -> str:
    """What a proof is called in a line: its kind and what tells it apart."""
    parts = [credential.name, credential.profession, credential.rank]
    told = " ".join(part for part in parts if part)
    kind = str(TYPES[credential.type])
    return f"{kind}, {told}" if told else kind


def credential_pill(credential: Any) -> tuple[str, Any, str]:
    """Tone, word and icon of where a proof stands."""
    if credential.status == CredentialStatus.REFUSED:
        return "bad", _("Refused"), "circle-x"
    if credential.verified == Verified.SELF:
        return "warn", _("Not checked"), "hourglass"
    if credential.status in ("lapsed", "suspended", "revoked"):
        return "bad", STATUSES[credential.status], "alert-circle"
    return "ok", _("Verified"), "circle-check"
