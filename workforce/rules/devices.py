"""What a browser says of itself, in words that its owner knows it by."""

_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
PHONES = frozenset({"iPhone", "Android"})


def device_of(user_agent: str) -> str:
    """`Firefox on Linux`; for anything else the first word that it calls itself by."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = system_of(user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or user_agent.partition("/")[0][:40] or "Unknown"


def system_of(user_agent: str) -> str:
    return next((name for mark, name in _SYSTEMS if mark in user_agent), "")
