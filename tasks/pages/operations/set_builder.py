"""The requirement builder: a desk on which rules are put together, with the live funnel beside."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from tasks.pages.operations.parts import STEERING, project_of
from tasks.pages.operations.quoting import quote_form
from tasks.pages.operations.set_draft import (
    Draft,
    act,
    from_post,
    from_requirement,
    to_document,
)
from tasks.pages.operations.set_form import SetForm
from tasks.pages.operations.set_funnel import (
    client_choices,
    client_named,
    funnel_context,
    whole_rules,
)
from tutors.operations.naming import CannotNameSet, SetExists, SetOver, name_set
from tutors.queries.requirements import named_set
from tutors.rules.requirements import NAME_MAX, CannotReadRequirements, parse
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.rules.problems import Refusal

PAGE = "tasks/operations/set_builder.html"
FORM = "tasks/operations/set_builder_form.html"
FUNNEL = "tasks/operations/set_funnel.html"
SAVE, COUNT = "save", "count"
QUOTE = ["tasks/operations/parts/quote.html", "tasks/operations/parts/no_quote.html"]


@page(roles=STEERING)
def set_add(visit: Visit) -> HttpResponseBase:
    """A new set; `?from=RQ-3` begins with a copy of one, `?project=P-2` with a project's rules."""
    return _build(visit, None)


@page(roles=STEERING)
def set_edit(visit: Visit, *, id: str) -> HttpResponseBase:
    """A changed set takes the place of this one."""
    return _build(visit, named_set(set_id=key_of("RQ", id)))


@page(roles=STEERING)
def set_funnel(visit: Visit) -> HttpResponseBase:
    """How far people get through the rules on the desk; nothing is saved."""
    if not visit.posted:
        return visit.go("ops-requirement-set-add")
    return visit.render(FUNNEL, _counted(visit, from_post(visit.request.POST)))


def _build(visit: Visit, replaces: Any) -> HttpResponseBase:
    if not visit.posted:
        return _show(visit, SetForm(_begun(visit, replaces)), replaces)
    draft = from_post(visit.request.POST)
    deed = str(visit.request.POST.get("act", COUNT))
    if deed != SAVE:
        return _show(visit, SetForm(act(draft, deed)), replaces)
    try:
        made = name_set(
            document=to_document(draft), replaces=replaces, actor=visit.account, at=visit.at
        )
    except (CannotReadRequirements, CannotNameSet) as refusal:
        return _show(visit, SetForm(draft, errors=refusal.errors), replaces, status=422)
    except (SetExists, SetOver) as refusal:
        return _refused(visit, draft, replaces, refusal)
    said = _("“%(name)s” is saved. New projects can begin with it.") % {"name": made.name}
    return visit.go("ops-requirement-set", made.public_id, say=said)


def _refused(visit: Visit, draft: Draft, replaces: Any, refusal: Refusal) -> HttpResponseBase:
    """A script shows the form again for 422 alone, so that is what it gets."""
    form = SetForm(draft, errors={"": [refusal.detail]})
    return _show(visit, form, replaces, status=422 if visit.is_htmx else refusal.status)


def _begun(visit: Visit, replaces: Any) -> Draft:
    """The desk at first: what is to be changed, a copy, a project's rules, or nothing."""
    if replaces is not None:
        return from_requirement(parse(replaces.document))
    if twin := visit.query.get("from"):
        draft = from_requirement(parse(named_set(set_id=key_of("RQ", twin)).document))
        draft.name = (_("Copy of %(name)s") % {"name": draft.name})[:NAME_MAX]
        return draft
    if project := visit.query.get("project"):
        held = project_of(visit, project)
        draft = from_requirement(parse(held.requirements))
        draft.client = f"C-{held.client_id}"
        return draft
    return Draft()


def _show(visit: Visit, form: SetForm, replaces: Any, *, status: int = 200) -> HttpResponseBase:
    """With htmx the form alone: the funnel counts again by itself."""
    context = {
        "form": form,
        "replaces": replaces,
        "clients": client_choices(visit),
        "name_max": NAME_MAX,
        "quote_templates": QUOTE,
        "quote_form": quote_form(whole_rules(to_document(form.draft))[0]),
    }
    if visit.is_htmx:
        return visit.render(FORM, context, status=status)
    if visit.posted:
        context |= {"counted": True, **_counted(visit, form.draft)}
    return visit.render(PAGE, context, status=status)


def _counted(visit: Visit, draft: Draft) -> dict[str, Any]:
    requirement, unfinished = whole_rules(to_document(draft))
    if requirement is None:
        return {"funnel": None, "unfinished": unfinished}
    client = client_named(draft.client)
    return funnel_context(visit, requirement, client=client, unfinished=unfinished)
