"""An entry's log as a file, for its team and who runs the task."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.pages.run_log import run_log
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import is_insider, submission_for


@login_required
@never_cache
@require_safe
def log(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """As far as it has come, where it still runs."""
    try:
        entry = submission_for(request.user, entry_id)
    except Submission.DoesNotExist as error:
        raise Http404 from error
    if not is_insider(request.user, entry):
        raise Http404
    answer = HttpResponse(run_log(entry).text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="entry-{entry.pk.hex[:8]}-log.txt"'
    return answer
