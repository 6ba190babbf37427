"""A task's files: the label book as a picture, the starter data as a zip."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from fixpoint.blobs.downloads import blob_response
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
