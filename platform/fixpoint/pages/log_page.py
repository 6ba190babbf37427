"""An entry's log as a file, for its team and who runs the task."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.pages.run_log import run_log
from fixpoint.submissions.asking import insiders_entry_or_404


@login_required
@never_cache
@require_safe
def log(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """As far as it has come, where it still runs."""
    entry = insiders_entry_or_404(request, entry_id)
    answer = HttpResponse(run_log(entry).text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="entry-{entry.pk.hex[:8]}-log.txt"'
    return answer
