"""Addresses of this floor's pages of the Operations portal."""

from django.urls import URLPattern, path

from tasks.pages.operations import (
    batches,
    commissioning,
    organisations,
    projects,
    quoting,
    rehearsals,
    requirement_sets,
    routing,
    set_builder,
    steering,
    task,
    task_list,
    time,
)

pages: list[URLPattern] = [
    path("ops/projects/", projects.projects, name="ops-projects"),
    path("ops/projects/add/", commissioning.project_add, name="ops-project-add"),
    path("ops/projects/add/reach/", commissioning.project_reach, name="ops-project-add-reach"),
    path("ops/projects/add/quote/", quoting.project_quote, name="ops-project-add-quote"),
    path("ops/quote/", quoting.quote, name="ops-quote"),
    path("ops/projects/<str:id>/", projects.project, name="ops-project"),
    path("ops/projects/<str:id>/edit/", steering.project_edit, name="ops-project-edit"),
    path("ops/projects/<str:id>/guide/", steering.project_guide, name="ops-project-guide"),
    path("ops/projects/<str:id>/hand-in/", batches.hand_in, name="ops-project-hand-in"),
    path("ops/projects/<str:id>/top-up/", steering.project_top_up, name="ops-project-top-up"),
    path("ops/projects/<str:id>/pause/", steering.project_pause, name="ops-project-pause"),
    path("ops/projects/<str:id>/resume/", steering.project_resume, name="ops-project-resume"),
    path("ops/projects/<str:id>/close/", steering.project_close, name="ops-project-close"),
    path("ops/projects/<str:id>/routing/", routing.project_routing, name="ops-project-routing"),
    path(
        "ops/projects/<str:id>/routing/restore/",
        routing.project_routing_restore,
        name="ops-project-routing-restore",
    ),
    path(
        "ops/projects/<str:id>/routing/follow/",
        routing.project_routing_follow,
        name="ops-project-routing-follow",
    ),
    path("ops/domains/<str:id>/routing/", routing.domain_routing, name="ops-domain-routing"),
    path(
        "ops/domains/<str:id>/routing/restore/",
        routing.domain_routing_restore,
        name="ops-domain-routing-restore",
    ),
    path(
        "ops/domains/<str:id>/routing/follow/",
        routing.domain_routing_follow,
        name="ops-domain-routing-follow",
    ),
    path("ops/rehearsals/<str:id>/", rehearsals.rehearsal, name="ops-rehearsal"),
    path("ops/rehearsals/<str:id>/stop/", rehearsals.rehearsal_stop, name="ops-rehearsal-stop"),
    path("ops/organisations/", organisations.organisations, name="ops-organisations"),
    path("ops/organisations/add/", organisations.organisation_add, name="ops-organisation-add"),
    path("ops/organisations/<str:id>/", organisations.organisation, name="ops-organisation"),
    path(
        "ops/organisations/<str:id>/edit/",
        organisations.organisation_edit,
        name="ops-organisation-edit",
    ),
    path("ops/requirements/", requirement_sets.requirement_sets, name="ops-requirement-sets"),
    path("ops/requirements/add/", set_builder.set_add, name="ops-requirement-set-add"),
    path("ops/requirements/funnel/", set_builder.set_funnel, name="ops-requirement-set-funnel"),
    path(
        "ops/requirements/<str:id>/", requirement_sets.requirement_set, name="ops-requirement-set"
    ),
    path("ops/requirements/<str:id>/edit/", set_builder.set_edit, name="ops-requirement-set-edit"),
    path(
        "ops/requirements/<str:id>/people/",
        requirement_sets.requirement_set_people,
        name="ops-requirement-set-people",
    ),
    path(
        "ops/requirements/<str:id>/put-away/",
        requirement_sets.requirement_set_put_away,
        name="ops-requirement-set-put-away",
    ),
    path("ops/batches/<str:id>/", batches.batch, name="ops-batch"),
    path("ops/tasks/", task_list.tasks, name="ops-tasks"),
    path("ops/tasks/<str:id>/", task.task, name="ops-task"),
    path(
        "ops/tasks/<str:id>/withdraw-known-answer/",
        task.task_withdraw_known,
        name="ops-task-withdraw-known",
    ),
    path("ops/tasks/<str:id>/cancel/", task.task_cancel, name="ops-task-cancel"),
    path("ops/time/", time.time, name="ops-time"),
    path("ops/time/<str:id>/decline/", time.time_decline, name="ops-time-decline"),
]
