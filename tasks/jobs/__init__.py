"""Celery's way into this floor, one module for each aggregate."""

from tasks.jobs import intake

__all__ = ["intake"]
