"""An entry's page: what happened, and why? A scored one is public, by its public facts alone."""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.dispatch.overview import why_waiting
from fixpoint.pages.attempts import attempts_of
from fixpoint.pages.cost import CAR_G_PER_KM
from fixpoint.pages.decisions import decisions_of
from fixpoint.pages.energy_facts import energy_of
from fixpoint.pages.entry_facts import run_of, score_of
from fixpoint.pages.entry_log import log_of
from fixpoint.pages.learning import progress_of
from fixpoint.pages.rerun_facts import reruns_of
from fixpoint.pages.run_log import run_log
from fixpoint.pages.shared import shared
from fixpoint.pages.so_far import so_far_of
from fixpoint.pages.stages import stages_of
from fixpoint.submissions.again import is_repeatable, scored_alike
from fixpoint.submissions.describing import is_describable
from fixpoint.submissions.disqualifying import decisions
from fixpoint.submissions.events.looks import looks_at
from fixpoint.submissions.expecting import expected_start
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import is_insider, may_cancel, queue_position, submission_for
from fixpoint.tasks.running import runs


@require_safe
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponseBase:
    """The whole page."""
    shown = _shown(request, entry_id)
    if shown is None:
        return redirect_to_login(request.get_full_path())
    page = render(request, "submissions/entry.html", _context(request, shown))
    return shared(request, page, is_public=shown.is_final and shown.task.is_public)


@never_cache
@require_safe
def live(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """What changes while it runs; the last one asks for no more."""
    shown = _shown(request, entry_id)
    if shown is None:
        return redirect_to_login(request.get_full_path())
    return render(request, "submissions/entry_body.html", _context(request, shown))


def _shown(request: HttpRequest, entry_id: UUID) -> Submission | None:
    """None where signing in may show it."""
    try:
        return submission_for(request.user, entry_id)
    except Submission.DoesNotExist as error:
        if not request.user.is_authenticated:
            return None
        raise Http404 from error


def _context(request: HttpRequest, shown: Submission) -> dict[str, object]:
    insider = is_insider(request.user, shown)
    seen = "" if shown.is_final else looks_at([shown.pk])[shown.pk].version  # first: what changes now is told later
    by_organizer = runs(request.user, shown.task)
    score = score_of(shown, request.user)
    repeats = not shown.task.archived_at and is_repeatable(shown, request.user)
    progress = progress_of(shown) if insider else None
    return {
        "entry": shown,
        "task": shown.task,
        "is_insider": insider,
        "stages": stages_of(shown),
        "score": score,
        "energy": energy_of(shown, score.result if score else None),
        "car_g_per_km": CAR_G_PER_KM,
        "decisions": decisions_of(shown, request.user),
        "run": run_of(shown),
        "progress": progress,
        "so_far": so_far_of(shown, progress) if insider else None,
        "log": log_of(shown) if insider else [],
        "run_log": run_log(shown) if insider and shown.is_final else None,  # what is live would close it each time
        "expected": expected_start(shown),
        "is_own": is_describable(shown, request.user),
        "is_repeatable": repeats,
        "alike": scored_alike(shown.dataset) if repeats else None,
        "is_organizer": by_organizer,
        "may_cancel": may_cancel(request.user, shown),
        "reruns": reruns_of(shown, insider=insider),
        "rulings": decisions(shown) if by_organizer else [],
        "attempts": attempts_of(shown) if by_organizer else [],
        "position": queue_position(shown),
        "waiting": why_waiting(shown.pk) if insider and shown.status == Submission.Status.QUEUED else "",
        "seen": seen,
        "now": timezone.now(),
    }
