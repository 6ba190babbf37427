"""The form in which an owner describes an entry."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.submissions.describing import is_describable, submission_describe
from fixpoint.submissions.forms import DescribeForm
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import submission_for

_FIELDS = ("title", "description", "link", "notes")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Back to the entry once it is kept; not there for anybody but its owner."""
    try:
        entry = submission_for(request.user, entry_id)
    except Submission.DoesNotExist as error:
        raise Http404 from error
    if not is_describable(entry, request.user):
        raise Http404
    known = {name: getattr(entry, name) for name in _FIELDS}
    form = DescribeForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        submission_describe(submission=entry, **form.cleaned_data)
        return redirect("entry", entry.pk)
    return render(request, "submissions/describe.html", {"form": form, "entry": entry, "task": entry.task})
