"""Links that are there for whoever may follow them: an archived task's pages are there for who runs it alone."""

from django import template
from django.template import Context

from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs

register = template.Library()


@register.simple_tag(takes_context=True)
def finds_task(context: Context, task: Task) -> bool:
    """Whether links to its page, its board and its teams lead this reader anywhere."""
    return task.archived_at is None or runs(context["user"], task)


@register.inclusion_tag("parts/task_link.html", takes_context=True)
def task_link(context: Context, task: Task) -> dict[str, object]:
    """Its title, with a link to its page where there is one for this reader."""
    return {"task": task, "is_found": finds_task(context, task)}
