"""Kept figures, so that no page counts the task table.

Work appends a `CounterChange` (no row is fought over); the sweeper folds changes into the totals.
"""

from django.db import models

from tasks.models.projects import Pool, Project
from workforce.models.fields import database_now


class CounterChange(models.Model):
    """How one act changed a pool's figures; folded and deleted within seconds.

    `arrived`: slots that are new to the pool, unlike those that came back to it.
    """

    pool = models.ForeignKey(
        Pool, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    waiting = models.IntegerField(default=0, db_default=0)
    arrived = models.IntegerField(default=0, db_default=0)
    offered = models.IntegerField(default=0, db_default=0)
    in_hand = models.IntegerField(default=0, db_default=0)
    claimed = models.IntegerField(default=0, db_default=0)
    submitted = models.IntegerField(default=0, db_default=0)
    accepted = models.IntegerField(default=0, db_default=0)
    revised = models.IntegerField(default=0, db_default=0)
    rejected = models.IntegerField(default=0, db_default=0)
    given_back = models.IntegerField(default=0, db_default=0)
    expired = models.IntegerField(default=0, db_default=0)
    seconds = models.BigIntegerField(default=0, db_default=0)
    at = models.DateTimeField(db_default=database_now())


class PoolCounter(models.Model):
    """A pool as it stands: waiting and in hand, and the age of its oldest waiting slot."""

    pool = models.OneToOneField(Pool, models.CASCADE, primary_key=True, related_name="counter")
    waiting = models.IntegerField(default=0, db_default=0)
    offered = models.IntegerField(default=0, db_default=0)
    in_hand = models.IntegerField(default=0, db_default=0)
    oldest_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(db_default=database_now())


class DomainHour(models.Model):
    """What a domain did in one hour (UTC)."""

    domain = models.ForeignKey("workforce.Domain", models.PROTECT, related_name="+", db_index=False)
    hour = models.DateTimeField()
    claimed = models.IntegerField(default=0, db_default=0)
    submitted = models.IntegerField(default=0, db_default=0)
    accepted = models.IntegerField(default=0, db_default=0)
    revised = models.IntegerField(default=0, db_default=0)
    rejected = models.IntegerField(default=0, db_default=0)
    given_back = models.IntegerField(default=0, db_default=0)
    expired = models.IntegerField(default=0, db_default=0)
    seconds = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "hour"], name="domain_hour_once")]
        indexes = [models.Index(fields=["hour"], name="domain_hour_by_hour")]


class ProjectDay(models.Model):
    """How many answers to a project's tasks were handed in on one day (UTC)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    submitted = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "day"], name="project_day_once")]


class PoolDay(models.Model):
    """How many slots were new to a pool on one day (UTC), and when the last of them came."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    arrived = models.IntegerField(default=0, db_default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "day"], name="pool_day_once")]


class PoolOutlook(models.Model):
    """What a pool brings, as measured some minutes ago: see `tasks.rules.demand.Outlook`."""

    pool = models.OneToOneField(Pool, models.CASCADE, primary_key=True, related_name="outlook")
    measured_at = models.DateTimeField(db_default=database_now())
    days = models.PositiveSmallIntegerField()
    arrived = models.PositiveIntegerField()
    squares = models.BigIntegerField()
    last_at = models.DateTimeField(null=True)
    handled = models.PositiveIntegerField()
    handle_seconds = models.PositiveIntegerField(null=True)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handled=0, handle_seconds__isnull=True)
                | models.Q(handled__gt=0, handle_seconds__isnull=False),
                name="pool_outlook_handle_time_has_n",
            )
        ]


class PoolWatch(models.Model):
    """Whether somebody could take what waits longest in a pool, when it was last looked at.

    `code`: the verdict in the way of most people while nobody can, since `nobody_since`.
    """

    pool = models.OneToOneField(Pool, models.CASCADE, primary_key=True, related_name="watch")
    looked_at = models.DateTimeField(db_default=database_now())
    nobody_since = models.DateTimeField(null=True)
    code = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nobody_since__isnull=True, code="")
                | (models.Q(nobody_since__isnull=False) & ~models.Q(code="")),
                name="pool_watch_says_why",
            )
        ]
        indexes = [
            models.Index(
                fields=["nobody_since"],
                condition=models.Q(nobody_since__isnull=False),
                name="pool_watch_nobody",
            )
        ]
