"""Help: what each portal is for, which keys do what, whom to write to, what words mean."""

from django.conf import settings
from django.http import HttpResponse

from workforce.doors.pages import Visit, page


@page()
def guide(visit: Visit) -> HttpResponse:
    return visit.render("workforce/own/help.html", {"address": settings.HELP_ADDRESS})
