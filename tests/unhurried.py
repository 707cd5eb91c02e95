"""Settings of Hypothesis for properties whose examples take a while to draw."""

from hypothesis import HealthCheck, settings

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the rules: every example is still drawn and held to."""
