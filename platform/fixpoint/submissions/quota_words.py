"""A quota that is used up, in words: which limit, and when the next entry is taken."""

from django.utils.translation import ngettext

from fixpoint.submissions.selectors import QuotaLeft
from fixpoint.tasks.models import Task


def why_used_up(quota: QuotaLeft, task: Task) -> str:
    """Why no other entry is taken now, as a sentence that sayings/of_entries.py knows; "" where one is."""
    if quota.phase and quota.total_left <= 0:
        says = ngettext(
            "%(total)s entry of the phase %(phase)s is all that there is, and it is used.",
            "All %(total)s entries of the phase %(phase)s are used.",
            quota.total,
        )
        return says % {"total": quota.total, "phase": quota.phase}
    if quota.total_left <= 0:
        says = ngettext(
            "%(total)s entry is all that this task allows, and it is used.",
            "All %(total)s entries of this task are used.",
            quota.total,
        )
        return says % {"total": quota.total}
    if quota.day_left == 0:
        says = ngettext(
            "%(count)s entry in 24 hours is used; the next is free at %(at)s UTC.",
            "%(count)s entries in 24 hours are used; the next is free at %(at)s UTC.",
            quota.per_day,
        )
        return says % {"count": quota.per_day, "at": f"{quota.returns_at:%Y-%m-%d %H:%M}"}
    if quota.week_left == 0:
        says = ngettext(
            "%(count)s entry in 7 days is used; the next is free at %(at)s UTC.",
            "%(count)s entries in 7 days are used; the next is free at %(at)s UTC.",
            task.entries_per_week,
        )
        return says % {"count": task.entries_per_week, "at": f"{quota.returns_at:%Y-%m-%d %H:%M}"}
    if quota.at_once_left == 0:
        says = ngettext(
            "%(count)s of your entries waits or runs; this task takes %(most)s at a time. Enter this one when one of "
            "them has ended.",
            "%(count)s of your entries wait or run; this task takes %(most)s at a time. Enter this one when one of "
            "them has ended.",
            quota.running,
        )
        return says % {"count": quota.running, "most": task.entries_at_once}
    return ""
