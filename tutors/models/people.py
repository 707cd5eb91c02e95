"""The expert: where she lives, what she speaks, whether she is taking work."""

from django.db import models
from django.db.models import F, Q

from tutors.rules.languages import Level
from tutors.rules.profiles import CAPACITY_DEFAULT, CAPACITY_MAX, HEADLINE_MAX
from tutors.rules.states import Presence
from workforce.models import Account, Domain
from workforce.models.fields import PublicId, state_check, state_field


class Tutor(PublicId):
    """`facts_version` rises with every change of a fact that eligibility reads.

    `person` is the lowest key of those who count as one with her (`TutorLink`); none: she alone.
    A claim in progress holds this row, so such a change waits for it (and it for the change).
    """

    prefix = "E"

    account = models.OneToOneField(Account, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=3, default="", blank=True)
    residence_since = models.DateField(null=True)
    headline = models.CharField(max_length=HEADLINE_MAX, default="", blank=True)
    domains = models.ManyToManyField(Domain, related_name="+")
    capacity = models.PositiveSmallIntegerField(default=CAPACITY_DEFAULT)
    presence = state_field(Presence, default=Presence.PAUSED)
    presence_until = models.DateTimeField(null=True)
    presence_reason = models.CharField(max_length=200, default="", blank=True)
    availability = models.JSONField(default=dict)
    facts_version = models.BigIntegerField(default=1)
    person = models.BigIntegerField(null=True)
    added_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            state_check(Presence, name="tutor_presence_known", field="presence"),
            models.CheckConstraint(
                condition=Q(capacity__gte=1) & Q(capacity__lte=CAPACITY_MAX),
                name="tutor_capacity_in_range",
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$") & Q(region__regex=r"^[A-Z0-9]{0,3}$"),
                name="tutor_place_is_a_code",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(person__lte=F("id")),
                name="tutor_person_is_the_lowest",
            ),
        ]
        indexes = [
            models.Index(fields=["country", "id"], name="tutor_by_country"),
            models.Index(
                fields=["person"], condition=Q(person__isnull=False), name="tutor_by_person"
            ),
        ]


class TutorLanguage(models.Model):
    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="languages")
    tag = models.CharField(max_length=16)
    level = state_field(Level, default=Level.B2)

    class Meta:
        constraints = [
            state_check(Level, name="language_level_known", field="level"),
            models.UniqueConstraint(fields=["tutor", "tag"], name="language_once_per_tutor"),
        ]
