"""Field encryption: AES-256-GCM, the key's id in the value, so keys can be rotated."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """The value was not written with a key of this ring, or was changed since."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by id; `writer` encrypts, every key decrypts."""

    keys: Mapping[str, bytes]
    writer: str

    def close(self, text: str, *, context: str) -> str:
        """Encrypt. `context` (table and column) must be the same to open."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.writer]).encrypt(nonce, text.encode(), context.encode())
        return f"{self.writer}.{base64.b64encode(nonce + sealed).decode()}"

    def open(self, value: str, *, context: str) -> str:
        """Decrypt what `close` made; `CannotOpen` for anything else."""
        key_id, _, body = value.partition(".")
        try:
            raw = base64.b64decode(body, validate=True)
            opened = AESGCM(self.keys[key_id]).decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()
            )
        except (KeyError, ValueError, InvalidTag) as problem:
            raise CannotOpen(f"This value cannot be decrypted ({context}).") from problem
        return opened.decode()

    def fingerprint(self, text: str, *, context: str) -> str:
        """A blind index: equal texts give equal values, which tell nothing else."""
        key = self.keys[self.writer]
        return hmac.new(key, f"{context}\n{text}".encode(), hashlib.sha256).hexdigest()


def ring_from(text: str) -> KeyRing:
    """Read `id:base64key,…`; the first key writes. `ValueError` where a key is not 32 bytes."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        key_id, _, encoded = part.strip().partition(":")
        keys[key_id] = base64.b64decode(encoded, validate=True)
        if not key_id or len(keys[key_id]) != KEY_BYTES:
            raise ValueError("Each field key is `id:` and 32 bytes in base64.")
    return KeyRing(keys=keys, writer=next(iter(keys)))
