"""The first page: what this is, and what can be entered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fixpoint.pages.task_facts import task_facts
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import tasks_open


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Open tasks as cards, closed ones below."""
    context = {
        "cards": [task_facts(task) for task in tasks_open()],
        "closed": Task.objects.filter(status=Task.Status.CLOSED),
    }
    return render(request, "pages/home.html", context)
