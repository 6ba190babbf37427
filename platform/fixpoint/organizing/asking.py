"""Which task an organizer's page is about."""

from django.http import Http404, HttpRequest

from fixpoint.tasks.models import Task
from fixpoint.tasks.running import tasks_run_by


def task_run_or_404(request: HttpRequest, slug: str) -> Task:
    """For who runs it alone: whoever else asks is not told whether there is such a task."""
    task = tasks_run_by(request.user).filter(slug=slug).first()
    if task is None:
        raise Http404
    return task
