"""The role matrix: each operation, the roles that may use it, and what they get.

The status is the answer to a request with an empty body at an id that nobody has; every other
role gets 403. An operation that is not in this table fails the suite.
"""

from workforce.rules.roles import EVERYONE, STAFF, Role

ADMIN = {Role.ADMIN}
OPERATORS = {Role.MANAGER, Role.ADMIN}

MATRIX: dict[str, tuple[frozenset[Role] | set[Role], int]] = {
    # --- workforce
    "me": (EVERYONE, 200),
    "tokens_list": (EVERYONE, 200),
    "tokens_create": (EVERYONE, 400),
    "tokens_show": (EVERYONE, 404),
    "tokens_revoke": (EVERYONE, 404),
    "domains_list": (EVERYONE, 200),
    "domains_create": (ADMIN, 400),
    "pay_tiers_list": (STAFF, 200),
    "pay_tiers_create": (ADMIN, 400),
    "events_list": (STAFF, 200),
    "jobs_list": (OPERATORS, 200),
    "jobs_retry": (OPERATORS, 404),
}
