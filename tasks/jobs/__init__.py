"""Celery's way into this floor, one module for each aggregate."""

from tasks.jobs import intake, routing, webhooks

__all__ = ["intake", "routing", "webhooks"]
