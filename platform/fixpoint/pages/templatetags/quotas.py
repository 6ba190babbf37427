"""What is left of a team's quota, on pages of apps that know no entries."""

from django import template
from django.template import Context

from fixpoint.submissions.quota_words import why_used_up
from fixpoint.submissions.selectors import QuotaLeft, quota_of
from fixpoint.tasks.models import Task

register = template.Library()


@register.simple_tag(takes_context=True)
def quota_left(context: Context, task: Task) -> QuotaLeft:
    """Of the team of whoever reads the page, which is for people who are signed in."""
    return quota_of(context["user"], task)


@register.simple_tag
def used_up(quota: QuotaLeft, task: Task) -> str:
    """Why no other entry is taken now; "" where one is."""
    return why_used_up(quota, task)
