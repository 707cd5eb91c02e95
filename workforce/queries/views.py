"""Questions about saved views."""

from django.db.models import Case, Q, QuerySet, When

from workforce.models import Account, SavedView

VIEWS_SHOWN_MAX = 40


def views_of(*, account: Account, page: str) -> QuerySet[SavedView]:
    """One's own views of a page, then those that others share, by name."""
    rows = SavedView.objects.filter(page=page, removed_at__isnull=True).filter(
        Q(account=account) | Q(is_shared=True, account__is_active=True)
    )
    own_first = Case(When(account=account, then=0), default=1)
    return rows.select_related("account").order_by(own_first, "name", "pk")
