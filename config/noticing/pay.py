"""Notices about statements, payouts and batches of payouts."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from config.noticing.telling import Teller, day_of, to_account, to_roles, url
from payments.models import BatchApproval, Payout, PayoutBatch, Statement
from workforce.models import Event
from workforce.operations.noticing import Telling
from workforce.rules.ids import internal_id
from workforce.rules.roles import Role
from workforce.rules.shown import money

STATEMENTS_A_CLOSE_MAX = 20_000


def periods_closed(event: Event) -> Iterator[Telling]:
    """Each statement of the close; a close in several chunks tells each statement once."""
    made = Statement.objects.filter(issued_at=event.at).order_by("pk")
    for statement in made[:STATEMENTS_A_CLOSE_MAX]:
        yield from to_account(
            event,
            statement.account_id,
            key=f"statement:{statement.public_id}",
            title=_("Your statement is ready: %s")
            % money(statement.total_minor, statement.currency),
            body=_("%(id)s will be paid by %(day)s.")
            % {"id": statement.public_id, "day": day_of(statement.due_on.isoformat())},
            url=url("work-statement", statement.public_id),
        )


def bank_message(event: Event) -> Iterator[Telling]:
    """What the bank said of each payout."""
    for fate in ("settled", "failed", "returned"):
        keys = [internal_id(Payout.prefix, name) for name in event.body[fate]]
        for payout in Payout.objects.filter(pk__in=keys).order_by("pk"):
            yield from _payout(event, payout, fate)


def _payout(event: Event, payout: Payout, fate: str) -> Iterator[Telling]:
    amount = money(payout.amount_minor, payout.currency)
    said = {
        "settled": (_("%s was paid to your account"), _("The bank has settled %s.")),
        "failed": (
            _("Your payout of %s did not go through"),
            _("The bank refused %s. Nothing is lost: look at your payout details, then it is sent "
              "again."),
        ),
        "returned": (
            _("Your payout of %s came back"),
            _("The receiving bank returned %s. Nothing is lost: look at your payout details, then "
              "it is sent again."),
        ),
    }  # fmt: skip
    title, text = said[fate]
    to = url("work-earnings") if fate == "settled" else url("work-payout-details")
    yield from to_account(
        event,
        payout.account_id,
        key=f"payout:{payout.public_id}:{fate}",
        title=title % amount,
        body=text % payout.public_id,
        url=to,
        important=fate != "settled",
    )


def _batch(event: Event) -> PayoutBatch | None:
    return PayoutBatch.objects.filter(pk=internal_id(PayoutBatch.prefix, event.subject)).first()


def batch_built(event: Event) -> Iterator[Telling]:
    batch = _batch(event)
    yield from to_roles(
        event,
        Role.FINANCE,
        but={batch.built_by_id if batch else None},
        title=_("%s waits for your approval") % event.subject,
        body=_("%d payouts. Whoever built it cannot approve it.") % event.body["payouts"],
        url=url("ops-payout", event.subject),
        important=True,
    )


def batch_approved(event: Event) -> Iterator[Telling]:
    """The maker learns that all agreed; until then the others of finance are asked."""
    batch = _batch(event)
    if batch is None:
        return
    if event.body["whole"]:
        yield from to_account(
            event,
            batch.built_by_id,
            title=_("%s is approved") % event.subject,
            body=_("All approvals are there. It can be sent to the bank."),
            url=url("ops-payout", event.subject),
            important=True,
        )
        return
    checkers = set(BatchApproval.objects.filter(batch=batch).values_list("checker_id", flat=True))
    yield from to_roles(
        event,
        Role.FINANCE,
        but={batch.built_by_id, *checkers},
        title=_("%s needs a second approval") % event.subject,
        body=_("One checker agreed. Its amount needs one more."),
        url=url("ops-payout", event.subject),
        important=True,
    )


TELLERS: dict[str, Teller] = {
    "payments.periods_closed": periods_closed,
    "payments.bank_message_imported": bank_message,
    "payments.batch_built": batch_built,
    "payments.batch_approved": batch_approved,
}
