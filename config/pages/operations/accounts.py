"""Accounts: who comes in as what, and closing one with what follows said beforehand."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.queries.outlook import coming
from tasks.queries.leaving import holding_of
from tutors.queries.facts import facts_of
from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.operations.admitting import close_account
from workforce.queries.accounts import access_of, account_of, accounts
from workforce.rules.roles import Role

if TYPE_CHECKING:
    from workforce.models import Account

ADMINISTERING = frozenset({Role.ADMIN})
SEARCH_CHARS_MAX = 80
REASON_CHARS_MAX = 500

ROLES = {
    Role.TUTOR: lazy("Tutor"),
    Role.REVIEWER: lazy("Reviewer"),
    Role.RECRUITER: lazy("Recruiter"),
    Role.MANAGER: lazy("Manager"),
    Role.FINANCE: lazy("Finance"),
    Role.ADMIN: lazy("Administrator"),
    Role.CLIENT: lazy("Client"),
}


class ClosingForm(forms.Form):
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=REASON_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("It is kept in the record. The person does not see it."),
    )


@page(roles=ADMINISTERING)
def account_list(visit: Visit) -> HttpResponseBase:
    """Everybody who ever came in, newest first; `state` is open, closed, or both when empty."""
    q = visit.query.get("q", "").strip()[:SEARCH_CHARS_MAX]
    role = visit.query.get("role", "")
    state = visit.query.get("state", "")
    rows = accounts(
        text=q,
        role=Role(role) if role in set(Role) else None,
        active={"open": True, "closed": False}.get(state),
    )
    if visit.query.get("format") == "csv":
        return _csv(rows)
    shown = listing(visit, rows)
    for row in shown.rows:
        row.role_words = roles_of(row)
    context = {
        "listing": shown,
        "q": q,
        "role": role,
        "state": state,
        "roles": [(each.value, word) for each, word in ROLES.items()],
        "is_narrowed": bool(q or role or state),
    }
    return visit.render("config/operations/accounts.html", context)


def roles_of(account: "Account") -> list[Any]:
    """The words of an account's roles, in the order in which people meet them."""
    held = {grant.role for grant in account.grants.all()}
    return [word for role, word in ROLES.items() if role in held]


def _csv(rows: Any) -> HttpResponseBase:
    header = ("id", "name", "email", "roles", "state", "joined_at")
    lines = (
        (
            row.public_id, row.name, row.email,
            " ".join(sorted(grant.role for grant in row.grants.all())),
            "open" if row.is_active else "closed", row.joined_at.isoformat(),
        )
        for row in rows.order_by("-id").iterator(chunk_size=500)
    )  # fmt: skip
    return csv_file("accounts", header, lines)


@page(roles=ADMINISTERING)
def account(visit: Visit, *, id: str) -> HttpResponseBase:
    held = account_of(account_id=key_of("A", id))
    return visit.render("config/operations/account.html", _about(visit, held))


@page(roles=ADMINISTERING)
def account_close(visit: Visit, *, id: str) -> HttpResponseBase:
    """GET says what will happen; POST, with a reason, does it."""
    held = account_of(account_id=key_of("A", id))
    if not held.is_active:
        return visit.go("ops-account", held.public_id)
    form = ClosingForm(visit.request.POST if visit.posted else None)
    if visit.posted and form.is_valid():
        close_account(
            account=held, reason=form.cleaned_data["reason"], actor=visit.account, at=visit.at
        )
        said = _("The account of %s is closed.") % held.name
        return visit.go("ops-account", held.public_id, say=said)
    context = {**_about(visit, held), "form": form}
    status = 422 if form.errors else 200
    return visit.render("config/operations/account_close.html", context, status=status)


def _about(visit: Visit, held: "Account") -> dict[str, Any]:
    facts = facts_of(account_id=held.pk, at=visit.at)
    return {
        "held": held,
        "role_words": roles_of(held),
        "access": access_of(account=held, at=visit.at),
        "tutor": facts.name if facts else "",
        "contract": facts.contract.name if facts and facts.contract else "",
        "holding": holding_of(account_id=held.pk),
        "coming": coming(account=held),
        "is_own": held.pk == visit.account.pk,
    }
