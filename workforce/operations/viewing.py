"""Views of lists that people keep: saved, shared, taken away and brought back."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workforce.models import Account, SavedView
from workforce.rules.problems import Conflict, Invalid, NotFound
from workforce.rules.views import may_share

VIEWS_MAX = 30
"""Views that one account may keep of one page."""
NAME_CHARS_MAX = 60
QUERY_CHARS_MAX = 2_000
PASSING = frozenset({"cursor", "format", "page_size", "next"})
"""Parameters that say where one stands in a list, not what it shows."""


class CannotSaveView(Invalid):
    code = "view_not_valid"


class ViewNamed(Conflict):
    code = "view_name_taken"


def filters_of(query: str) -> str:
    """The part of a query string that says what a list shows."""
    return urlencode(
        [(k, v) for k, v in parse_qsl(query.lstrip("?")) if k not in PASSING and v != ""]
    )


@transaction.atomic
def save_view(
    *, account: Account, page: str, name: str, query: str, shared: bool, at: datetime
) -> SavedView:
    """Keep the filters in `query` under a name; the same name again replaces the view."""
    name, filters = " ".join(name.split()), filters_of(query)
    shared = shared and may_share(page)
    if not name or len(name) > NAME_CHARS_MAX:
        raise CannotSaveView(
            _("The view needs a name."),
            errors={"name": [_("Between 1 and %d characters.") % NAME_CHARS_MAX]},
        )
    if len(filters) > QUERY_CHARS_MAX:
        raise CannotSaveView(_("These filters are too long to keep."))
    mine = SavedView.objects.filter(account=account, page=page, removed_at__isnull=True)
    known = mine.filter(name__iexact=name).first()
    if known is not None:
        known.query, known.is_shared, known.name = filters, shared, name
        known.save(update_fields=["query", "is_shared", "name"])
        return known
    if mine.count() >= VIEWS_MAX:
        raise CannotSaveView(
            _("You keep %d views of this page already. Remove one first.") % VIEWS_MAX
        )
    return SavedView.objects.create(
        account=account, page=page, name=name, query=filters, is_shared=shared, made_at=at
    )


@transaction.atomic
def share_view(*, account: Account, view_id: int, shared: bool) -> SavedView:
    view = _own(account, view_id)
    view.is_shared = shared and may_share(view.page)
    view.save(update_fields=["is_shared"])
    return view


@transaction.atomic
def remove_view(*, account: Account, view_id: int, at: datetime) -> SavedView:
    """Take one's own view away; `restore_view` brings it back."""
    view = _own(account, view_id)
    if view.removed_at is None:
        view.removed_at = at
        view.save(update_fields=["removed_at"])
    return view


@transaction.atomic
def restore_view(*, account: Account, view_id: int) -> SavedView:
    """Bring a removed view back; `ViewNamed` when another has its name by now."""
    view = _own(account, view_id)
    view.removed_at = None
    try:
        with transaction.atomic():
            view.save(update_fields=["removed_at"])
    except IntegrityError:
        raise ViewNamed(_("You keep another view named “%s” by now.") % view.name) from None
    return view


def _own(account: Account, view_id: int) -> SavedView:
    view = SavedView.objects.select_for_update().filter(account=account, pk=view_id).first()
    if view is None:
        raise NotFound
    return view
