"""Which entry a page for its team and who runs its task is about."""

from uuid import UUID

from django.http import Http404, HttpRequest

from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import is_insider, submission_for


def insiders_entry_or_404(request: HttpRequest, entry_id: UUID) -> Submission:
    """For its insiders alone: whoever else asks, though they may read its public facts, is not told of the page."""
    try:
        entry = submission_for(request.user, entry_id)
    except Submission.DoesNotExist as error:
        raise Http404 from error
    if not is_insider(request.user, entry):
        raise Http404
    return entry
