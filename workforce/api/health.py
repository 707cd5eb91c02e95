"""Signs of life for load balancers, people and Prometheus; outside the API and its schema."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from workforce.doors import now
from workforce.providers.broker import broker_answers
from workforce.queries.health import Health, health

STALE_AFTER_SECONDS = 30


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Ready to serve: 503 without the database; without broker or workers, degraded but up."""
    try:
        state = health(at=now())
    except DatabaseError as problem:
        return JsonResponse({"status": "down", "database": str(problem)[:200]}, status=503)
    broker = broker_answers(url=settings.REDIS_URL)
    missing = [k for k in ("worker", "relay", "sweeper") if _stale(state.age_of(k))]
    status = "ok" if broker and not missing else "degraded"
    return JsonResponse(
        {
            "status": status,
            "database": "ok",
            "broker": "ok" if broker else "lost",
            "missing": missing,
            "last_sweep_seconds": state.age_of("sweeper"),
            "last_relay_seconds": state.age_of("relay"),
            "oldest_due_job_seconds": state.oldest_due_seconds,
            "unsealed_seconds": state.unsealed_seconds,
            "jobs": {"due": state.due, "leased": state.leased, "parked": state.parked},
            "workers": [vars(b) for b in state.beats],
        }
    )


def _stale(age: float | None) -> bool:
    return age is None or age > STALE_AFTER_SECONDS


def metrics(request: HttpRequest) -> HttpResponse:
    """The same figures for Prometheus, read off the database at the moment of asking."""
    registry = CollectorRegistry()
    _fill(registry, health(at=now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _fill(registry: CollectorRegistry, state: Health) -> None:
    jobs = Gauge("lectern_jobs", "Jobs by state", ["state"], registry=registry)
    for name, count in (("due", state.due), ("leased", state.leased), ("parked", state.parked)):
        jobs.labels(name).set(count)
    Gauge("lectern_oldest_due_job_seconds", "Age of the oldest due job", registry=registry).set(
        state.oldest_due_seconds
    )
    Gauge("lectern_unsealed_seconds", "Age of the oldest unsealed event", registry=registry).set(
        state.unsealed_seconds
    )
    seen = Gauge("lectern_seen_seconds", "Since a process's last sign of life", ["name", "kind"],
                 registry=registry)  # fmt: skip
    for beat in state.beats:
        seen.labels(beat.name, beat.kind).set(beat.age_seconds)
