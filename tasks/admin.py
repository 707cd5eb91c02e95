"""Client work in the back office: everything to see, nothing to change."""

from django.contrib import admin

from tasks.models import (
    Batch,
    BatchRowError,
    Claim,
    Client,
    ClientMember,
    DomainHour,
    GuideVersion,
    Media,
    Offer,
    Pool,
    PoolCounter,
    Project,
    ProjectBudget,
    Review,
    Submission,
    Task,
    TimeEntry,
    WebhookDelivery,
    WebhookEndpoint,
)
from workforce.admin import ReadOnly


@admin.register(Client)
class ClientAdmin(ReadOnly):
    list_display = ("public_id", "name", "is_sandbox", "created_at")
    search_fields = ("name",)


@admin.register(Project)
class ProjectAdmin(ReadOnly):
    list_display = ("public_id", "name", "client", "domain", "task_type", "state", "priority")
    list_filter = ("state", "task_type")
    list_select_related = ("client", "domain")
    search_fields = ("name",)


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    list_display = ("public_id", "project", "state", "format", "received", "new", "error")
    list_filter = ("state",)
    list_select_related = ("project",)


@admin.register(Task)
class TaskAdmin(ReadOnly):
    list_display = ("public_id", "external_id", "project", "state", "priority")
    list_select_related = ("project",)
    search_fields = ("=external_id",)


@admin.register(Claim)
class ClaimAdmin(ReadOnly):
    list_display = ("public_id", "task", "tutor", "role", "state", "lease_until", "seconds_worked")
    list_filter = ("state", "role")
    list_select_related = ("task", "tutor")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnly):
    list_display = ("public_id", "client", "url", "state", "failing_since")
    list_select_related = ("client",)
    exclude = ("secret", "secret_before")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly):
    list_display = ("public_id", "endpoint", "kind", "state", "attempts", "last_status")
    list_filter = ("state",)
    list_select_related = ("endpoint",)


admin.site.register(
    [
        BatchRowError,
        ClientMember,
        DomainHour,
        GuideVersion,
        Media,
        Offer,
        Pool,
        PoolCounter,
        ProjectBudget,
        Review,
        Submission,
        TimeEntry,
    ],
    ReadOnly,
)
