"""Judgements of submissions."""

from django.db import models
from django.db.models import F, Q

from tasks.models.claims import Claim, Submission
from tasks.rules.reviewing import CATEGORY_CHARS_MAX
from tasks.rules.states import ReviewDecision
from workforce.models.fields import PublicId, database_now, state_check, state_field


class Review(PublicId):
    """One decision about one submission, by somebody who did not write it."""

    prefix = "R"

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="review")
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="review")
    author = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+", db_index=False)
    reviewer = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+", db_index=False)
    decision = state_field(ReviewDecision, default=ReviewDecision.ACCEPT)
    category = models.CharField(max_length=CATEGORY_CHARS_MAX, default="", blank=True)
    note = models.TextField(default="", blank=True)
    scores = models.JSONField(default=dict)
    seconds_worked = models.PositiveIntegerField()
    decided_at = models.DateTimeField(db_default=database_now())

    class Meta:
        constraints = [
            state_check(ReviewDecision, name="review_decision_known", field="decision"),
            models.CheckConstraint(
                condition=~Q(author=F("reviewer")), name="review_not_by_the_author"
            ),
            models.CheckConstraint(
                condition=~Q(decision="reject") | ~Q(category=""),
                name="review_reject_has_a_category",
            ),
            models.CheckConstraint(
                condition=~Q(decision="request_revision") | ~Q(note=""),
                name="review_revision_has_a_note",
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "-id"], name="review_by_reviewer")]


class ReviewRecord(models.Model):
    """How many of an author's answers, of one kind of task in one field, one reviewer judged.

    Without a reviewer: how many were compared with known answers (`GoldCheck`), which then count in
    place of their reviews. Kept with each decision; `check_invariants` counts all of it again.
    """

    author = models.ForeignKey("tutors.Tutor", models.CASCADE, related_name="+", db_index=False)
    domain = models.ForeignKey("workforce.Domain", models.PROTECT, related_name="+", db_index=False)
    task_type = models.CharField(max_length=32)
    reviewer = models.ForeignKey(
        "tutors.Tutor", models.CASCADE, null=True, related_name="+", db_index=False
    )
    judged = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "domain", "task_type", "reviewer"],
                name="record_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(accepted__lte=F("judged")), name="record_accepts_what_was_judged"
            ),
            models.CheckConstraint(
                condition=~Q(author=F("reviewer")), name="record_not_by_the_author"
            ),
        ]
