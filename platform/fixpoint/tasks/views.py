"""A task's files: the label book as a picture, the starter data as a zip."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from fixpoint.blobs.downloads import blob_response
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import label_book_sheet


@require_safe
def label_book(_request: HttpRequest, slug: str) -> FileResponse:
    """The contact sheet that a worker drew from the label book."""
    sheet = label_book_sheet(get_object_or_404(Task, slug=slug))
    if not sheet:
        raise Http404
    return blob_response(sheet, content_type="image/png", is_public=True)


@require_safe
def training_data(_request: HttpRequest, slug: str) -> FileResponse:
    """The data that participants start from."""
    task = get_object_or_404(Task, slug=slug)
    if not task.training_data_sha256:
        raise Http404
    name = f"{task.slug}.zip"
    return blob_response(task.training_data_sha256, content_type="application/zip", is_public=True, download_as=name)
