"""What organizers do to an entry on its page."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.submissions.disqualifying import (
    DisqualificationError,
    submission_disqualify,
    submission_reinstate,
)
from fixpoint.submissions.models import Submission
from fixpoint.submissions.reruns import RerunRefusedError, submission_rerun
from fixpoint.submissions.selectors import submission_for
from fixpoint.tasks.running import runs


@login_required
@require_POST
def rerun(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Run it again; to the new one, or back with the reason if that cannot be."""
    entry = _entry_or_404(request, entry_id)
    try:
        again = submission_rerun(submission=entry, why=request.POST.get("why", ""), who=request.user.username)
    except RerunRefusedError as error:
        messages.error(request, str(error))
        return redirect("entry", entry.pk)
    messages.success(request, _("It is queued once more. Nobody is charged, and the board stays as it is."))
    return redirect("entry", again.pk)


@login_required
@require_POST
def disqualify(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Off every board."""
    return _decided(request, entry_id, submission_disqualify, _("It stands on no board any more; its owner is told."))


@login_required
@require_POST
def reinstate(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Back onto its boards."""
    return _decided(request, entry_id, submission_reinstate, _("It stands on its boards again; its owner is told."))


def _decided(request: SignedInRequest, entry_id: UUID, act: Callable[..., None], done: str) -> HttpResponse:
    entry = _entry_or_404(request, entry_id)
    try:
        act(submission=entry, why=request.POST.get("why", ""), who=request.user.username)
    except DisqualificationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("entry", entry.pk)


def _entry_or_404(request: SignedInRequest, entry_id: UUID) -> Submission:
    """For who runs its task alone: whoever else asks is not told whether there is such an entry."""
    try:
        entry = submission_for(request.user, entry_id)
    except Submission.DoesNotExist as error:
        raise Http404 from error
    if not runs(request.user, entry.task):
        raise Http404
    return entry
