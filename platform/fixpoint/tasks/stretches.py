"""A task's phases: stretches of its time with limits of their own."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from django.db import models
from django.utils.translation import gettext as _


class Phase(models.Model):
    """One stretch, whose limits hold instead of the task's; where a task has any, entries are taken in them alone."""

    task = models.ForeignKey("tasks.Task", on_delete=models.CASCADE, related_name="phases")
    name = models.CharField(max_length=60)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    entries_per_day = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: as many as in the task.")
    entries_total = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of a team within it; empty: no limit."
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("begins_at",)
        constraints = [
            models.CheckConstraint(
                name="a_phase_ends_after_it_begins", condition=models.Q(ends_at__gt=models.F("begins_at"))
            )
        ]

    def __str__(self) -> str:
        return self.name


class Stretch(Protocol):
    """What there is to check of a phase, wherever it is written."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def begins_at(self) -> datetime:
        """From when."""

    @property
    def ends_at(self) -> datetime:
        """Until when."""


def phase_problems(
    phases: Sequence[Stretch], *, opens_at: datetime | None, closes_at: datetime | None
) -> list[tuple[int, str]]:
    """A sentence for each phase that cannot be, with its number in the list."""
    found = [(n, problem) for n, each in enumerate(phases) for problem in _outside(each, opens_at, closes_at)]
    by_begin = sorted(enumerate(phases), key=lambda numbered: numbered[1].begins_at)
    for (_n, one), (after, other) in pairwise(by_begin):
        if other.begins_at < one.ends_at:
            says = _("The phase '%(other)s' begins before '%(one)s' has ended: phases must not overlap.")
            found.append((after, says % {"other": other.name, "one": one.name}))
    return sorted(found)


def _outside(each: Stretch, opens_at: datetime | None, closes_at: datetime | None) -> list[str]:
    name = {"name": each.name}
    found = []
    if each.ends_at <= each.begins_at:
        found.append(_("The phase '%(name)s' ends before it begins: set its end later.") % name)
    if opens_at and each.begins_at < opens_at:
        found.append(_("The phase '%(name)s' begins before the task opens: begin it later, or open earlier.") % name)
    if closes_at and each.ends_at > closes_at:
        found.append(_("The phase '%(name)s' ends after the task closes: end it earlier, or close later.") % name)
    return found
