"""Marks of the pages from which a task is run: heads that sort, grams by the task's grid, times, what was changed."""

from collections.abc import Sequence
from datetime import timedelta

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from fixpoint.energy.estimates import grams
from fixpoint.organizing.analytics import Day
from fixpoint.organizing.awarding import awards_shown
from fixpoint.pages.act_details import detail_told
from fixpoint.pages.charts.columns import columns_of
from fixpoint.pages.templatetags.figures import amount, duration
from fixpoint.submissions.models import Submission
from fixpoint.submissions.revealing import deciding_accuracy
from fixpoint.tasks.models import Task

register = template.Library()


@register.inclusion_tag("organizing/head.html", takes_context=True)
def head(context: Context, word: str, name: str, css: str = "") -> dict[str, object]:
    """A column's head: a link that sorts by it, and turns the order round where it is sorted by it already."""
    now = context["choice"].sort
    order = {word: "ascending", f"-{word}": "descending"}.get(now, "")
    to = f"-{word}" if order == "ascending" else word
    return {"name": name, "css": css, "order": order, "to": to, "sorting": context["sorting"]}


@register.simple_tag
def grams_at(kwh: float | None, task: Task) -> str | SafeString:
    """Grams of CO₂ of this energy by the grid of the task."""
    return amount(None if kwh is None else grams(kwh, task.grid_g_per_kwh, task.pue))


@register.filter
def deciding(entry: Submission) -> float | None:
    """The score that counts of it now."""
    return deciding_accuracy(entry)


@register.simple_tag
def took(time: timedelta | None) -> str | SafeString:
    """A span as a person says it."""
    return duration(None if time is None else time.total_seconds())


@register.simple_tag
def detail(name: str, change: object) -> str:
    """One line of an act's details."""
    return detail_told(name, change)


@register.inclusion_tag("parts/columns.html")
def day_columns(days: Sequence[Day], name: str, says: str) -> dict[str, object]:
    """A column a day of one figure; the table below says the same in numbers."""
    is_energy = name in {"watt_hours", "grams"}
    values = [float(getattr(each, name)) for each in days]
    chart = columns_of([each.day for each in days], values, are_whole=not is_energy)
    return {"chart": chart, "says": says, "tone": "green" if is_energy else ""}


@register.inclusion_tag("parts/awards.html")
def awards(task: Task) -> dict[str, object]:
    """Who has won what, once that is published; a task that runs is not asked for it."""
    return {"task": task, "awards": awards_shown(task) if task.phase == Task.Status.CLOSED else []}
