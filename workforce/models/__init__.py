from workforce.models.accounts import Account, ApiToken, Invitation, RoleGrant
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
    "Outbox",
    "PayTier",
    "RateMultiplier",
    "RoleGrant",
    "Seal",
    "Terms",
    "Tick",
    "WorkerHeartbeat",
]
