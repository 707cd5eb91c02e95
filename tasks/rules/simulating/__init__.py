"""A seeded simulation of work arriving and people taking it: any router, any policy, any weeks.

Minutes throughout, counted from the start of the scene. Nothing here reads a clock or a database,
so the same scene and router give the same outcome to the last minute.
"""

from tasks.rules.simulating.clockwork import play, run
from tasks.rules.simulating.foresight import Foreseen, foresee
from tasks.rules.simulating.outcomes import Outcome, Played, gini, told
from tasks.rules.simulating.routers import LongestIdle, Ours, Router
from tasks.rules.simulating.scenes import Arrival, Crowd, Scene, SimPool, Worker, scene

__all__ = [
    "Arrival",
    "Crowd",
    "Foreseen",
    "LongestIdle",
    "Ours",
    "Outcome",
    "Played",
    "Router",
    "Scene",
    "SimPool",
    "Worker",
    "foresee",
    "gini",
    "play",
    "run",
    "scene",
    "told",
]
