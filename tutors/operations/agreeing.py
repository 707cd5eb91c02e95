"""Papers apart from the contract: offered by a recruiter, signed by the tutor alone."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tutors.events import AgreementOffered, AgreementSigned, AgreementWithdrawn
from tutors.models import Agreement, Tutor
from tutors.operations.facts import raise_version
from tutors.operations.signing import NotTheSigner, add_evidence, check_signature, keep_paper
from tutors.rules.signing import Signature
from tutors.rules.states import AgreementKind, AgreementState
from workforce.models import Account, Terms
from workforce.operations.recording import record
from workforce.rules.problems import Conflict, Invalid

_PARTY = re.compile(r"lectern|client:C-[1-9][0-9]{0,18}", re.ASCII)


class CannotOfferAgreement(Invalid):
    code = "agreement_not_valid"


class AgreementExists(Conflict):
    code = "agreement_exists"


class CannotWithdraw(Conflict):
    code = "agreement_not_withdrawable"


class CannotSignAgreement(Conflict):
    code = "agreement_not_on_offer"


@transaction.atomic
def offer_agreement(
    *,
    tutor: Tutor,
    kind: AgreementKind,
    party: str,
    actor: Account | None,
    at: datetime,
    version: int | None = None,
) -> Agreement:
    """Offer a published text with `lectern` or `client:C-12`; without a version, the newest.

    An NDA is with a client. Raises `CannotOfferAgreement`, or `AgreementExists` when the same
    version is offered or signed already.
    """
    terms = Terms.objects.filter(kind=kind.value)
    if version is not None:
        terms = terms.filter(version=version)
    text = terms.order_by("-version").first()
    errors = _faults(kind=kind, party=party, published=text is not None)
    if text is None or errors:
        raise CannotOfferAgreement(
            _("Look at the marked fields; nothing was offered."), errors=errors
        )
    paper = keep_paper(title=text.title, text=_worded(text.text, kind=kind, party=party), at=at)
    agreement = Agreement(
        tutor=tutor,
        kind=kind,
        party=party,
        version=text.version,
        paper=paper,
        offered_by=actor,
        offered_at=at,
    )
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError:
        raise AgreementExists(
            _("Version %d is offered or signed already.") % text.version
        ) from None
    event = AgreementOffered(
        subject=agreement.public_id,
        tutor=tutor.public_id,
        party=party,
        version=agreement.version,
    )
    record(event=event, actor=actor, at=at)
    return agreement


@transaction.atomic
def sign_agreement(
    *, agreement: Agreement, signature: Signature, account: Account, at: datetime
) -> Agreement:
    """Sign as the tutor herself (`NotTheSigner` for anybody else), once (`CannotSignAgreement`)."""
    if agreement.tutor.account_id != account.pk:
        raise NotTheSigner(_("Only the tutor herself can sign this paper."))
    check_signature(
        paper=agreement.paper,
        signature=signature,
        account=account,
        offered_at=agreement.offered_at,
        at=at,
    )
    raise_version(tutor_id=agreement.tutor_id)
    signed = Agreement.objects.filter(pk=agreement.pk, state=AgreementState.OFFERED).update(
        state=AgreementState.SIGNED, viewed_at=signature.viewed_at, signed_at=at
    )
    if not signed:
        raise CannotSignAgreement(_("This paper is not on offer any more."))
    add_evidence(
        subject=agreement.public_id,
        version=agreement.version,
        part="tutor",
        paper=agreement.paper,
        signature=signature,
        account=account,
        at=at,
    )
    agreement.refresh_from_db()
    event = AgreementSigned(
        subject=agreement.public_id,
        tutor=agreement.tutor.public_id,
        party=agreement.party,
        version=agreement.version,
    )
    record(event=event, actor=account, at=at)
    return agreement


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, actor: Account, at: datetime) -> Agreement:
    """Take back a paper that nobody signed yet; `CannotWithdraw` once it is signed or gone."""
    taken = Agreement.objects.filter(pk=agreement.pk, state=AgreementState.OFFERED).update(
        state=AgreementState.WITHDRAWN
    )
    if not taken:
        raise CannotWithdraw(_("This paper was signed or withdrawn already."))
    agreement.refresh_from_db()
    event = AgreementWithdrawn(
        subject=agreement.public_id,
        tutor=agreement.tutor.public_id,
        party=agreement.party,
        version=agreement.version,
    )
    record(event=event, actor=actor, at=at)
    return agreement


def _faults(*, kind: AgreementKind, party: str, published: bool) -> dict[str, list[str]]:
    if not _PARTY.fullmatch(party):
        return {"party": [_("“lectern” or “client:C-12”.")]}
    if kind is AgreementKind.NDA and party == "lectern":
        return {"party": [_("An NDA is with a client.")]}
    if not published:
        return {"version": [_("No such text is published.")]}
    return {}


def _worded(text: str, *, kind: AgreementKind, party: str) -> str:
    """The published text with its party named, so each client's paper is a text of its own."""
    return f"{text.rstrip()}\n\nParty: {party}. Paper: {kind.value}.\n"
