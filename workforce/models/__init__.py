from workforce.models.accounts import Account, ApiToken, Invitation, RoleGrant
from workforce.models.desk import Notice, SavedView
from workforce.models.events import Event, Outbox, Seal
from workforce.models.jobs import IdempotencyKey, Job, Tick, WorkerHeartbeat
from workforce.models.terms import Domain, PayTier, RateMultiplier, Terms

__all__ = [
    "Account",
    "ApiToken",
    "Domain",
    "Event",
    "IdempotencyKey",
    "Invitation",
    "Job",
    "Notice",
    "Outbox",
    "PayTier",
    "RateMultiplier",
    "RoleGrant",
    "SavedView",
    "Seal",
    "Terms",
    "Tick",
    "WorkerHeartbeat",
]
