"""All doors of the API, read off the URL map."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern

from config.urls import api
from workforce.doors.desk import DoorSpec

PARAMETER = "<str:"


@dataclass(frozen=True, kw_only=True)
class Knock:
    """One operation: its method, its address with `<str:…>` steps, and what its door declares."""

    method: str
    route: str
    spec: DoorSpec

    @property
    def name(self) -> str:
        return self.spec.name

    def url(self, *ids: str) -> str:
        """The address with these ids in place of its parameters."""
        path = self.route
        for ident in ids:
            start = path.index(PARAMETER)
            path = path[:start] + ident + path[path.index(">", start) + 1 :]
        return f"/api/v1/{path}"


def all_doors() -> Iterator[Knock]:
    for pattern in api:
        assert isinstance(pattern, URLPattern), "the API's addresses are listed flat"
        view = pattern.callback
        for method, action in view.actions.items():
            handler = getattr(view.cls, action)
            assert hasattr(handler, "door"), f"{view.cls.__name__}.{action} is not a door"
            yield Knock(method=method, route=str(pattern.pattern), spec=handler.door)
