"""Limits of what is noted about one person, so that her facts stay small."""

AUTHORISATIONS_MAX = 20
TIES_MAX = 40
EXPERIENCE_MAX = 40
AHEAD_YEARS_MAX = 60
"""No end lies further ahead."""
