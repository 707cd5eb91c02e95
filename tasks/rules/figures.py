"""How kept figures are asked for."""

from enum import StrEnum

HOURS_DEFAULT = 24
HOURS_MAX = 31 * 24
PEOPLE_SHOWN_MAX = 200
POOLS_SHOWN_MAX = 500


class By(StrEnum):
    DOMAIN = "domain"  # the top of the tree: stem, medicine …
    SPECIALITY = "speciality"  # the field that the project names


class Bucket(StrEnum):
    HOUR = "hour"
    DAY = "day"  # of UTC
