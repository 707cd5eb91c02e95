"""No request may set what only an operation decides."""

import pytest

from tests.roles.doors import Knock, all_doors

PROTECTED = (
    "id", "role", "roles", "state", "owner", "account", "account_id", "actor", "is_staff",
    "is_superuser", "is_active", "is_demo", "is_verified", "verified_by", "approved_by", "fence",
    "lease_until", "hold_until", "seconds_worked", "rate_minor_hourly", "amount_minor", "level",
    "facts_version", "created_at", "decided_by", "secret_hash", "password",
)  # fmt: skip

DECLARED: set[tuple[str, str]] = {
    ("pay_tiers_create", "rate_minor_hourly"),
    ("pay_tiers_create", "level"),
    ("claims_create", "role"),
    ("claims_heartbeat", "fence"),
    ("claims_submit", "fence"),
    ("projects_top_up", "amount_minor"),
    ("qualifications_create", "level"),
    ("contracts_create", "rate_minor_hourly"),
    ("contracts_amend", "rate_minor_hourly"),
    ("presence_change", "state"),
}
"""Where such a field is the very thing that the operation is for."""

BODIES = sorted((d for d in all_doors() if d.spec.body), key=lambda d: d.name)


@pytest.mark.parametrize("door", BODIES, ids=lambda d: d.name)
def test_a_protected_field_is_refused_by_name(door: Knock):
    assert door.spec.body is not None
    body = door.spec.body(data=dict.fromkeys(PROTECTED, "x"))
    assert not body.is_valid()
    wanted = {f for f in PROTECTED if (door.name, f) not in DECLARED}
    assert wanted <= set(body.errors), f"{door.name} takes {sorted(wanted - set(body.errors))}"
