"""A CSV of tutors: checked first, committed later, kept with its faults."""

from django.db import models

from tutors.models.people import Tutor
from tutors.rules.states import ImportState, RowState
from workforce.models import Account
from workforce.models.fields import PublicId, state_check, state_field


class TutorImport(PublicId):
    """Nothing about anybody is written before it is committed."""

    prefix = "TI"

    state = state_field(ImportState, default=ImportState.CHECKED)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows_total = models.PositiveIntegerField(default=0)
    rows_ready = models.PositiveIntegerField(default=0)
    rows_error = models.PositiveIntegerField(default=0)
    rows_duplicate = models.PositiveIntegerField(default=0)
    rows_added = models.PositiveIntegerField(default=0)
    checked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    committed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [state_check(ImportState, name="import_state_known")]


class ImportRow(models.Model):
    """One line: its text as it came, its faults by column, what became of it."""

    upload = models.ForeignKey(TutorImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = state_field(RowState, default=RowState.READY)
    cells = models.JSONField()
    errors = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    tutor = models.ForeignKey(Tutor, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            state_check(RowState, name="import_row_state_known"),
            models.UniqueConstraint(fields=["upload", "number"], name="import_row_once"),
        ]
