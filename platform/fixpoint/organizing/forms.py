"""What organizers fill in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fixpoint.organizing.reasons import LONGEST
from fixpoint.tasks.models import Task

_FORMAT = "%Y-%m-%dT%H:%M"
_DATES = ("opens_at", "closes_at", "teams_until")


class ReasonForm(forms.Form):
    """Why."""

    why = forms.CharField(label=_("Why?"), max_length=LONGEST)


class CloseForm(ReasonForm):
    """Why, and that it is meant."""

    is_meant = forms.BooleanField(label=_("I know that it cannot be opened again."))


class DatesForm(ReasonForm):
    """The dates of a task in its own time zone."""

    opens_at = forms.DateTimeField(label=_("Opens"), required=False)
    closes_at = forms.DateTimeField(label=_("Closes"), required=False)
    teams_until = forms.DateTimeField(label=_("Teams can change until"), required=False)
    field_order = (*_DATES, "why")

    def __init__(self, data: Mapping[str, Any] | None, *, task: Task) -> None:
        self._zone = ZoneInfo(task.time_zone)
        self._before: dict[str, datetime | None] = {name: getattr(task, name) for name in _DATES}
        initial = {name: self._local(moment) for name, moment in self._before.items()}
        super().__init__(data, initial=initial)
        for name in _DATES:
            self.fields[name].widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_FORMAT)
            self.fields[name].help_text = _("In the time zone %(zone)s; empty: no such date.") % {
                "zone": task.time_zone
            }

    def clean(self) -> dict[str, Any]:
        """With the zone of the task; who is asked for minutes does not move a date by its seconds."""
        found = super().clean() or self.cleaned_data
        for name in _DATES:
            found[name] = self._meant(name, found.get(name))
        return found

    def _meant(self, name: str, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        asked, before = timezone.make_naive(value, timezone.get_current_timezone()), self.initial[name]
        is_same = before is not None and before.replace(second=0, microsecond=0) == asked
        return self._before[name] if is_same else asked.replace(tzinfo=self._zone)

    def _local(self, moment: datetime | None) -> datetime | None:
        """As a clock there shows it, without a zone: Django would turn it to its own."""
        return moment.astimezone(self._zone).replace(tzinfo=None) if moment else None


class LinesField(forms.CharField):
    """A text of lines, each end of which counts as one character, as browsers count it."""

    def to_python(self, value: Any) -> Any:
        """Before its length is looked at."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class AnnouncementForm(forms.Form):
    """A title and a text."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = LinesField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Markdown; an empty line begins a new paragraph."),
    )


class IncidentForm(forms.Form):
    """What does not work, since when, and what is known."""

    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("As long as it lasts, in a banner on every page.")
    )
    began_at = forms.DateTimeField(
        label=_("Began"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_FORMAT),
        help_text=_("In the time zone of the site. A later moment announces work that is planned."),
    )
    text = LinesField(label=_("What is known"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
