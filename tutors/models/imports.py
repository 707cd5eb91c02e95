"""A CSV of tutors: checked first, committed later, kept with its faults."""

from django.db import models
from django.db.models import Q

from tutors.models.people import Tutor
from tutors.rules.states import ImportState, RowChoice, RowState
from workforce.models import Account
from workforce.models.fields import PublicId, state_check, state_field


class TutorImport(PublicId):
    """Nothing about anybody is written before it is committed.

    `header` are the file's columns as they came, `matching` what each holds (empty: left out).
    """

    prefix = "TI"

    state = state_field(ImportState, default=ImportState.CHECKED)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=16, default="UTF-8")
    delimiter = models.CharField(max_length=16, default="comma")
    header = models.JSONField(default=list)
    matching = models.JSONField(default=list)
    updates_known = models.BooleanField(default=False)
    asks_namesakes = models.BooleanField(default=False)
    rows_total = models.PositiveIntegerField(default=0)
    rows_ready = models.PositiveIntegerField(default=0)
    rows_update = models.PositiveIntegerField(default=0)
    rows_possible = models.PositiveIntegerField(default=0)
    rows_error = models.PositiveIntegerField(default=0)
    rows_duplicate = models.PositiveIntegerField(default=0)
    rows_skipped = models.PositiveIntegerField(default=0)
    rows_added = models.PositiveIntegerField(default=0)
    rows_updated = models.PositiveIntegerField(default=0)
    rows_undone = models.PositiveIntegerField(default=0)
    rows_kept = models.PositiveIntegerField(default=0)
    checked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    committed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [state_check(ImportState, name="import_state_known")]


class ImportRow(models.Model):
    """One line: its text as it came, its faults by column, what became of it.

    `edits` are cells put right by hand, `cells` the facts under the matching with the edits,
    `twin` the tutor whom it updates or may double, `before` what an update replaced.
    """

    upload = models.ForeignKey(TutorImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = state_field(RowState, default=RowState.READY)
    choice = state_field(RowChoice, default=RowChoice.NONE, blank=True)
    raw = models.JSONField(default=list)
    edits = models.JSONField(default=dict)
    cells = models.JSONField()
    address = models.CharField(max_length=254, default="", blank=True)
    errors = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    tutor = models.ForeignKey(Tutor, models.SET_NULL, null=True, related_name="+")
    twin = models.ForeignKey(Tutor, models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(null=True)

    class Meta:
        constraints = [
            state_check(RowState, name="import_row_state_known"),
            state_check(RowChoice, name="import_row_choice_known", field="choice"),
            models.UniqueConstraint(fields=["upload", "number"], name="import_row_once"),
        ]
        indexes = [
            models.Index(fields=["upload", "state", "number"], name="import_row_by_state"),
            models.Index(
                fields=["upload", "address"],
                condition=~Q(address=""),
                name="import_row_by_address",
            ),
        ]
