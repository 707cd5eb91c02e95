"""Signed papers apart from the contract: NDA, IP, conduct, data."""

from django.db import models
from django.db.models import Q

from tutors.models.papers import Paper
from tutors.models.people import Tutor
from tutors.rules.states import AgreementKind, AgreementState
from workforce.models import Account
from workforce.models.fields import PublicId, state_check, state_field


class Agreement(PublicId):
    """`party` is `lectern` or `client:C-12`; clients live a floor up, so it is a text."""

    prefix = "AG"

    tutor = models.ForeignKey(Tutor, models.CASCADE, related_name="agreements")
    kind = state_field(AgreementKind, default=AgreementKind.NDA)
    party = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    state = state_field(AgreementState, default=AgreementState.OFFERED)
    offered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField()
    viewed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(AgreementKind, name="agreement_kind_known", field="kind"),
            state_check(AgreementState, name="agreement_state_known"),
            models.CheckConstraint(
                condition=Q(party__regex=r"^(lectern|client:C-[1-9][0-9]{0,18})$"),
                name="agreement_party_known",
            ),
            models.CheckConstraint(
                condition=Q(state="signed", signed_at__isnull=False) | ~Q(state="signed"),
                name="agreement_signed_at_when_signed",
            ),
            models.UniqueConstraint(
                fields=["tutor", "kind", "party", "version"],
                condition=~Q(state="withdrawn"),
                name="agreement_once_per_version",
            ),
        ]
