"""Known answers: what answers to them proved, and how they are mixed into other work."""

from django.db import models
from django.db.models import Q

from tasks.models.claims import Submission
from tasks.models.projects import Project
from tasks.models.work import Slot
from tasks.rules.gold import GOLD_OPEN_MAX, WHOLE
from workforce.models.fields import database_now


class GoldCheck(models.Model):
    """One answer beside the known one. `agreement` is null where there is nothing to compare.

    `good`: it agrees to `pass_percent`, the project's of then. `counts`: it stands in its author's
    record, in place of a review; not so when the known answer was withdrawn.
    """

    submission = models.OneToOneField(
        Submission, models.CASCADE, primary_key=True, related_name="gold_check"
    )
    agreement = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    pass_percent = models.PositiveSmallIntegerField()
    good = models.BooleanField()
    counts = models.BooleanField()
    compared_at = models.DateTimeField(db_default=database_now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreement__isnull=True) | Q(agreement__gte=0, agreement__lte=1),
                name="gold_agreement_in_range",
            ),
            models.CheckConstraint(
                condition=Q(counts=False, good=False) | Q(agreement__isnull=False),
                name="gold_counts_what_was_compared",
            ),
        ]


class GoldMark(models.Model):
    """Up to which answer (by id) was looked for known ones; a single row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    submission_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="gold_mark_is_one")]


class GoldMix(models.Model):
    """What a project's share of known answers is owed; see `tasks.rules.gold`.

    `seen_claim_id`: claims up to this one are in `credit`.
    """

    project = models.OneToOneField(
        Project, models.CASCADE, primary_key=True, related_name="gold_mix"
    )
    seen_claim_id = models.BigIntegerField()
    credit = models.IntegerField(default=0)
    looked_at = models.DateTimeField(db_default=database_now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credit__gte=-WHOLE * GOLD_OPEN_MAX, credit__lte=WHOLE * GOLD_OPEN_MAX),
                name="gold_credit_in_range",
            )
        ]


class GoldWaiting(models.Model):
    """A slot of a task with a known answer that was put before other work and waits there."""

    slot = models.OneToOneField(Slot, models.CASCADE, primary_key=True, related_name="+")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
