"""Unknown addresses and our own faults: problem+json for machines, a page for people."""

from django.http import HttpRequest, HttpResponse
from django.template import loader

from workforce.doors import pages, problems

API = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problems.plain_not_found(request, exception)
    return pages.not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: whatever broke may be what they would ask."""
    if request.path.startswith(API):
        return problems.plain_error(request)
    return HttpResponse(loader.render_to_string("workforce/broken.html"), status=500)
