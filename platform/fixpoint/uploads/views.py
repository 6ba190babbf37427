"""A person's unfinished uploads, the way from an upload to what it became, and discarding one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, PartLockedError
from fixpoint.uploads.selectors import Unfinished, upload_for, uploads_unfinished
from fixpoint.uploads.services import upload_give_up


@login_required
@require_safe
def unfinished(request: SignedInRequest) -> HttpResponse:
    """As a page, or for programs as JSON."""
    uploads = uploads_unfinished(request.user)
    if request.accepts("text/html"):
        return render(request, "uploads/unfinished.html", {"uploads": uploads})
    return JsonResponse({"uploads": [_facts(each) for each in uploads]})


@login_required
@require_safe
def go(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """On to the dataset that it has become, or to the draft that it is in; to the unfinished ones where it is one."""
    upload = _upload_or_404(request, upload_id)
    if upload.draft_file_id:
        return redirect("draft", upload.draft_id, upload.step)
    return redirect("dataset", upload.dataset_id) if upload.dataset_id else redirect("uploads")


@login_required
@require_POST
def discard(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """Delete what has arrived of it."""
    upload = _upload_or_404(request, upload_id)
    try:
        with Part(upload.pk) as part:
            if not upload_give_up(upload=upload, part=part):
                messages.info(request, _("Nothing to discard: it was over already."))
    except PartLockedError:
        messages.info(request, _("It is being sent just now. Pause it there, then discard it."))
    return redirect("uploads")


def _facts(each: Unfinished) -> dict[str, object]:
    upload = each.upload
    return {
        "url": reverse("upload_go", args=[upload.pk]),
        "task": upload.task.slug if upload.task else "",
        "draft": str(upload.draft_id or ""),
        "field": upload.field,
        "role": upload.role,
        "name": upload.name,
        "enters": upload.enters,
        "filename": upload.filename,
        "fingerprint": upload.fingerprint,
        "offset": each.arrived,
        "length": upload.length,
        "expires": upload.expires_at.isoformat(),
    }


def _upload_or_404(request: SignedInRequest, upload_id: UUID) -> Upload:
    try:
        return upload_for(request.user, upload_id)
    except Upload.DoesNotExist as error:
        raise Http404 from error
