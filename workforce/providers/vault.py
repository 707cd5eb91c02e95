"""The key ring of this instance, from its settings."""

import base64
import hashlib
from functools import cache

from django.conf import settings

from workforce.rules.vault import KeyRing, ring_from


@cache
def ring() -> KeyRing:
    """Keys from LECTERN_FIELD_KEYS; outside production one derived from the secret key."""
    if settings.FIELD_KEYS:
        return ring_from(settings.FIELD_KEYS)
    derived = hashlib.sha256(b"field keys\n" + settings.SECRET_KEY.encode()).digest()
    return ring_from("dev:" + base64.b64encode(derived).decode())
