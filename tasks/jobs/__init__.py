"""Celery's way into this floor, one module for each aggregate."""

from tasks.jobs import intake, rehearsing, routing, webhooks

__all__ = ["intake", "rehearsing", "routing", "webhooks"]
