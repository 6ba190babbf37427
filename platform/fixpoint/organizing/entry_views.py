"""What is done to an entry on its page: cancelling it, and what organizers alone do."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.entry_acts import entry_cancel, entry_disqualify, entry_reinstate, entry_rerun
from fixpoint.organizing.held_awards import held_tell
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import may_cancel, submission_for
from fixpoint.submissions.services import StartedError
from fixpoint.tasks.running import runs


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Stop an entry, by its team or an organizer; asked before, it says what that costs. `free`: only if nothing."""
    entry = _entry_or_404(request, entry_id)
    if not may_cancel(request.user, entry):
        raise Http404
    if request.method != "POST":
        return render(request, "submissions/cancel.html", {"entry": entry, "task": entry.task})
    try:
        entry_cancel(entry=entry, why=request.POST.get("why", ""), who=request.user, only_free="free" in request.POST)
    except StartedError:
        messages.info(request, _("It has started meanwhile, and was not cancelled."))
        return redirect("entry_cancel", entry.pk)
    except ActRefusedError as refusal:
        messages.info(request, str(refusal))
    return redirect("entry", entry.pk)


@login_required
@require_POST
def rerun(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Run it again; to the new one, or back with the reason if that cannot be."""
    entry = _run_entry_or_404(request, entry_id)
    try:
        again = entry_rerun(entry=entry, why=request.POST.get("why", ""), who=request.user)
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("entry", entry.pk)
    messages.success(request, _("It is queued once more. Nobody is charged, and the board stays as it is."))
    return redirect("entry", again.pk)


@login_required
@require_POST
def disqualify(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Off every board."""
    return _decided(request, entry_id, entry_disqualify, _("It stands on no board any more; its owner is told."))


@login_required
@require_POST
def reinstate(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Back onto its boards."""
    return _decided(request, entry_id, entry_reinstate, _("It stands on its boards again; its owner is told."))


def _decided(request: SignedInRequest, entry_id: UUID, act: Callable[..., None], done: str) -> HttpResponse:
    entry = _run_entry_or_404(request, entry_id)
    try:
        act(entry=entry, why=request.POST.get("why", ""), who=request.user)
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
        held_tell(request, [entry])
    return redirect("entry", entry.pk)


def _entry_or_404(request: SignedInRequest, entry_id: UUID) -> Submission:
    try:
        return submission_for(request.user, entry_id)
    except Submission.DoesNotExist as error:
        raise Http404 from error


def _run_entry_or_404(request: SignedInRequest, entry_id: UUID) -> Submission:
    """For who runs its task alone: whoever else asks is not told whether there is such an entry."""
    entry = _entry_or_404(request, entry_id)
    if not runs(request.user, entry.task):
        raise Http404
    return entry
