"""Rules of this floor that must hold at every moment; `manage.py check_invariants` asks."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection

from tutors.queries.evidence import breaks
from workforce.queries.invariants import SHOWN_MAX, Check

_OVERLAPS = """
SELECT 'E-' || a.tutor_id || ' has ' || count(*) || ' contracts in force'
  FROM tutors_contract a WHERE a.state IN ('active', 'notice')
 GROUP BY a.tutor_id HAVING count(*) > 1 LIMIT %s
"""
_UNSIGNED = """
SELECT 'K-' || v.contract_id || ' v' || v.number || ' is in force with ' || count(e.id)
       || ' signatures in evidence'
  FROM tutors_contractversion v
  LEFT JOIN tutors_signatureevidence e
    ON e.subject = 'K-' || v.contract_id AND e.version = v.number AND e.paper_id = v.paper_id
 WHERE v.state = 'in_force'
 GROUP BY v.id HAVING count(e.id) <> 2 LIMIT %s
"""
_UNPROVEN = """
SELECT 'AG-' || g.id || ' counts as signed without evidence'
  FROM tutors_agreement g
 WHERE g.state = 'signed' AND NOT EXISTS (
       SELECT 1 FROM tutors_signatureevidence e
        WHERE e.subject = 'AG-' || g.id AND e.paper_id = g.paper_id) LIMIT %s
"""
_UNVERSIONED = """
SELECT 'K-' || k.id || ' is in force without a version in force'
  FROM tutors_contract k
 WHERE k.state IN ('active', 'notice') AND NOT EXISTS (
       SELECT 1 FROM tutors_contractversion v
        WHERE v.contract_id = k.id AND v.state = 'in_force') LIMIT %s
"""
_FORGED = """
SELECT 'paper ' || p.id || ' is not the text of its digest'
  FROM tutors_paper p WHERE encode(sha256(convert_to(p.text, 'UTF8')), 'hex') <> p.sha256 LIMIT %s
"""
_UNCHECKED = """
SELECT 'CR-' || c.id || ' counts as ' || c.verified || ' without such a check'
  FROM tutors_credential c
 WHERE c.verified <> 'self' AND NOT EXISTS (
       SELECT 1 FROM tutors_credentialcheck k
        WHERE k.credential_id = c.id AND k.level = c.verified) LIMIT %s
"""
_UNGROUPED = """
SELECT 'LK-' || l.id || ' holds, and its two do not count as one'
  FROM tutors_tutorlink l JOIN tutors_tutor a ON a.id = l.low_id
  JOIN tutors_tutor b ON b.id = l.high_id
 WHERE l.ended_at IS NULL AND (a.person IS NULL OR a.person IS DISTINCT FROM b.person)
 UNION ALL
SELECT 'E-' || t.id || ' counts as one with somebody, without a link'
  FROM tutors_tutor t WHERE t.person IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM tutors_tutorlink l
        WHERE l.ended_at IS NULL AND t.id IN (l.low_id, l.high_id))
 UNION ALL
SELECT 'E-' || t.person || ' is not the lowest of its group'
  FROM tutors_tutor t WHERE t.person IS NOT NULL
 GROUP BY t.person HAVING min(t.id) <> t.person LIMIT %s
"""


def checks(*, at: datetime) -> Iterator[Check]:
    """Each rule with what speaks against it; no problems, it holds."""
    yield Check("one_contract_in_force", _found(_OVERLAPS))
    yield Check("contracts_in_force_have_a_version", _found(_UNVERSIONED))
    yield Check("versions_in_force_are_signed_twice", _found(_UNSIGNED))
    yield Check("agreements_are_signed", _found(_UNPROVEN))
    yield Check("papers_are_what_was_signed", _found(_FORGED))
    yield Check("credentials_are_checked", _found(_UNCHECKED))
    yield Check("links_make_groups", _found(_UNGROUPED))
    yield Check("signature_chain_holds", list(breaks())[:SHOWN_MAX])


def _found(sql: str) -> Sequence[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [SHOWN_MAX])
        return [row[0] for row in cursor.fetchall()]
