"""Rules of this floor that must hold at every moment; `manage.py check_invariants` asks.

Most are constraints as well: these find what a constraint cannot say, or would show that one was
dropped. Each asks the database once and lists at most `CHECK_ROWS_MAX` rows.
"""

# ruff: noqa: S608 - statements are put together from constants of this module

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from tasks.queries.policies import IN_FORCE
from tasks.rules.limits import CHECK_ROWS_MAX
from tasks.rules.policies import BOUNDS
from workforce.queries.invariants import Check

LEASE_GRACE_SECONDS = 60
"""An expired lease or offer is given back within seconds; after this long nobody sweeps."""

CLOCKS_APART_SECONDS = 60
"""A link has the caller's clock, a claim the database's."""

WAITING_OFFERS_MAX = BOUNDS["offers_per_tutor"].most
"""What the most generous policy lets wait."""

_OPEN = "('claimed', 'in_progress', 'paused')"
_COUNTING = "('claimed', 'in_progress', 'paused', 'submitted', 'accepted', 'rejected')"
_WITNESS = (
    "('claimed', 'in_progress', 'paused', 'submitted', 'accepted', 'rejected',"
    " 'revision_requested')"
)

# `open_work_within_capacity`: a capacity that is lowered takes nothing away. It raises the version
# of her facts, so whoever holds something that she took on the facts of now is within it.
RULES: dict[str, str] = {
    "one_holder_per_slot": f"""
        SELECT 'slot ' || slot_id || ' has ' || count(*) || ' open claims' FROM tasks_claim
         WHERE state IN {_OPEN} GROUP BY slot_id HAVING count(*) > 1""",
    "claims_and_slots_agree": f"""
        SELECT 'CL-' || c.id || ' is ' || c.state || ', its slot ' || s.state
          FROM tasks_claim c JOIN tasks_slot s ON s.id = c.slot_id
         WHERE c.state IN {_OPEN} AND s.state <> 'claimed'
        UNION ALL
        SELECT 'slot ' || s.id || ' is claimed by nobody' FROM tasks_slot s
         WHERE s.state = 'claimed' AND NOT EXISTS (
               SELECT 1 FROM tasks_claim c WHERE c.slot_id = s.id AND c.state IN {_OPEN})""",
    "offers_and_slots_agree": """
        SELECT 'O-' || o.id || ' waits, its slot is ' || s.state
          FROM tasks_offer o JOIN tasks_slot s ON s.id = o.slot_id
         WHERE o.state = 'offered' AND s.state <> 'offered'
        UNION ALL
        SELECT 'slot ' || s.id || ' is offered to nobody' FROM tasks_slot s
         WHERE s.state = 'offered' AND NOT EXISTS (
               SELECT 1 FROM tasks_offer o WHERE o.slot_id = s.id AND o.state = 'offered')""",
    "overlap_by_different_people": f"""
        SELECT 'E-' || tutor_id || ' answers T-' || task_id || ' ' || count(*) || ' times'
          FROM tasks_claim WHERE role = 'attempt' AND state IN {_COUNTING}
         GROUP BY tutor_id, task_id HAVING count(*) > 1""",
    "author_never_judges": f"""
        SELECT 'E-' || tutor_id || ' has two roles on T-' || task_id FROM tasks_claim
         WHERE state IN {_WITNESS} GROUP BY tutor_id, task_id HAVING count(DISTINCT role) > 1
        UNION ALL
        SELECT 'R-' || id || ' is by the author' FROM tasks_review WHERE author_id = reviewer_id""",
    "linked_accounts_are_one": f"""
        SELECT 'E-' || a.tutor_id || ' and E-' || b.tutor_id || ' count as one, both on T-'
               || a.task_id
          FROM tutors_tutorlink l
          JOIN tasks_claim a ON a.tutor_id = l.low_id
          JOIN tasks_claim b ON b.tutor_id = l.high_id AND b.task_id = a.task_id
         WHERE l.ended_at IS NULL
           AND greatest(a.claimed_at, b.claimed_at)
               > l.noted_at + interval '{CLOCKS_APART_SECONDS} s'
           AND a.state IN {_WITNESS} AND b.state IN {_WITNESS}
           AND (a.role <> b.role
                OR (a.role = 'attempt' AND a.state IN {_COUNTING} AND b.state IN {_COUNTING}))""",
    "records_equal_a_recount": """
        SELECT 'E-' || coalesce(k.author_id, r.author_id) || ' is said to have '
               || coalesce(k.judged, 0) || ' answers judged by '
               || coalesce('E-' || coalesce(k.reviewer_id, r.reviewer_id), 'known ones')
               || ', there are ' || coalesce(r.judged, 0)
          FROM tasks_reviewrecord k
          FULL JOIN (
               SELECT one.author_id, j.domain_id, j.task_type, one.reviewer_id,
                      count(*) AS judged, count(*) FILTER (WHERE one.good) AS accepted
                 FROM (SELECT v.author_id, v.reviewer_id, v.decision = 'accept' AS good,
                              c.project_id
                         FROM tasks_review v JOIN tasks_claim c ON c.id = v.claim_id
                        WHERE NOT EXISTS (SELECT 1 FROM tasks_goldcheck g
                                           WHERE g.submission_id = v.submission_id AND g.counts)
                        UNION ALL
                       SELECT s.tutor_id, NULL, g.good, t.project_id
                         FROM tasks_goldcheck g JOIN tasks_submission s ON s.id = g.submission_id
                         JOIN tasks_task t ON t.id = s.task_id WHERE g.counts) one
                 JOIN tasks_project j ON j.id = one.project_id GROUP BY 1, 2, 3, 4) r
            ON (r.author_id, r.domain_id, r.task_type, coalesce(r.reviewer_id, 0))
             = (k.author_id, k.domain_id, k.task_type, coalesce(k.reviewer_id, 0))
         WHERE (k.judged, k.accepted) IS DISTINCT FROM (r.judged::int, r.accepted::int)""",
    "known_answers_count_as_they_agree": """
        SELECT 'S-' || g.submission_id || ' counts as ' || CASE WHEN g.good THEN 'good' ELSE 'bad'
               END || ', agrees to ' || coalesce(g.agreement, 0) || ', the known answer is '
               || CASE WHEN NOT t.is_gold THEN 'none' WHEN c.gold_withdrawn_at IS NULL
                  THEN 'there' ELSE 'withdrawn' END
          FROM tasks_goldcheck g JOIN tasks_submission s ON s.id = g.submission_id
          JOIN tasks_task t ON t.id = s.task_id JOIN tasks_taskcontent c ON c.task_id = t.id
         WHERE NOT t.is_gold OR (g.counts AND c.gold_withdrawn_at IS NOT NULL)
            OR g.good <> coalesce(g.agreement * 100 >= g.pass_percent, false)""",
    "no_orphan_leases": f"""
        SELECT 'CL-' || id || ' ran out at ' || lease_until FROM tasks_claim
         WHERE state IN {_OPEN}
           AND lease_until < statement_timestamp() - interval '{LEASE_GRACE_SECONDS} s'""",
    "no_orphan_offers": f"""
        SELECT 'O-' || id || ' ran out at ' || expires_at FROM tasks_offer
         WHERE state = 'offered'
           AND expires_at < statement_timestamp() - interval '{LEASE_GRACE_SECONDS} s'""",
    "offers_are_few": f"""
        SELECT 'E-' || tutor_id || ' has ' || count(*) || ' offers waiting' FROM tasks_offer
         WHERE state = 'offered' AND kind = 'work'
         GROUP BY tutor_id HAVING count(*) > {WAITING_OFFERS_MAX}""",
    "open_work_within_capacity": f"""
        SELECT 'E-' || t.id || ' holds ' || sum(c.weight) || ', her capacity is ' || t.capacity
          FROM tasks_claim c JOIN tutors_tutor t ON t.id = c.tutor_id
          JOIN tasks_claimverdicts g ON g.claim_id = c.id
         WHERE c.state IN {_OPEN} GROUP BY t.id
        HAVING sum(c.weight) > t.capacity AND bool_or(g.facts_version = t.facts_version)""",
    "claims_were_eligible": """
        SELECT 'CL-' || c.id || ' was taken ' || CASE WHEN g.claim_id IS NULL
               THEN 'without grounds' ELSE 'against a verdict' END
          FROM tasks_claim c LEFT JOIN tasks_claimverdicts g ON g.claim_id = c.id
         WHERE g.claim_id IS NULL OR g.verdicts @? '$[*] ? (@.passed == false)'""",
    "clocks_run_on_open_claims": f"""
        SELECT 'TE-' || e.id || ' runs on ' || coalesce('CL-' || c.id || ', ' || c.state, 'nothing')
          FROM tasks_timeentry e LEFT JOIN tasks_claim c ON c.id = e.claim_id
         WHERE e.state = 'running' AND (c.id IS NULL OR c.state NOT IN {_OPEN})
        UNION ALL
        SELECT 'E-' || tutor_id || ' has ' || count(*) || ' running entries' FROM tasks_timeentry
         WHERE state = 'running' GROUP BY tutor_id HAVING count(*) > 1""",
    "time_of_claims_adds_up": """
        SELECT 'CL-' || c.id || ' says ' || c.seconds_worked || ' s, its time ' || t.seconds
          FROM tasks_claim c JOIN (
               SELECT claim_id, sum(seconds) AS seconds FROM tasks_timeentry
                WHERE claim_id IS NOT NULL AND state <> 'running' AND corrects_id IS NULL
                GROUP BY claim_id) t ON t.claim_id = c.id
         WHERE t.seconds <> c.seconds_worked""",
    "time_never_overlaps": """
        SELECT 'TE-' || a.id || ' and TE-' || b.id || ' share time'
          FROM tasks_timeentry a JOIN tasks_timeentry b
            ON b.tutor_id = a.tutor_id AND b.id > a.id
           AND tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)
         WHERE a.state <> 'declined' AND b.state <> 'declined'""",
    "nobody_approves_her_own_time": """
        SELECT 'TE-' || id || ' was decided by its own tutor' FROM tasks_timeentry
         WHERE decided_by_id = account_id""",
    "budgets_hold": f"""
        SELECT 'P-' || b.project_id || ' holds ' || b.reserved_minor || ', open claims '
               || coalesce(c.minor, 0)
          FROM tasks_projectbudget b
          LEFT JOIN (SELECT project_id, sum(reserved_minor) AS minor FROM tasks_claim
                      WHERE state IN {_OPEN} GROUP BY project_id) c ON c.project_id = b.project_id
         WHERE b.reserved_minor < coalesce(c.minor, 0)
            OR b.reserved_minor + b.used_minor > b.total_minor""",
    "answers_wait_for_somebody": """
        SELECT 'CL-' || c.id || ' is submitted, and no review of it waits'
          FROM tasks_claim c JOIN tasks_task t ON t.id = c.task_id AND t.state = 'open'
          JOIN tasks_submission b ON b.claim_id = c.id AND b.withdrawn_at IS NULL
         WHERE c.state = 'submitted' AND NOT EXISTS (
               SELECT 1 FROM tasks_slot s WHERE s.submission_id = b.id
                  AND s.state IN ('open', 'offered', 'claimed'))""",
    "done_tasks_are_done": """
        SELECT 'T-' || t.id || ' is ' || t.state || ', a slot of it ' || s.state
          FROM tasks_task t JOIN tasks_slot s ON s.task_id = t.id
         WHERE t.state IN ('done', 'cancelled')
           AND (s.state IN ('open', 'offered') OR (t.state = 'done' AND s.state = 'claimed'))""",
    "figures_equal_a_recount": """
        SELECT 'PL-' || p.id || ' keeps ' || k.waiting || ' waiting, there are ' || k.open
          FROM tasks_pool p CROSS JOIN LATERAL (
               SELECT coalesce((SELECT waiting FROM tasks_poolcounter WHERE pool_id = p.id), 0)
                    + coalesce((SELECT sum(waiting) FROM tasks_counterchange
                                 WHERE pool_id = p.id), 0) AS waiting,
                      (SELECT count(*) FROM tasks_slot
                        WHERE pool_id = p.id AND state = 'open') AS open) k
         WHERE k.waiting <> k.open""",
    "answers_by_day_equal_a_recount": """
        SELECT 'P-' || j.id || ' keeps ' || k.kept || ' answers, there are ' || k.there
          FROM tasks_project j CROSS JOIN LATERAL (
               SELECT coalesce((SELECT sum(d.submitted) FROM tasks_projectday d
                                 WHERE d.project_id = j.id), 0)
                    + coalesce((SELECT sum(c.submitted) FROM tasks_counterchange c
                                  JOIN tasks_pool p ON p.id = c.pool_id
                                 WHERE p.project_id = j.id), 0) AS kept,
                      (SELECT count(*) FROM tasks_submission s
                         JOIN tasks_claim c ON c.id = s.claim_id
                        WHERE c.project_id = j.id AND s.withdrawn_at IS NULL) AS there) k
         WHERE k.kept <> k.there""",
    "throughput_equals_a_recount": """
        SELECT d.slug || ' keeps ' || k.kept || ' claims, there are ' || k.there
          FROM workforce_domain d CROSS JOIN LATERAL (
               SELECT coalesce((SELECT sum(h.claimed) FROM tasks_domainhour h
                                 WHERE h.domain_id = d.id), 0)
                    + coalesce((SELECT sum(c.claimed) FROM tasks_counterchange c
                                  JOIN tasks_pool p ON p.id = c.pool_id
                                  JOIN tasks_project j ON j.id = p.project_id
                                 WHERE j.domain_id = d.id), 0) AS kept,
                      (SELECT count(*) FROM tasks_claim c
                         JOIN tasks_project j ON j.id = c.project_id
                        WHERE j.domain_id = d.id) AS there) k
         WHERE k.kept <> k.there""",
    "policies_in_force_are_the_newest": f"""
        SELECT 'P-' || j.id || ' follows policy ' || coalesce(j.routing_policy_id::text, 'none')
               || ', should ' || coalesce(w.policy_id::text, 'none')
          FROM tasks_project j JOIN ({IN_FORCE}) w ON w.project_id = j.id
         WHERE j.routing_policy_id IS DISTINCT FROM w.policy_id""",
}


def checks(*, at: datetime) -> Iterator[Check]:
    """Each rule with what speaks against it."""
    for name, statement in RULES.items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM ({statement}) found LIMIT {CHECK_ROWS_MAX}")
            problems = [str(row[0]) for row in cursor.fetchall()]
        yield Check(name, problems)
