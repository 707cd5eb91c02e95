"""Saved views: which lists have views that people share."""

OWN_ONLY = "work-"


def may_share(page: str) -> bool:
    """Views of the pages of Work are one's own: tutors do not learn each other's names."""
    return not page.startswith(OWN_ONLY)
