"""The gallery of a task's label book: every image of it, class by class, for all who see the task."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fixpoint.datasets.gallery import page_of
from fixpoint.datasets.manifest import Image, ManifestError, manifest_of
from fixpoint.datasets.thumbnails import NoThumbnailError, thumbnail
from fixpoint.tasks.models import Material, Task
from fixpoint.tasks.selectors import label_book, tasks_for

_KEPT_SECONDS = 3600
"""A task may be taken out of sight: as long as files of blobs, and no longer, are its pictures kept elsewhere."""


@require_safe
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of it; `class` chooses one."""
    task, found = _book_or_404(request, slug)
    try:
        images = manifest_of(found.manifest_sha256)
    except ManifestError as error:
        raise Http404 from error
    name = request.GET.get("class", "")
    if name and name not in task.classes:
        raise Http404
    page = page_of([[row] for row in _rows(task, images, name)], images, request.GET.get("page"))
    context = {
        "task": task,
        "page": page,
        "pictures": [group.pictures[0] for group in page.groups],
        "name": name,
        "query": urlencode({"class": name}) + "&",
    }
    return render(request, "tasks/label_book.html", context)


@require_safe
def picture(request: HttpRequest, slug: str, row: int) -> HttpResponse:
    """One of its images as a worker encoded it: an upload is never served as it came."""
    task, found = _book_or_404(request, slug)
    try:
        jpeg = thumbnail(found.thumbnails_sha256, row)
    except NoThumbnailError as error:
        raise Http404 from error
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"{'public' if task.is_public else 'private'}, max-age={_KEPT_SECONDS}"
    return response


def _book_or_404(request: HttpRequest, slug: str) -> tuple[Task, Material]:
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    found = label_book(task)
    if found is None:
        raise Http404
    return task, found


def _rows(task: Task, images: tuple[Image, ...], name: str) -> list[int]:
    places = {each: place for place, each in enumerate(task.classes)}
    rows = [row for row, image in enumerate(images) if name in {"", image.label}]
    return sorted(rows, key=lambda row: (places.get(images[row].label, len(places)), images[row].path))
