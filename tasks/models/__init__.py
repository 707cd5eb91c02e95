from tasks.models.alerts import QueueAlert
from tasks.models.batches import Batch, BatchRowError
from tasks.models.claims import Claim, ClaimVerdicts, Draft, Submission
from tasks.models.clients import Client, ClientMember
from tasks.models.counters import (
    CounterChange,
    DomainHour,
    PoolCounter,
    PoolDay,
    PoolOutlook,
    PoolWatch,
    ProjectDay,
)
from tasks.models.gold import GoldCheck, GoldMark, GoldMix, GoldWaiting
from tasks.models.media import Media
from tasks.models.offers import Exclusion, Offer, OfferGrounds, Round
from tasks.models.policies import RoutingPolicy
from tasks.models.projects import GuideVersion, Pool, Project, ProjectBudget
from tasks.models.rehearsals import Rehearsal
from tasks.models.reviews import Review, ReviewRecord
from tasks.models.time import TimeEntry
from tasks.models.webhooks import WebhookDelivery, WebhookEndpoint
from tasks.models.work import Slot, Task, TaskContent

__all__ = [
    "Batch",
    "BatchRowError",
    "Claim",
    "ClaimVerdicts",
    "Client",
    "ClientMember",
    "CounterChange",
    "DomainHour",
    "Draft",
    "Exclusion",
    "GoldCheck",
    "GoldMark",
    "GoldMix",
    "GoldWaiting",
    "GuideVersion",
    "Media",
    "Offer",
    "OfferGrounds",
    "Pool",
    "PoolCounter",
    "PoolDay",
    "PoolOutlook",
    "PoolWatch",
    "Project",
    "ProjectBudget",
    "ProjectDay",
    "QueueAlert",
    "Rehearsal",
    "Review",
    "ReviewRecord",
    "Round",
    "RoutingPolicy",
    "Slot",
    "Submission",
    "Task",
    "TaskContent",
    "TimeEntry",
    "WebhookDelivery",
    "WebhookEndpoint",
]
