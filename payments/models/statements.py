"""Closed periods on paper: frozen, so that the same bytes come out whenever they are asked for."""

from django.db import models
from django.db.models import Q

from payments.models.earnings import Earning, Period
from workforce.models.fields import PublicId


class Statement(PublicId):
    """What one contract earned in one closed period, in one currency. Never changes (trigger)."""

    prefix = "ST"

    period = models.ForeignKey(Period, models.PROTECT, related_name="statements", db_index=False)
    contract = models.ForeignKey("tutors.Contract", models.PROTECT, related_name="+")
    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        "workforce.Account", models.PROTECT, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    seconds = models.BigIntegerField()
    lines_count = models.PositiveIntegerField()
    payee_name = models.CharField(max_length=200)
    payer_name = models.CharField(max_length=200)
    due_on = models.DateField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "currency"], name="statement_once"),
            models.CheckConstraint(condition=Q(lines_count__gt=0), name="statement_has_lines"),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="statement_by_account"),
            models.Index(fields=["tutor", "currency"], name="statement_by_tutor"),
        ]


class StatementLine(models.Model):
    """One earning's place in a statement: each earning is stated once, `late` ones say so."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    earning = models.OneToOneField(Earning, models.PROTECT, related_name="statement_line")
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "position"], name="statement_line_position_once"
            )
        ]
