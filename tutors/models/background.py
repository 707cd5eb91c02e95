"""What else is known of a person: right to work, ties, consent, identity, years in a field.

Nothing is deleted: what ends or was written by mistake keeps its row, with who and when.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tutors.models.people import Tutor
from tutors.rules.experience import YEARS_MAX
from tutors.rules.parties import TAGS_MAX, WORD_MAX
from tutors.rules.states import IdentityMethod, SensitiveContent, Verified
from workforce.models import Account
from workforce.models.fields import PublicId, state_check, state_field

WORD = r"^[a-z0-9]+([-_.][a-z0-9]+)*$"
TEXT_MAX = 200
SOURCE_MAX = 500


def _both_or_neither(first: str, second: str, *, name: str) -> models.CheckConstraint:
    nothing = {f"{first}__isnull": True, f"{second}__isnull": True}
    both = {f"{first}__isnull": False, f"{second}__isnull": False}
    return models.CheckConstraint(condition=Q(**nothing) | Q(**both), name=name)


def _checked_when_verified(*, name: str) -> models.CheckConstraint:
    """Who says more than the tutor herself has looked, and at something."""
    unchecked = Q(verified="self", checked_by__isnull=True, checked_at__isnull=True)
    checked = Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(source="")
    return models.CheckConstraint(condition=unchecked | (~Q(verified="self") & checked), name=name)


class WorkAuthorisation(PublicId):
    """The right to work in a place; `valid_until` is its last day, none: it lasts."""

    prefix = "WA"

    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="authorisations")
    place = models.CharField(max_length=6)
    basis = models.CharField(max_length=TEXT_MAX)
    valid_until = models.DateField(null=True)
    verified = state_field(Verified, default=Verified.SELF)
    source = models.CharField(max_length=SOURCE_MAX, default="", blank=True)
    checked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(Verified, name="authorisation_verified_known", field="verified"),
            models.CheckConstraint(
                condition=Q(place__regex=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
                name="authorisation_place_is_a_code",
            ),
            models.UniqueConstraint(
                fields=["tutor", "place"],
                condition=Q(ended_at__isnull=True),
                name="authorisation_once_per_place",
            ),
            _checked_when_verified(name="authorisation_checked_when_verified"),
            _both_or_neither("ended_by", "ended_at", name="authorisation_ended_by_somebody"),
        ]


class Organisation(PublicId):
    """Whom people work for elsewhere. `client` (`C-12`) where it is one of our clients too;
    clients live a floor up, so it is a text. `tags` are the kinds of organisation it is.
    """

    prefix = "OG"

    word = models.CharField(max_length=WORD_MAX, unique=True)
    name = models.CharField(max_length=TEXT_MAX)
    client = models.CharField(max_length=24, default="", blank=True)
    tags = ArrayField(models.CharField(max_length=WORD_MAX), default=list, size=TAGS_MAX)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(word__regex=WORD), name="organisation_word_shape"),
            models.CheckConstraint(
                condition=Q(client="") | Q(client__regex=r"^C-[1-9][0-9]{0,18}$"),
                name="organisation_client_shape",
            ),
            models.UniqueConstraint(
                fields=["client"], condition=~Q(client=""), name="organisation_once_per_client"
            ),
        ]


class Tie(PublicId):
    """A tie to an organisation, or to an unnamed one of a kind (`tag`). No `until`: it lasts.

    A tutor may declare one; only a recruiter ends it, or withdraws what was noted by mistake.
    """

    prefix = "TY"

    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="ties")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="ties", db_index=False
    )
    tag = models.CharField(max_length=WORD_MAX, default="", blank=True)
    relation = models.CharField(max_length=TEXT_MAX)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    declared_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, tag="")
                | Q(organisation__isnull=True, tag__regex=WORD),
                name="tie_to_one_party",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="tie_ends_after_it_begins",
            ),
            _both_or_neither("withdrawn_by", "withdrawn_at", name="tie_withdrawn_by_somebody"),
        ]
        indexes = [models.Index(fields=["organisation", "tutor"], name="tie_by_organisation")]


class ContentOptIn(models.Model):
    """She agreed to see such content, until she takes it back. Nobody else can do either."""

    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="opt_ins")
    content = state_field(SensitiveContent, default=SensitiveContent.VIOLENCE)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(SensitiveContent, name="opt_in_content_known", field="content"),
            models.UniqueConstraint(
                fields=["tutor", "content"],
                condition=Q(withdrawn_at__isnull=True),
                name="opt_in_once_per_content",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="opt_in_withdrawn_after_it_was_given",
            ),
        ]


class IdentityCheck(PublicId):
    """Somebody saw that she is who she says. Of the document nothing is kept but where it was
    looked at. `withdrawn_at`: written down by mistake.
    """

    prefix = "IC"

    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="identity_checks")
    method = state_field(IdentityMethod, default=IdentityMethod.VIDEO_CALL)
    source = models.CharField(max_length=SOURCE_MAX)
    checked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(IdentityMethod, name="identity_method_known", field="method"),
            models.CheckConstraint(condition=~Q(source=""), name="identity_source_is_named"),
            _both_or_neither("withdrawn_by", "withdrawn_at", name="identity_withdrawn_by_somebody"),
        ]


class Experience(PublicId):
    """Work in a field: a post with its dates (no end: still there), or years without dates."""

    prefix = "XP"

    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="experience")
    field = models.CharField(max_length=120)
    role = models.CharField(max_length=TEXT_MAX)
    years = models.PositiveSmallIntegerField(null=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    verified = state_field(Verified, default=Verified.SELF)
    source = models.CharField(max_length=SOURCE_MAX, default="", blank=True)
    checked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(Verified, name="experience_verified_known", field="verified"),
            models.CheckConstraint(
                condition=Q(years__isnull=False, from_on__isnull=True, until_on__isnull=True)
                | Q(years__isnull=True, from_on__isnull=False),
                name="experience_has_years_or_dates",
            ),
            models.CheckConstraint(
                condition=Q(years__isnull=True) | (Q(years__gte=1) & Q(years__lte=YEARS_MAX)),
                name="experience_years_in_range",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="experience_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(field__regex=WORD), name="experience_field_shape"),
            _checked_when_verified(name="experience_checked_when_verified"),
            _both_or_neither(
                "withdrawn_by", "withdrawn_at", name="experience_withdrawn_by_somebody"
            ),
        ]
