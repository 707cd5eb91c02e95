"""My contract: the terms in force, what waits for my signature, every paper to read or keep."""

from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from tutors.queries import papers
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

KINDS: dict[str, Any] = {
    "nda": _("Confidentiality (NDA)"),
    "ip": _("Rights in the work"),
    "conduct": _("Conduct"),
    "data": _("Data"),
}
OPEN = ("offered", "signed", "active", "notice")


@page(roles={Role.TUTOR})
def contract(visit: Visit) -> HttpResponse:
    held = papers.own_contracts(account=visit.account)
    agreements = papers.own_agreements(account=visit.account)
    current = next((k for k in held if k.row.state in ("active", "notice")), None)
    current = current or next((k for k in held if k.row.state in OPEN), None)
    context = {
        "current": current,
        "version": (current.in_force or current.waiting) if current else None,
        "earlier": [k for k in held if k is not current],
        "to_sign": _to_sign(held, agreements),
        "agreements": [(paper, KINDS[paper.kind]) for paper in agreements],
    }
    return visit.render("tutors/work/contract.html", context)


def _to_sign(held: Any, agreements: Any) -> list[dict[str, Any]]:
    """What waits for the tutor, contracts first."""
    waiting = [
        {
            "id": k.row.public_id,
            "title": k.waiting.paper.title,
            "at": k.waiting.offered_at,
            "amends": k.in_force is not None,
        }
        for k in held
        if k.waiting is not None and k.waiting.state == "offered" and k.row.state in OPEN
    ]
    waiting += [
        {"id": paper.public_id, "title": paper.paper.title, "at": paper.offered_at}
        for paper in agreements
        if paper.state == "offered"
    ]
    return waiting


@page(roles={Role.TUTOR})
def text(visit: Visit, *, id: str) -> HttpResponse:
    """The exact text of one of my papers, as a plain file; `?version=2` for an earlier one."""
    paper = _paper(visit, id)
    answer = HttpResponse(paper.text, content_type="text/plain; charset=utf-8")
    name = slugify(f"{id} {paper.title}")
    answer["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    return answer


def _paper(visit: Visit, id: str) -> Any:
    if id.startswith("AG-"):
        agreement = papers.own_paper(account=visit.account, agreement_id=key_of("AG", id))
        if agreement is None:
            raise NotFound
        return agreement.paper
    found = papers.own_contract(account=visit.account, contract_id=key_of("K", id))
    if found is None:
        raise NotFound
    versions = list(found.versions.all())
    wanted = visit.query.get("version", "")
    return next((v.paper for v in versions if str(v.number) == wanted), versions[0].paper)
