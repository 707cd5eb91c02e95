"""Who signs in, as what, and with which tokens."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from workforce.models.fields import PublicId
from workforce.rules.preferences import Preferences, read
from workforce.rules.roles import Role


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by e-mail, whatever its case. Creation is `operations.admitting`'s."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(PublicId, AbstractBaseUser):
    """Someone who signs in. Powers come from role grants alone; nobody is superuser."""

    prefix = "A"

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    preferences = models.JSONField(default=dict, blank=True, db_default={})
    """Read it through `likes`."""

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(r) for r in self.grants.values_list("role", flat=True))

    @property
    def likes(self) -> Preferences:
        """How the person wants her pages."""
        return read(self.preferences)

    @property
    def is_staff(self) -> bool:
        """May open the read-only back office."""
        return Role.ADMIN in self.roles

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_staff and ".view_" in perm

    def has_perms(self, perms: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(p, obj) for p in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class RoleGrant(models.Model):
    account = models.ForeignKey(Account, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in Role])
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "role"], name="role_granted_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="role_known"
            ),
        ]


class Invitation(models.Model):
    """A link that lets a person set the first password of an account made for her."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="invitations")
    nonce = models.CharField(max_length=64)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)


class ApiToken(PublicId):
    """A bearer secret, kept as its SHA-256: 256 random bits need no slow hash."""

    prefix = "TK"

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scopes = ArrayField(models.CharField(max_length=32))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
