"""The status page: does it work? Counts for everybody, names and reasons for organizers."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.models import Notice
from fixpoint.dispatch.overview import overview
from fixpoint.organizing.incidents import incidents_beside, incidents_open
from fixpoint.submissions.models import Submission
from fixpoint.tasks.selectors import queues_unserved

_NOTICES = 20


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    return render(request, "pages/status.html", _context(request))


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """What changes."""
    return render(request, "pages/status_body.html", _context(request))


def _context(request: HttpRequest) -> dict[str, object]:
    operator = request.user if request.user.is_authenticated and request.user.is_organizer else None
    scored = Submission.objects.filter(status=Submission.Status.SCORED)
    now = overview(refusals=operator is not None)
    return {
        "now": timezone.now(),
        "ongoing": incidents_open().prefetch_related("updates"),
        "incidents": incidents_beside(),
        "overview": now,
        "unserved": queues_unserved(),
        "queues": now.queues if operator else now.public_queues,
        "is_operator": operator is not None,
        "last": scored.order_by("-ended_at").values_list("ended_at", flat=True).first(),
        "scored_today": scored.filter(ended_at__gt=timezone.now() - timedelta(hours=24)).count(),
        "notices": Notice.objects.filter(user=operator)[:_NOTICES],
    }
