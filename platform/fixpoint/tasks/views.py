"""A task's files: the label book as a picture, the starter data and the starter kit as zips."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from fixpoint.blobs.downloads import Streamed, blob_response
from fixpoint.blobs.store import BlobMissingError
from fixpoint.tasks.kit import Kit
from fixpoint.tasks.selectors import label_book_sheet, tasks_for


@require_safe
def label_book(request: HttpRequest, slug: str) -> FileResponse:
    """The contact sheet that a worker drew from the label book."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    sheet = label_book_sheet(task)
    if not sheet:
        raise Http404
    return blob_response(sheet, content_type="image/png", is_public=task.is_public, method=request.method)


@require_safe
def kit(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All that one needs to begin at home; an unchanged one is not sent again."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    try:
        made = Kit(task)
    except BlobMissingError as error:
        raise Http404 from error
    pieces = iter(()) if request.method == "HEAD" else made.chunks()
    response = Streamed(pieces, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{task.slug}-kit.zip"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"{'public' if task.is_public else 'private'}, no-cache"
    etag = f'"{made.digest}"'
    response.headers["ETag"] = etag
    known = get_conditional_response(request, etag=etag)
    if known is None:
        return response
    known.headers["ETag"] = etag
    return known


@require_safe
def training_data(request: HttpRequest, slug: str) -> FileResponse:
    """The data that participants start from."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    if not task.training_data_sha256:
        raise Http404
    name = f"{task.slug}.zip"
    return blob_response(
        task.training_data_sha256,
        content_type="application/zip",
        is_public=task.is_public,
        download_as=name,
        method=request.method,
    )
