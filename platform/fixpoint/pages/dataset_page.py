"""A dataset's page: is my data good, and what would entering it cost?"""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.models import Dataset, Remark
from fixpoint.datasets.selectors import (
    comparable,
    dataset_even_deleted,
    dataset_for,
    hidden_overlap,
    is_unread,
    may_manage,
    remark_groups,
    twins,
)
from fixpoint.dispatch.overview import why_waiting
from fixpoint.pages.attempts import attempts_of
from fixpoint.pages.cost import CAR_G_PER_KM, cost_of
from fixpoint.pages.precheck import precheck_of
from fixpoint.submissions.again import scored_alike
from fixpoint.submissions.deletion import why_needed
from fixpoint.submissions.selectors import quota_of
from fixpoint.tasks.running import runs
from fixpoint.teams.selectors import are_mates


@login_required
@never_cache
@require_safe
def dataset(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """The whole page; of a deleted one, the page on which it can be restored."""
    try:
        return render(request, "datasets/dataset.html", _context(request, dataset_id))
    except Dataset.DoesNotExist:
        if _is_deleted(request, dataset_id):
            return redirect("dataset_delete", dataset_id)
        raise Http404 from None


@login_required
@never_cache
@require_safe
def live(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """What changes while its images are read; the last one asks for no more."""
    try:
        return render(request, "datasets/dataset_body.html", _context(request, dataset_id))
    except Dataset.DoesNotExist as error:
        raise Http404 from error


def _is_deleted(request: SignedInRequest, dataset_id: UUID) -> bool:
    try:
        return dataset_even_deleted(request.user, dataset_id).deleted_at is not None
    except Dataset.DoesNotExist:
        return False


def _context(request: SignedInRequest, dataset_id: UUID) -> dict[str, object]:
    shown = dataset_for(request.user, dataset_id)
    groups = remark_groups(shown)
    is_accepted = shown.status == Dataset.Status.ACCEPTED
    entries = list(shown.submissions.select_related("task"))
    refusals = [group for group in groups if group.severity == Remark.Severity.REFUSAL]
    return {
        "dataset": shown,
        "task": shown.task,
        "is_owner": shown.owner_id == request.user.pk,
        "is_teams": are_mates(request.user, shown.owner_id, shown.task_id),
        "may_manage": may_manage(request.user, shown),
        "is_accepted": is_accepted,
        "refusals": refusals,
        "is_refused_unread": shown.status == Dataset.Status.CANCELLED and bool(refusals),
        "is_unread": is_unread(shown),
        "findings": [group for group in groups if group.severity == Remark.Severity.FINDING],
        "cost": cost_of(shown) if is_accepted else None,
        "car_g_per_km": CAR_G_PER_KM,
        "quota": quota_of(shown.owner, shown.task) if is_accepted else None,
        "entries": entries,
        "alike": scored_alike(shown) if is_accepted and shown.task.takes_entries else None,
        "newest": next((each for each in entries if not each.rerun_of_id), None),
        "precheck": precheck_of(shown),
        "has_gallery": bool(shown.thumbnails_sha256),
        "is_live": not shown.is_final or shown.is_being_examined,
        "others": list(comparable(shown)) if shown.thumbnails_sha256 else [],
        "twins": list(twins(shown)),
        "hidden_overlap": hidden_overlap(request.user, shown),
        "attempts": attempts_of(shown) if runs(request.user, shown.task) else [],
        "waiting": "" if shown.is_final else why_waiting(shown.pk),
        "why_needed": why_needed(shown),
        "now": timezone.now(),
    }
