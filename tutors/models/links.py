"""Tutors who count as one where different people are wanted."""

from django.db import models
from django.db.models import F, Q

from tutors.models.people import Tutor
from tutors.rules.states import LinkKind
from workforce.models import Account
from workforce.models.fields import PublicId, state_check, state_field


class TutorLink(PublicId):
    """Two tutors are one person, or of one household. Kept in one direction, meant in both.

    `Tutor.person` says who counts as one, over any number of links.
    """

    prefix = "LK"

    low = models.ForeignKey(Tutor, models.PROTECT, related_name="+", db_index=False)
    high = models.ForeignKey(Tutor, models.PROTECT, related_name="+")
    kind = state_field(LinkKind, default=LinkKind.ONE_PERSON)
    reason = models.CharField(max_length=500)
    noted_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(LinkKind, name="link_kind_known", field="kind"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="link_of_two_in_order"),
            models.UniqueConstraint(
                fields=["low", "high"],
                condition=Q(ended_at__isnull=True),
                name="link_once_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="link_ended_by_somebody",
            ),
        ]
