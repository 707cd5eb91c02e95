"""The form of a routing policy: what one unit of each number means, in plain words."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.policies import BOUNDS, DEFAULT, PREFERRED, PREFERRED_MAX, Policy, changes

TRYING = "preview"
REHEARSING = "rehearse"
"""The buttons that try the values; nothing is saved, so nobody has to say why."""

YESTERDAY, WEEK, TWO_WEEKS, CHOSEN = "yesterday", "week", "two_weeks", "chosen"

IDS_CHARS_MAX = PREFERRED_MAX * 18

WORDS: dict[str, tuple[Any, Any]] = {
    "minutes_per_priority_step": (
        lazy("Minutes per step of priority"),
        lazy(
            "One step of priority counts as this long a wait. At 30 a task of priority 60 comes "
            "before one of 50, until that one has waited 5 hours longer. 0: only waiting counts."
        ),
    ),
    "sla_pressure_minutes": (
        lazy("SLA pressure, minutes"),
        lazy(
            "Added as the promised time runs out, all of it at the end. At 2880 a task at its "
            "limit counts as if it had waited two days longer."
        ),
    ),
    "late_minutes": (
        lazy("Late work stands behind by, minutes"),
        lazy(
            "Taken off once less than twice the usual working time is left, so that what can still "
            "be in time comes first; late work is done when nothing else waits. At 20160 it comes "
            "before everything after about two weeks. 0: it only loses the pressure."
        ),
    ),
    "fit_minutes_per_level": (
        lazy("Minutes per level"),
        lazy(
            "Each level of the qualification above the first. At 5 somebody of level 3 is ahead "
            "of somebody of level 1 by 10 minutes."
        ),
    ),
    "standing_minutes": (
        lazy("Minutes for good answers"),
        lazy(
            "By reviews and known answers, from ten of them on, as far as they prove it. At 20 "
            "somebody surely right in nine of ten is 16 minutes ahead, in one of ten 16 behind. "
            "0: off."
        ),
    ),
    "cost_percent": (
        lazy("Weight of pay, percent"),
        lazy(
            "Minutes lost per 100 cents of expected pay. At 300 somebody whose answer costs $20 "
            "more is an hour behind; at 100, 20 minutes."
        ),
    ),
    "affinity_minutes": (
        lazy("Minutes for knowing the project"),
        lazy("For people who handed in work of the same project lately: its guide is fresh."),
    ),
    "affinity_window_days": (
        lazy("“Lately” is, days"),
        lazy("After so many days without work of the project the minutes above are gone."),
    ),
    "fairness_minutes_per_claim": (
        lazy("Minutes per task of the last day"),
        lazy(
            "Taken off for each task that somebody was given within 24 hours, up to 12 of them, so "
            "that work goes round. At 10 five tasks put her 50 minutes behind."
        ),
    ),
    "preferred_minutes": (
        lazy("Minutes for preferred people"),
        lazy("At 60 somebody preferred comes first, unless others are an hour ahead otherwise."),
    ),
    PREFERRED: (
        lazy("People the client prefers"),
        lazy("Ids such as E-12, with blanks between them. Nothing is kept for them."),
    ),
    "offers_per_tutor": (
        lazy("Offers waiting per person"),
        lazy("Nobody is offered more of this while so many offers wait for her answer."),
    ),
    "attempt_weight": (
        lazy("Hands that a task fills"),
        lazy(
            "Of somebody's capacity. At 2 who may hold three tasks at once holds one of these and "
            "one that fills one hand."
        ),
    ),
    "review_weight": (
        lazy("Hands that a review fills"),
        lazy("The same for reviews and decisions."),
    ),
    "wrap_up_seconds": (
        lazy("After an answer, seconds"),
        lazy(
            "So long after handing in work of this nobody is offered anything, to finish her notes "
            "or to catch breath. She may still take work herself. 0: no pause."
        ),
    ),
    "offer_ttl_seconds": (
        lazy("An offer lasts, seconds"),
        lazy("Empty: as long as the project says. A number here goes over the project's."),
    ),
    "decline_days": (
        lazy("After a decline, days"),
        lazy("The task is not offered to the same person again so soon. She may still take it."),
    ),
    "cool_down_minutes": (
        lazy("After silence, minutes"),
        lazy("Who let an offer run out is offered nothing of this queue for so long. No mark."),
    ),
    "specialist_first_minutes": (
        lazy("Head start, minutes"),
        lazy(
            "So long after a task opens only people of the level below get it, offered or taken. "
            "At 45 everybody else gets it after three quarters of an hour. 0: no head start."
        ),
    ),
    "specialist_level": (
        lazy("For this level and above"),
        lazy("2 to 4, in the project's speciality."),
    ),
    "concentration_percent": (
        lazy("One person's share, percent"),
        lazy(
            "The most of a project's answers of 7 days, with those in hand, that one person may "
            "have. At 30 somebody with 30 of 100 waits for others. 0 or 100: no limit."
        ),
    ),
    "concentration_attempts_min": (
        lazy("Counted from, answers"),
        lazy("With fewer answers than this nobody is stopped, so that a start is possible."),
    ),
}
"""Label and help by field."""

GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        lazy("Which task comes first"),
        ("minutes_per_priority_step", "sla_pressure_minutes", "late_minutes"),
    ),
    (
        lazy("Who comes first for it"),
        (
            "fit_minutes_per_level",
            "standing_minutes",
            "cost_percent",
            "affinity_minutes",
            "affinity_window_days",
            "fairness_minutes_per_claim",
            "preferred_minutes",
            PREFERRED,
        ),
    ),
    (
        lazy("Offers"),
        (
            "offers_per_tutor",
            "offer_ttl_seconds",
            "decline_days",
            "cool_down_minutes",
            "wrap_up_seconds",
        ),
    ),
    (
        lazy("Who may have it"),
        (
            "attempt_weight",
            "review_weight",
            "specialist_first_minutes",
            "specialist_level",
            "concentration_percent",
            "concentration_attempts_min",
        ),
    ),
)


def change_lines(*, before: Policy, after: Policy) -> list[dict[str, str]]:
    """What differs between two policies, in words."""
    return [
        {
            "label": str(WORDS[each.name][0]),
            "before": shown(each.name, each.before),
            "after": shown(each.name, each.after),
        }
        for each in changes(before=before, after=after)
    ]


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class RoutingForm(forms.Form):
    """A whole policy, why it is set, and the version that its editor looked at."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    note = forms.CharField(
        label=lazy("Why"),
        help_text=lazy("In a few words; it stays with the version."),
        max_length=REASON_CHARS_MAX,
        error_messages={"required": lazy("Say in a few words why.")},
    )
    period = forms.ChoiceField(
        label=lazy("Period"),
        required=False,
        choices=[
            (YESTERDAY, lazy("Yesterday")),
            (WEEK, lazy("The last 7 days")),
            (TWO_WEEKS, lazy("The last 14 days")),
            (CHOSEN, lazy("Between these moments")),
        ],
    )
    since = _moment(lazy("From, UTC"))
    until = _moment(lazy("To, UTC"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = self.data.get("act") not in (TRYING, REHEARSING)
        for name, (label, said) in WORDS.items():
            self.fields[name] = (
                _people(label, said) if name == PREFERRED else _number(name, label, said)
            )

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean_preferred_tutors(self) -> list[str]:
        text: str = self.cleaned_data[PREFERRED]
        return text.replace(",", " ").upper().split()

    def clean(self) -> dict[str, Any]:
        """Both moments are needed only where they say the period."""
        cleaned = super().clean() or {}
        asked = self.data.get("act") == REHEARSING and cleaned.get("period") == CHOSEN
        for name in ("since", "until") if asked else ():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Say when, as 2026-11-25 08:00."))
        return cleaned

    def span(self, *, at: datetime) -> tuple[datetime, datetime]:
        """The period of a dry run, from its words. Days are those of UTC."""
        chosen = self.cleaned_data["period"] or YESTERDAY
        if chosen == CHOSEN:
            return self.cleaned_data["since"], self.cleaned_data["until"]
        if chosen == YESTERDAY:
            today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            return today - timedelta(days=1), today
        return at - timedelta(days=7 if chosen == WEEK else 14), at

    def document(self) -> dict[str, Any]:
        """What the fields say, to be read and checked as any other document."""
        return {name: self.cleaned_data[name] for name in WORDS}


def initial_of(policy: Policy, *, version: int) -> dict[str, Any]:
    """The fields as this policy says them."""
    people = " ".join(policy.preferred_tutors)
    return {**policy.as_json(), PREFERRED: people, "version": version}


def shown(name: str, value: Any) -> str:
    """A value of a policy as people read it in a list of differences."""
    if name == PREFERRED:
        return ", ".join(value) or str(_("nobody"))
    return str(_("as the project says")) if value is None else str(value)


def _number(name: str, label: Any, said: Any) -> forms.IntegerField:
    bounds, usual = BOUNDS[name], DEFAULT.as_json()[name]
    usually = _("Usual: empty.") if usual is None else _("Usual: %(n)s.") % {"n": usual}
    return forms.IntegerField(
        label=label,
        help_text=f"{said} {usually}",
        min_value=bounds.least,
        max_value=bounds.most,
        required=not bounds.optional,
    )


def _people(label: Any, said: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=said,
        max_length=IDS_CHARS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
