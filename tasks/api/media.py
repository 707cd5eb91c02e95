"""Pictures and clips: stored by clients, shown to whoever works with them."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

from tasks.api.projects import client_of
from tasks.doors.uploads import FileField, LimitedMultiPartParser
from tasks.operations import storing
from tasks.providers import files
from tasks.queries import visible
from tasks.rules.states import MediaKind
from workforce.doors.desk import Body, Call, Desk, door
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

SHA256_CHARS = 64
KEPT_SECONDS = 3600


class MediaRequest(Body):
    file = FileField(help_text="PNG, JPEG, WebP or WebM, 20 MB at most.")
    client = serializers.CharField(max_length=24, required=False, help_text="Managers name it.")


class MediaAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    sha256 = serializers.CharField(help_text="Of the file as it is stored; tasks name it.")
    kind = serializers.ChoiceField([k.value for k in MediaKind])
    mime = serializers.CharField()
    bytes = serializers.IntegerField()
    width = serializers.IntegerField(help_text="Pixels, after EXIF rotation.")
    height = serializers.IntegerField()
    duration_ms = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()


def find_media(call: Call, id: str) -> Any:
    """By its id, or by the hash that a task's input names."""
    rows = visible.media(account=call.account)
    if len(id) == SHA256_CHARS and id.isalnum():
        found = rows.filter(sha256=id).order_by("pk").first()
    else:
        try:
            found = rows.filter(pk=internal_id("M", id)).first()
        except NotAnId:
            found = None
    if found is None:
        raise NotFound
    return found


class Media(Desk):
    @door(
        "media_create",
        summary="Store a picture or clip",
        roles=[Role.MANAGER, Role.CLIENT],
        body=MediaRequest,
        answer=MediaAnswer,
        status=201,
        idempotent=True,
        parsers=(LimitedMultiPartParser,),
    )
    def create(self, call: Call) -> Any:
        """Known by its content; turned upright; EXIF and other hidden data are taken out.

        The stored file's hash is in the answer: it differs from yours where something was taken
        out. The same picture again gives the one that is there.
        """
        return storing.store(
            client=client_of(call, call.body.get("client")),
            file=call.body["file"],
            actor=call.account,
            at=call.at,
        )

    @door(
        "media_show",
        summary="A picture or clip",
        find=find_media,
        media=("image/png", "image/jpeg", "image/webp", "video/webm"),
    )
    def show(self, call: Call) -> Any:
        """For staff, for the client whose it is, and for a tutor while she holds a task with it."""
        medium = call.found
        try:
            with files.opened(medium.path) as file:
                response = HttpResponse(file.read(), content_type=medium.mime)
        except OSError:
            raise NotFound from None
        name = medium.public_id + files.path_of(medium.path).suffix
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
        return response
