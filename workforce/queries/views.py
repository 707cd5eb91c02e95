"""Questions about saved views."""

from django.db.models import Case, Q, QuerySet, When

from workforce.models import Account, SavedView
from workforce.rules.problems import NotFound
from workforce.rules.views import may_share

VIEWS_SHOWN_MAX = 40


def views_of(*, account: Account, page: str) -> QuerySet[SavedView]:
    """One's own views of a page, then those that others share, by name."""
    theirs = Q(account=account)
    if may_share(page):
        theirs |= Q(is_shared=True, account__is_active=True)
    rows = SavedView.objects.filter(theirs, page=page, removed_at__isnull=True)
    own_first = Case(When(account=account, then=0), default=1)
    return rows.select_related("account").order_by(own_first, "name", "pk")


def view_of(*, account: Account, view_id: int) -> SavedView:
    """One of one's own views, removed ones included; `NotFound` for anybody else's."""
    view = SavedView.objects.filter(account=account, pk=view_id).first()
    if view is None:
        raise NotFound
    return view
