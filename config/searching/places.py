"""Pages by name."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from config.portals import PORTALS
from config.searching.asking import Asked, Group, Hit, url
from workforce.models import Account
from workforce.rules.roles import EVERYONE

OWN = (
    (_("Notices"), "notices", "bell"),
    (_("Settings"), "settings", "settings"),
    (_("Keyboard settings"), "settings-keyboard", "keyboard"),
    (_("Sessions"), "settings-sessions", "device-desktop"),
    (_("API tokens"), "settings-tokens", "key"),
    (_("Passkeys, app and password"), "mfa_index", "shield-lock"),
    (_("Help"), "help", "help-circle"),
)


def places_of(account: Account) -> Iterator[Hit]:
    """Every page that stands in somebody's navigation, and her own ones."""
    for portal in PORTALS:
        if not account.roles & portal.roles:
            continue
        for group in portal.groups:
            for entry in group.entries:
                if account.roles & entry.roles and (address := url(entry.to)):
                    yield Hit(
                        title=str(entry.label),
                        url=address,
                        detail=str(portal.label),
                        icon=entry.icon,
                    )
    for label, name, icon in OWN:
        if address := url(name):
            yield Hit(title=str(label), url=address, icon=icon)


def _find(asked: Asked) -> Sequence[Hit]:
    wanted = asked.text.lower()
    return [
        hit
        for hit in places_of(asked.account)
        if wanted in hit.title.lower() or hit.detail.lower().startswith(wanted)
    ]


PLACES = Group(label=_("Pages"), icon="compass", roles=EVERYONE, find=_find)
