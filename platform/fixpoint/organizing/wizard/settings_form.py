"""What may be changed of a task while it runs: texts, limits of entries, people; dates only of a draft."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fixpoint.organizing.wizard.forms import DatesForm, RulesForm, StepForm, WhatForm
from fixpoint.tasks.models import Task

_FROM: dict[type[StepForm], str] = {
    WhatForm: "title summary description",
    RulesForm: "rules eligibility prizes awards faq entries_per_day entries_per_week entries_total entries_at_once"
    " max_team_size takes_late_entries",
    DatesForm: "time_zone opens_at closes_at teams_until visibility organizers",
}
CHANGEABLE = tuple(name for names in _FROM.values() for name in names.split())
MOMENTS = frozenset({"opens_at", "closes_at", "teams_until"})
"""Of a published task they move on the page of dates (organizing/dates.py), where everybody who takes part is told."""
LIMITS = frozenset({"entries_per_day", "entries_per_week", "entries_total", "entries_at_once", "max_team_size"})

_SCORES = _("Scores made before would not compare with scores made after.")
_HIDDEN = _("The hidden images and their sides are what every score so far is of.")
LOCKED: dict[str, str | Promise] = {
    "slug": _("Links and badges out there lead to it."),
    "classes": _SCORES,
    "recipe": _SCORES,
    "seeds": _SCORES,
    "seed": _SCORES,
    "hidden_test": _HIDDEN,
    "public_share": _HIDDEN,
    "score_decimals": _("It would tell more of the scores that were told."),
    "ladder": _("It would tell more of the scores that were told."),
    "counting": _("Teams have entered, and chosen, by it."),
    "max_chosen": _("Teams have entered, and chosen, by it."),
    "accuracy_floor": _("It decides who is ranked by emissions."),
    "grid_g_per_kwh": _("All grams on the board are by it."),
    "pue": _("All grams on the board are by it."),
}
"""What would make another competition of it, and why."""


def changeable(task: Task) -> list[str]:
    """Names of the fields that this task's settings may change now."""
    return [name for name in CHANGEABLE if task.published_at is None or name not in MOMENTS]


class SettingsForm(StepForm):
    """The same fields as in the wizard, and the reason."""

    why = forms.CharField(
        label=_("Why?"), max_length=500, help_text=_("It stands in the record of what organizers do.")
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(CHANGEABLE) - set(changeable(task)):
            del self.fields[name]
        self.fields["organizers"].label = _("Organizers")  # all of them: in the wizard one is not named oneself
        self.fields["why"].required = True
        self.order_fields([*CHANGEABLE, "why"])


for _form, _names in _FROM.items():
    for _name in _names.split():
        SettingsForm.base_fields[_name] = _form.base_fields[_name]
