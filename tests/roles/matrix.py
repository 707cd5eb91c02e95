"""The role matrix: each operation, the roles that may use it, and what they get.

The status is the answer to a request with an empty body at an id that nobody has; every other
role gets 403. An operation that is not in this table fails the suite.
"""

from workforce.rules.roles import EVERYONE, STAFF, Role

ADMIN = {Role.ADMIN}
OPERATORS = {Role.MANAGER, Role.ADMIN}
RECRUITERS = {Role.RECRUITER}
TUTORS = {Role.TUTOR}
IMPORT_SEERS = {Role.RECRUITER, Role.ADMIN}

MATRIX: dict[str, tuple[frozenset[Role] | set[Role], int]] = {
    # --- workforce
    "me": (EVERYONE, 200),
    "tokens_list": (EVERYONE, 200),
    "tokens_create": (EVERYONE, 403),
    "tokens_show": (EVERYONE, 404),
    "tokens_revoke": (EVERYONE, 404),
    "domains_list": (EVERYONE, 200),
    "domains_create": (ADMIN, 400),
    "pay_tiers_list": (STAFF, 200),
    "pay_tiers_create": (ADMIN, 400),
    "events_list": (STAFF, 200),
    "jobs_list": (OPERATORS, 200),
    "jobs_retry": (OPERATORS, 404),
    # --- tutors
    "tutors_list": (STAFF | TUTORS, 200),
    "tutors_create": (RECRUITERS, 400),
    "tutors_show": (STAFF | TUTORS, 404),
    "tutors_change": (RECRUITERS, 404),
    "tutors_invite": (RECRUITERS, 404),
    "credentials_create": (RECRUITERS, 404),
    "credentials_verify": (RECRUITERS, 404),
    "qualifications_create": (RECRUITERS, 404),
    "qualifications_revoke": (RECRUITERS, 404),
    "tutor_imports_list": (IMPORT_SEERS, 200),
    "tutor_imports_create": (RECRUITERS, 415),
    "tutor_imports_show": (IMPORT_SEERS, 404),
    "tutor_imports_rows": (IMPORT_SEERS, 404),
    "tutor_imports_commit": (RECRUITERS, 404),
    "contracts_create": (RECRUITERS, 404),
    "contracts_list": (STAFF | TUTORS, 200),
    "contracts_show": (STAFF | TUTORS, 404),
    "contracts_evidence": (STAFF | TUTORS, 404),
    "contracts_sign": (TUTORS, 404),
    "contracts_countersign": (RECRUITERS, 404),
    "contracts_amend": (RECRUITERS, 404),
    "contracts_end": (RECRUITERS | TUTORS, 404),
    "agreements_create": (RECRUITERS, 404),
    "agreements_list": (STAFF | TUTORS, 200),
    "agreements_show": (STAFF | TUTORS, 404),
    "agreements_evidence": (STAFF | TUTORS, 404),
    "agreements_sign": (TUTORS, 404),
    "presence_show": (TUTORS, 404),
    "presence_change": (TUTORS, 404),
    "availability_show": (TUTORS, 404),
    "availability_change": (TUTORS, 404),
    "requirements_try": ({Role.RECRUITER, Role.MANAGER}, 400),
}
