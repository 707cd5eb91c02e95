"""Making a project: a form, whom it would reach, and the whole shown back before it is done."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from tasks.operations.commissioning import CannotCommission, commission
from tasks.operations.welcoming import CannotAddClient, add_client
from tasks.pages.operations.choosing import domain_choices
from tasks.pages.operations.forms import NEW_CLIENT, ProjectForm, TasksForm
from tasks.pages.operations.parts import STEERING
from tasks.pages.operations.projects import reach_of
from tasks.queries import visible
from tasks.rules.limits import CLIENTS_LISTED_MAX, SETS_LISTED_MAX
from tasks.types import all_types, task_type
from tutors.queries.requirements import named_sets
from tutors.rules.requirements import CannotReadRequirements, parse
from tutors.rules.requirements.wording import rule_in_words
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page, put_errors
from workforce.rules.shown import money

TEMPLATE = "tasks/operations/project_add.html"


@page(roles=STEERING)
def project_add(visit: Visit) -> HttpResponseBase:
    """GET: the form. POST: checked and shown back; with `confirmed`, made."""
    posted = visit.request.POST
    form = project_form(visit, posted if visit.posted else None)
    if not visit.posted:
        return visit.render(TEMPLATE, _context(form))
    if not form.is_valid():
        return visit.render(TEMPLATE, _context(form), status=422)
    if posted.get("change"):
        return visit.render(TEMPLATE, _context(form))
    try:
        wanted = parse(form.requirements())
    except CannotReadRequirements as problem:
        form.add_error(None, problem.detail)
        return visit.render(TEMPLATE, _context(form), status=422)
    if not posted.get("confirmed"):
        return visit.render(TEMPLATE, _shown_back(visit, form, wanted))
    return _made(visit, form)


def _made(visit: Visit, form: ProjectForm) -> HttpResponseBase:
    data = form.cleaned_data
    try:
        if data["client"] == NEW_CLIENT:
            client = add_client(name=data["new_client"], actor=visit.account, at=visit.at)
        else:
            clients = visible.clients(account=visit.account)
            client = visible.one(clients, key_of("C", data["client"]))
        made = commission(client=client, plan=form.plan(), actor=visit.account, at=visit.at)
    except CannotAddClient as refusal:
        form.add_error("new_client", refusal.detail)
    except (CannotCommission, CannotReadRequirements) as refusal:
        put_errors(form, refusal)
    else:
        said = _("%(name)s is open. Hand in its first file.") % {"name": made.project.name}
        return visit.go("ops-project", made.project.public_id, say=said)
    return visit.render(TEMPLATE, _context(form), status=422)


def project_form(visit: Visit, data: Any) -> ProjectForm:
    """The form with the clients, fields and named sets that there are."""
    clients = visible.clients(account=visit.account).order_by("name")[:CLIENTS_LISTED_MAX]
    choices = [(c.public_id, c.name) for c in clients]
    initial = {
        "client": choices[0][0] if choices else NEW_CLIENT,
        "requirement_set": visit.query.get("set", ""),
    }
    sets = list(named_sets().order_by("name")[:SETS_LISTED_MAX])
    return ProjectForm(data, clients=choices, domains=domain_choices(), sets=sets, initial=initial)


def _context(form: ProjectForm, **more: Any) -> dict[str, Any]:
    guides = [(t.slug, t.guide_example) for t in all_types()]
    return {"form": form, "guides": guides, "confirming": False, **more}


def _shown_back(visit: Visit, form: ProjectForm, wanted: Any) -> dict[str, Any]:
    data = form.cleaned_data
    minor = data["budget_minor"]
    new = data["client"] == NEW_CLIENT
    names = dict(_choices(form, "client"))
    budget = money(minor, data["currency"]) if minor is not None else _("No limit")
    return _context(
        form,
        confirming=True,
        quote_form=TasksForm(),
        quote_of="project-confirm",
        quote_url="ops-project-add-quote",
        budget=budget,
        client_name=data["new_client"] if new else names[data["client"]],
        client_is_new=new,
        domain_name=dict(_choices(form, "domain"))[data["domain"]],
        kind=task_type(data["task_type"]),
        plan=form.plan(),
        named_set=form.named_set,
        rules=[rule_in_words(rule) for rule in wanted.rules],
        **reach_of(wanted, client=None if new else data["client"], at=visit.at),
    )


def _choices(form: ProjectForm, name: str) -> list[tuple[str, str]]:
    field: Any = form.fields[name]
    return [(str(value), str(label)) for value, label in field.choices]


@page(roles=STEERING)
def project_reach(visit: Visit) -> HttpResponseBase:
    """How many people the rules leave, while the form is being filled in; nothing is saved."""
    form = project_form(visit, visit.request.POST or visit.query)
    form.is_valid()
    data = form.cleaned_data
    wanted = parse(form.requirements())
    client = data.get("client")
    named = client if client and client != NEW_CLIENT else None
    context = {**reach_of(wanted, client=named, at=visit.at), "new_client": named is None}
    return visit.render("tasks/operations/reach.html", context)
