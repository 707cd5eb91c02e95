"""Celery's way into this floor, one module for each aggregate."""

from tasks.jobs import gold, intake, rehearsing, routing, webhooks

__all__ = ["gold", "intake", "rehearsing", "routing", "webhooks"]
