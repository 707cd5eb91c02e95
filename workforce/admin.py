"""The back office: everything to see, nothing to change."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from workforce.models import (
    Account,
    ApiToken,
    Domain,
    Event,
    Job,
    PayTier,
    RateMultiplier,
    Terms,
    WorkerHeartbeat,
)

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class ReadOnly(_ModelAdmin):
    """Base of every back-office page: looking is free, changing happens through operations."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Account)
class AccountAdmin(ReadOnly):
    list_display = ("public_id", "email", "name", "is_active", "joined_at")
    search_fields = ("email", "name")
    exclude = ("password",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    list_display = ("public_id", "account", "name", "expires_at", "revoked_at")
    exclude = ("secret_hash",)


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("public_id", "kind", "subject", "actor", "at")
    list_filter = ("kind",)
    search_fields = ("subject",)


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("public_id", "kind", "queue", "state", "attempts", "run_at", "last_error")
    list_filter = ("state", "queue")


admin.site.register([Domain, PayTier, RateMultiplier, Terms, WorkerHeartbeat], ReadOnly)
