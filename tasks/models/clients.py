"""Who pays for work, and who speaks for them."""

from django.db import models
from django.db.models.functions import Lower

from tasks.rules.limits import NAME_CHARS_MAX
from workforce.models.fields import PublicId


class Client(PublicId):
    """An organisation that hands work in."""

    prefix = "C"

    name = models.CharField(max_length=NAME_CHARS_MAX)
    is_sandbox = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="client_name_once")]


class ClientMember(models.Model):
    """An account that acts for a client and sees what is the client's."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="members")
    account = models.ForeignKey("workforce.Account", models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "client"], name="client_member_once")
        ]
