"""The jury's page: what is nominated, and one's own vote on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.jury import POINTS, is_juror, vote_cast
from fixpoint.organizing.models import Nomination, Vote
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import task_for


@dataclass(frozen=True)
class Typed:
    """A vote that was refused, as it was typed."""

    points: int
    comment: str
    refusal: str


@login_required
@never_cache
@require_safe
def jury(request: SignedInRequest, slug: str) -> HttpResponse:
    """For who votes alone; what others think is told to organizers, so that nobody follows anybody."""
    return _page(request, _task_or_404(request, slug))


@login_required
@require_POST
def vote(request: SignedInRequest, slug: str, entry_id: UUID) -> HttpResponse:
    """Instead of what one thought before."""
    task = _task_or_404(request, slug)
    rows = Nomination.objects.select_related("submission__task")
    nomination = get_object_or_404(rows, submission__task=task, pk=entry_id)
    asked = request.POST.get("points", "")
    points = int(asked) if asked in {str(each) for each in POINTS} else 0
    try:
        vote_cast(nomination=nomination, points=points, comment=request.POST.get("comment", ""), who=request.user)
    except ActRefusedError as refusal:
        typed = Typed(points, request.POST.get("comment", ""), str(refusal))
        return _page(request, task, {nomination.pk: typed}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Your vote is kept; you can change it until the award is given."))
    return redirect("jury", task.slug)


def _page(
    request: SignedInRequest, task: Task, typed: Mapping[UUID, Typed] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    own = {each.nomination_id: each for each in Vote.objects.filter(user=request.user)}
    rows = Nomination.objects.filter(submission__task=task).select_related("submission__team")
    nominated = [(each, own.get(each.pk), (typed or {}).get(each.pk) or own.get(each.pk)) for each in rows]
    context = {"task": task, "nominated": nominated, "points": POINTS}
    return render(request, "organizing/jury.html", context, status=status)


def _task_or_404(request: SignedInRequest, slug: str) -> Task:
    try:
        task = task_for(request.user, slug)
    except Task.DoesNotExist as error:
        raise Http404 from error
    if not is_juror(request.user, task):
        raise Http404
    return task
