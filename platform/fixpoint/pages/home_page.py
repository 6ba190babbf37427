"""The first page: what this is, and what can be entered."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fixpoint.pages.closed_facts import closed_facts
from fixpoint.pages.shared import shared
from fixpoint.pages.task_facts import task_facts
from fixpoint.tasks.selectors import tasks_closed, tasks_open, tasks_upcoming


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Open tasks as cards; those to come and those that are over below."""
    context = {
        "cards": [task_facts(task) for task in tasks_open(request.user)],
        "upcoming": tasks_upcoming(request.user),
        "closed": closed_facts(list(tasks_closed(request.user))),
    }
    return shared(request, render(request, "pages/home.html", context), is_public=True)
