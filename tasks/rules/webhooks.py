"""What leaves the house as news, how it is signed, and when a failed delivery is tried again."""

import base64
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

KINDS = (
    "tasks.batch_done",
    "tasks.submitted",
    "tasks.reviewed",
    "tasks.reviews_overdue",
    "tasks.task_cancelled",
    "tasks.webhook_endpoint_disabled",
)
"""Our events that clients may hear of."""

RETRY_SECONDS = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 64_800, 79_200)
"""Waits before each try, the first at once; together about three days."""

FAILING_FOR_MAX = timedelta(days=3)
"""An endpoint that took nothing for so long is switched off, with a notice."""

ROTATION = timedelta(hours=24)
"""Both secrets sign for so long after a rotation."""

ENDPOINTS_MAX = 20
"""Endpoints of one client."""

URL_CHARS_MAX = 500
TIMEOUT_SECONDS = 10
"""Without a sign of life."""

DEADLINE_SECONDS = 15
"""For the whole call."""

ANSWER_BYTES_MAX = 4_096
GONE = 410
"""The receiver's word that this address is not coming back."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def new_secret() -> str:
    """256 random bits, shown once."""
    return "whsec_" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def signature(*, secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The `Webhook-Signature` header: one `v1,<hex>` for each live secret, apart by blanks.

    Each is HMAC-SHA256 over `<Webhook-Id>.<Webhook-Timestamp>.<raw body>`.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(
        f"v1,{hmac.new(s.encode(), signed, hashlib.sha256).hexdigest()}" for s in secrets
    )


def wait_before(*, attempts: int) -> timedelta | None:
    """How long to wait after `attempts` failed tries (1 or more); None when that was the last."""
    if attempts >= len(RETRY_SECONDS):
        return None
    return timedelta(seconds=RETRY_SECONDS[attempts])


def url_fault(url: str, *, own_machine: bool) -> str:
    """Why this cannot be an endpoint's address; empty when it can.

    `own_machine`: for development, loopback addresses and plain http may be called.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        return "This is no address."
    if parts.scheme not in ("https", "http") or not host:
        return "Give an address that starts with https://."
    if parts.scheme == "http" and not own_machine:
        return "Only https:// addresses are called."
    if parts.username or parts.password or parts.fragment:
        return "Leave user names, passwords and fragments out of the address."
    if port == 0 or any(ord(c) < 33 or ord(c) > 126 for c in url):
        return "The address holds characters that do not belong there."
    return _host_fault(host, own_machine=own_machine)


def _host_fault(host: str, *, own_machine: bool) -> str:
    if host == "localhost" and own_machine:
        return ""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return "This address is not on the public internet."
    try:
        fine = may_call(host, own_machine=own_machine)
        return "" if fine else "This address is not on the public internet."
    except ValueError:
        return ""


def may_call(address: str, *, own_machine: bool) -> bool:
    """Whether an IP address may be called: a public one, or in development the loopback."""
    if own_machine and ipaddress.ip_address(address.partition("%")[0]).is_loopback:
        return True
    return is_public(address)


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified
