"""Second factors: who must have one is sent here before anything else."""

from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from workforce.access import needs_second_factor
from workforce.doors.pages import Visit, page
from workforce.queries.accounts import has_second_factor


@page()
def second_factor(visit: Visit) -> HttpResponse:
    """The choice between an authenticator app and a passkey; on to `next` once one is there."""
    to = visit.query.get("next", "")
    if not url_has_allowed_host_and_scheme(to, {visit.request.get_host()}):
        to = "/"
    return visit.render(
        "workforce/own/second_factor.html",
        {
            "to": to,
            "is_set_up": has_second_factor(account=visit.account),
            "is_needed": needs_second_factor(account=visit.account),
        },
    )


@page()
def second_factor_settings(visit: Visit) -> HttpResponse:
    """Passwords, passkeys and apps are kept on the sign-in library's own page."""
    return visit.go("mfa_index")
