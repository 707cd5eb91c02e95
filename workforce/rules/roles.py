"""Who somebody is to Lectern. One account may hold several roles."""

from enum import StrEnum


class Role(StrEnum):
    RECRUITER = "recruiter"  # onboards tutors: profiles, proof, contracts
    MANAGER = "manager"  # runs projects, approves time, sees all figures
    FINANCE = "finance"  # closes periods, builds, approves and sends payouts
    REVIEWER = "reviewer"  # judges work through claims of her own; a tutor as well
    TUTOR = "tutor"  # takes tasks and does them
    CLIENT = "client"  # hands work in and takes results out, for its own organisation
    ADMIN = "admin"  # accounts, domains, rates; sees everything, works on nothing


STAFF = frozenset({Role.RECRUITER, Role.MANAGER, Role.FINANCE, Role.ADMIN})
"""Roles that see all objects: for them a foreign id is simply a missing one."""

EVERYONE = frozenset(Role)


class Scope(StrEnum):
    API = "api"  # everything the account's roles allow, but for moving money
    PAYOUTS_RELEASE = "payouts:release"  # approve and send payouts; minted after a step-up
