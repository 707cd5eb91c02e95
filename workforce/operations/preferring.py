"""What a person sets for herself: her zone, how pages look, which keys do what."""

from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from workforce.events import SettingsChanged
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.preferences import Preferences, clashes, read
from workforce.rules.problems import Invalid


class CannotPrefer(Invalid):
    code = "settings_not_valid"


@transaction.atomic
def prefer(
    *, account: Account, preferences: Preferences, at: datetime, time_zone: str | None = None
) -> Account:
    """Keep these preferences (and the zone, where one is given) of the account.

    `CannotPrefer` for an unknown zone or keys that clash. Saving what is there changes nothing.
    """
    if time_zone is not None and time_zone not in available_timezones():
        raise CannotPrefer(
            _("This time zone is not known."),
            errors={"time_zone": [_("Choose a zone from the list, such as Europe/London.")]},
        )
    _check_keys(preferences)
    locked = Account.objects.select_for_update().get(pk=account.pk)
    before, after = read(locked.preferences).stored(), preferences.stored()
    changed = sorted(name for name, value in after.items() if before[name] != value)
    if time_zone is not None and time_zone != locked.time_zone:
        changed.append("time_zone")
    if not changed:
        return locked
    locked.preferences = after
    locked.time_zone = time_zone or locked.time_zone
    locked.save(update_fields=["preferences", "time_zone"])
    account.preferences, account.time_zone = locked.preferences, locked.time_zone
    record(
        event=SettingsChanged(subject=account.public_id, fields=tuple(changed)),
        actor=account,
        at=at,
    )
    return locked


def _check_keys(preferences: Preferences) -> None:
    problems = clashes(preferences.keys)
    if not problems:
        return
    words = {
        "form": _("Give one printable character."),
        "fixed": _("This key has a meaning everywhere and keeps it."),
    }
    raise CannotPrefer(
        _("Some keys cannot be used."),
        errors={
            act: [words.get(why) or _("“%s” uses this key already.") % why]
            for act, why in problems.items()
        },
    )
