"""Accounts that count as one: linked on a profile, with what shows it, and taken apart."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tutors.operations.linking import AlreadyLinked, CannotLink, link, unlink
from tutors.pages.recruiting.acting import ACTING, Act, show
from tutors.queries import linked, people
from tutors.rules.states import LinkKind
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page, put_errors

KINDS: dict[str, Any] = {
    LinkKind.ONE_PERSON.value: lazy("One person"),
    LinkKind.HOUSEHOLD.value: lazy("One household"),
}
EXPLAINED: dict[str, Any] = {
    LinkKind.ONE_PERSON.value: lazy("One person with two accounts"),
    LinkKind.HOUSEHOLD.value: lazy("Two people of one household, or at one desk"),
}


class LinkForm(forms.Form):
    other = forms.CharField(
        label=lazy("The other tutor"), max_length=254,
        help_text=lazy("The e-mail address, or the number such as E-7."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=lazy("What are they?"), widget=forms.RadioSelect, choices=list(EXPLAINED.items()),
        initial=LinkKind.ONE_PERSON.value,
    )  # fmt: skip
    reason = forms.CharField(
        label=lazy("What shows it?"), max_length=500,
        help_text=lazy("One bank account, one address, one machine. Recruiters read this."),
    )  # fmt: skip


@page(roles=ACTING)
def add(visit: Visit, *, id: str) -> HttpResponse:
    tutor = people.tutor_by_id(account=visit.account, tutor_id=key_of("E", id))
    form = LinkForm(visit.request.POST or None)
    if visit.posted and form.is_valid():
        made = _linked(visit, form, tutor)
        if made is not None:
            undo = reverse("recruiting-link-end", args=[made.public_id]) + f"?tutor={id}"
            told = _("Linked. Where different people are wanted, they count as one.")
            return visit.go("recruiting-tutor", tutor.public_id, say=told, undo=undo)
    act = Act(
        title=_("Link account"),
        lead=tutor.account.name,
        note=_(
            "They never get two answers of one task, nor review or decide each other's work. "
            "What they hold already stays with them."
        ),
        button=_("Link account"),
        back=tutor.public_id,
        more={"tutor": tutor},
    )
    return show(visit, form, act)


def _linked(visit: Visit, form: LinkForm, tutor: Any) -> Any:
    said = form.cleaned_data
    other = linked.tutor_named(account=visit.account, text=said["other"].strip())
    if other is None:
        form.add_error("other", _("There is no tutor of this address or number."))
        return None
    try:
        return link(
            tutor=tutor,
            other=other,
            kind=LinkKind(said["kind"]),
            reason=said["reason"],
            actor=visit.account,
            at=visit.at,
        )
    except AlreadyLinked as refusal:
        form.add_error("other", refusal.detail)
    except CannotLink as refusal:
        put_errors(form, refusal)
    return None


@page(roles=ACTING)
def end(visit: Visit, *, id: str) -> HttpResponse:
    """Take two apart; `?tutor=` says on whose profile this was done."""
    row = linked.link_by_id(account=visit.account, link_id=key_of("LK", id))
    if visit.posted:
        unlink(link=row, actor=visit.account, at=visit.at)
        visit.say(_("The link is ended."))
    back = visit.query.get("tutor")
    pair = (row.low.public_id, row.high.public_id)
    return visit.go("recruiting-tutor", back if back in pair else pair[0])


def shown(tutor: Any, rows: Any) -> list[dict[str, Any]]:
    """Links as lines: between whom, what shows it, since when."""
    return [
        {
            "row": row,
            "kind": KINDS[row.kind],
            "others": [each for each in (row.low, row.high) if each.pk != tutor.pk],
        }
        for row in rows
    ]
