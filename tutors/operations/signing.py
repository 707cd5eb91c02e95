"""Signatures: the exact text, who signed it, how; one chain over all evidence."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from tutors.models import Paper, SignatureEvidence
from tutors.queries.evidence import covered
from tutors.rules.signing import (
    GENESIS,
    USER_AGENT_CHARS_MAX,
    Signature,
    row_digest,
    same_name,
    text_digest,
)
from workforce.models import Account
from workforce.rules.problems import Conflict, Invalid, NotAllowed

EVIDENCE_LOCK = 0x4C454354
"""Advisory lock that puts signatures in one line until each is committed."""


class CannotSign(Invalid):
    code = "signature_not_valid"


class TextHasChanged(Conflict):
    code = "text_has_changed"


class NotTheSigner(NotAllowed):
    code = "not_the_signer"


def keep_paper(*, title: str, text: str, at: datetime) -> Paper:
    """The exact text, kept once however often it is offered."""
    paper, _new = Paper.objects.get_or_create(
        sha256=text_digest(text), defaults={"title": title, "text": text, "added_at": at}
    )
    return paper


def check_signature(
    *, paper: Paper, signature: Signature, account: Account, offered_at: datetime, at: datetime
) -> None:
    """Refuse a name that is not the signer's, a text she was not shown, a time that cannot be."""
    if not same_name(typed=signature.typed_name, known=account.name):
        raise CannotSign(
            _("Type your name as it stands in your account."),
            errors={"typed_name": [_("This is not the name in your account.")]},
        )
    if not offered_at <= signature.viewed_at <= at:
        raise CannotSign(
            _("The text was seen between the offer and now."),
            errors={"viewed_at": [_("Not between the offer and now.")]},
        )
    if signature.sha256 and signature.sha256 != paper.sha256:
        raise TextHasChanged(_("You were shown another text. Read it again, then sign."))


def add_evidence(
    *,
    subject: str,
    version: int,
    part: str,
    paper: Paper,
    signature: Signature,
    account: Account,
    at: datetime,
) -> SignatureEvidence:
    """Append one row to the chain. It waits for a signature that is being committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EVIDENCE_LOCK])
    newest = SignatureEvidence.objects.order_by("-id").values_list("digest", flat=True).first()
    row = SignatureEvidence(
        subject=subject,
        version=version,
        part=part,
        paper=paper,
        sha256=paper.sha256,
        account=account,
        typed_name=signature.typed_name,
        consent_version=signature.consent_version,
        viewed_at=signature.viewed_at,
        signed_at=at,
        address=signature.address,
        user_agent=signature.user_agent[:USER_AGENT_CHARS_MAX],
        method=signature.method,
        previous=newest or GENESIS,
    )
    row.digest = row_digest(covered(row))
    row.save(force_insert=True)
    return row
