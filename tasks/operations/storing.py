"""Pictures and clips are stored, once for each client; the samples' in every instance."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from tasks.events import MediaStored
from tasks.models import Client, Media
from tasks.providers import files
from tasks.providers.pictures import CannotRead, Readable, read
from tasks.types import all_types
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict, Invalid

MEDIUM_BYTES_MAX = 20 * 1024 * 1024
CLIENT_BYTES_MAX = 20 * 1024**3
"""What one client may store in all."""

FOLDER = "media"


class CannotStore(Invalid):
    code = "media_not_valid"


class QuotaReached(Conflict):
    code = "media_quota"


def store(*, client: Client, file: Any, actor: Account, at: datetime) -> Media:
    """Keep a picture (PNG, JPEG, WebP) or a clip (WebM) of the client, upright and bare.

    The same one again gives the one that is there. `CannotStore` for anything else or anything
    too large, `QuotaReached` when the client's room is used up.
    """
    data = file.read(MEDIUM_BYTES_MAX + 1)
    if len(data) > MEDIUM_BYTES_MAX:
        raise _refused(_("A file may have %(n)d MB at most.") % {"n": MEDIUM_BYTES_MAX // 1024**2})
    try:
        readable = read(data)
    except CannotRead as problem:
        raise _refused(str(problem)) from None
    used = Media.objects.filter(client=client).aggregate(n=Sum("bytes"))["n"] or 0
    if used + len(readable.data) > CLIENT_BYTES_MAX:
        raise QuotaReached(_("This client's room for media is used up; ask your manager for more."))
    return _keep(client=client, readable=readable, actor=actor, at=at)


def _refused(message: str) -> CannotStore:
    return CannotStore(message, errors={"file": [message]})


def store_samples(*, at: datetime) -> int:
    """Keep the media that the task types' samples name; how many were new."""
    new = 0
    for medium in (m for kind in all_types() for m in kind.sample_media):
        if Media.objects.filter(client=None, sha256=medium.ref.sha256).exists():
            continue
        readable = Readable(
            kind=read(medium.file.read_bytes()).kind,
            mime=medium.content_type,
            suffix=medium.file.suffix,
            width=medium.ref.width,
            height=medium.ref.height,
            duration_ms=medium.ref.duration_ms,
            data=medium.file.read_bytes(),
        )
        _keep(client=None, readable=readable, actor=None, at=at)
        new += 1
    return new


def _keep(
    *, client: Client | None, readable: Readable, actor: Account | None, at: datetime
) -> Media:
    sha256 = hashlib.sha256(readable.data).hexdigest()
    there = Media.objects.filter(client=client, sha256=sha256)
    if (known := there.first()) is not None:
        return known
    with files.incoming() as file:
        file.write(readable.data)
        path = files.keep(file, folder=FOLDER, suffix=readable.suffix)
    try:
        with transaction.atomic():
            media = Media.objects.create(
                client=client,
                sha256=sha256,
                kind=readable.kind,
                mime=readable.mime,
                bytes=len(readable.data),
                width=readable.width,
                height=readable.height,
                duration_ms=readable.duration_ms,
                path=path,
                uploaded_by=actor,
                created_at=at,
            )
            event = MediaStored(subject=media.public_id, sha256=sha256)
            record(event=event, actor=actor, at=at)
    except IntegrityError:  # somebody stored the same picture at the same moment
        files.forget(path)
        return there.get()
    return media
