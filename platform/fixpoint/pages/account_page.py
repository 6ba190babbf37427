"""What one takes away: all that is kept of oneself, and the zips that one has handed in."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.blobs.downloads import blob_response
from fixpoint.datasets.models import Dataset
from fixpoint.pages.account_export import account_zip


@login_required
@never_cache
@require_safe
def export(request: SignedInRequest) -> HttpResponseBase:
    """Made as it is asked for: rows and manifests, none of the images."""
    name = f"fixpoint-{slugify(request.user.username) or request.user.pk}.zip"
    return FileResponse(account_zip(request.user), as_attachment=True, filename=name, content_type="application/zip")


@login_required
@never_cache
@require_safe
def archive(request: SignedInRequest, dataset_id: UUID) -> HttpResponseBase:
    """The zip as its owner handed it in, as long as it is kept; a deleted one's too."""
    dataset = get_object_or_404(Dataset, pk=dataset_id, owner=request.user)
    if dataset.archive_freed_at:
        raise Http404
    return blob_response(
        dataset.archive_sha256,
        content_type="application/zip",
        is_public=False,
        download_as=f"{slugify(dataset.name) or dataset.pk}.zip",
        method=request.method,
    )
