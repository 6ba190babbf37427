"""Two entries beside each other."""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.pages.compared import compared
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import entries_of, submission_for

_CHOICES = 200
"""Entries that are offered, the newest."""


@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Those that `a` and `b` name, of one task; without both, one's own to choose from."""
    named = [request.GET.get(name, "") for name in ("a", "b")]
    if not all(named) and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    entries = [_entry(request, each) if each else None for each in named]
    first, second = entries
    is_mixed = first is not None and second is not None and first.task_id != second.task_id
    found = compared(first, second, request.user) if first and second and not is_mixed else None
    choices = _choices(request, first)
    context = {
        "compared": found,
        "is_mixed": is_mixed,
        "task": first.task if first else None,
        "picked": _picked(named, choices),
        "choices": choices,
    }
    return render(request, "pages/compare.html", context)


def _entry(request: HttpRequest, name: str) -> Submission:
    try:
        return submission_for(request.user, UUID(name))
    except (Submission.DoesNotExist, ValueError) as error:
        raise Http404 from error


def _picked(named: list[str], choices: list[Submission]) -> list[str]:
    """What is named; else the change of the newest: B is it, A the one before it in the same task."""
    first, second = named
    newest = next((each for each in choices if str(each.pk) != first), None)
    if not second and newest:
        second = str(newest.pk)
    last = next((each for each in choices if str(each.pk) == second), None)
    others = [each for each in choices if str(each.pk) != second]
    before = [each for each in others if last is None or each.task_id == last.task_id] or others
    if not first and before:
        first = str(before[0].pk)
    return [first, second]


def _choices(request: HttpRequest, beside: Submission | None) -> list[Submission]:
    """Of one's teams, with a score; of the same task, where one is named."""
    if not request.user.is_authenticated:
        return []
    own = entries_of(request.user).filter(status=Submission.Status.SCORED)
    if beside:
        own = own.filter(task=beside.task_id)
    return list(own.select_related("task", "dataset")[:_CHOICES])
