"""Settings: zone, theme, mail and keys. Each is kept by one operation and holds at once."""

from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.doors.pages import Visit, page, put_errors
from workforce.operations.preferring import CannotPrefer, prefer
from workforce.rules.preferences import DEFAULT_KEYS, Mail, Preferences, Theme


class GeneralForm(forms.Form):
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy(
            "Type a city to find it. Times on your pages are shown in it; Operations use UTC."
        ),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        widget=forms.RadioSelect,
        choices=[
            (Theme.SYSTEM.value, gettext_lazy("As the device")),
            (Theme.LIGHT.value, gettext_lazy("Light")),
            (Theme.DARK.value, gettext_lazy("Dark")),
        ],
    )
    mail = forms.ChoiceField(
        label=gettext_lazy("Notices by e-mail"),
        widget=forms.RadioSelect,
        choices=[
            (Mail.IMPORTANT.value, gettext_lazy("Those that ask something of you")),
            (Mail.ALL.value, gettext_lazy("All of them")),
            (Mail.NONE.value, gettext_lazy("None: I look at the page")),
        ],
    )
    title_count = forms.BooleanField(
        label=gettext_lazy("Mark the browser tab when something new waits"), required=False
    )
    sound = forms.BooleanField(
        label=gettext_lazy("Play a short sound for a new offer"), required=False
    )


@page()
def general(visit: Visit) -> HttpResponse:
    """Zone, theme and mail."""
    account = visit.account
    shown = {**account.likes.stored(), "time_zone": account.time_zone}
    form = GeneralForm(visit.request.POST if visit.posted else None, initial=shown)
    if visit.posted and form.is_valid():
        said = form.cleaned_data
        try:
            prefer(
                account=account,
                preferences=replace(
                    account.likes,
                    theme=Theme(said["theme"]),
                    mail=Mail(said["mail"]),
                    title_count=said["title_count"],
                    sound=said["sound"],
                ),
                time_zone=said["time_zone"].strip(),
                at=visit.at,
            )
        except CannotPrefer as refusal:
            put_errors(form, refusal)
        else:
            return visit.go("settings", say=_("Saved."))
    context = {
        "form": form,
        "zones": sorted(available_timezones()),
    }
    return visit.render("workforce/own/general.html", context, status=422 if form.errors else 200)


@page()
def theme(visit: Visit) -> HttpResponse:
    """The switch in the menu: light or dark, kept with the account."""
    if not visit.posted:
        return visit.go("settings")
    said = visit.request.POST.get("theme", "")
    if said not in set(Theme):
        raise CannotPrefer(_("Choose light, dark or as the device."))
    prefer(account=visit.account, preferences=replace(visit.account.likes, theme=Theme(said)),
           at=visit.at)  # fmt: skip
    return visit.empty()


WORDS = {
    "next": gettext_lazy("Next row, span or box"),
    "previous": gettext_lazy("Previous row, span or box"),
    "select": gettext_lazy("Select the row"),
    "filter": gettext_lazy("Focus the filter"),
    "create": gettext_lazy("Create"),
    "skip": gettext_lazy("Skip the task"),
    "pause": gettext_lazy("Pause the timer"),
    "guide": gettext_lazy("Open the guide"),
    "new": gettext_lazy("New span or box"),
}


class KeysForm(forms.Form):
    shortcuts = forms.BooleanField(label=gettext_lazy("Single keys work"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for act in DEFAULT_KEYS:
            self.fields[act] = forms.CharField(
                label=WORDS[act],
                max_length=1,
                widget=forms.TextInput(attrs={"size": 2, "autocomplete": "off"}),
            )

    def keys(self) -> dict[str, str]:
        """The acts whose key differs from the usual one."""
        chosen = {act: self.cleaned_data[act].lower() for act in DEFAULT_KEYS}
        return {act: key for act, key in chosen.items() if key != DEFAULT_KEYS[act]}


@page()
def keyboard(visit: Visit) -> HttpResponse:
    """Which single keys do what, and whether they do."""
    account = visit.account
    likes = account.likes
    shown: dict[str, Any] = {act: likes.key(act) for act in DEFAULT_KEYS}
    shown["shortcuts"] = likes.shortcuts
    if visit.posted and visit.request.POST.get("reset"):
        prefer(account=account, preferences=_usual(likes), at=visit.at)
        return visit.go("settings-keyboard", say=_("The usual keys are back."))
    form = KeysForm(visit.request.POST if visit.posted else None, initial=shown)
    if visit.posted and form.is_valid():
        wanted = replace(likes, shortcuts=form.cleaned_data["shortcuts"], keys=form.keys())
        try:
            prefer(account=account, preferences=wanted, at=visit.at)
        except CannotPrefer as refusal:
            put_errors(form, refusal)
        else:
            return visit.go("settings-keyboard", say=_("Saved."))
    context = {"form": form, "keys": [form[act] for act in DEFAULT_KEYS]}
    return visit.render("workforce/own/keyboard.html", context, status=422 if form.errors else 200)


def _usual(likes: Preferences) -> Preferences:
    return replace(likes, shortcuts=True, keys={})
