"""Galleries of one's own dataset: by class, split and finding, to look at, mark and list."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.gallery import SPLITS, Choice, chosen, kinds_of_rows, page_of
from fixpoint.datasets.listing import HEADER, listed
from fixpoint.datasets.manifest import Image, ManifestError, manifest_of
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.precheck.kinds import BY_CODE
from fixpoint.datasets.selectors import dataset_for, hidden_overlap
from fixpoint.datasets.thumbnails import NoThumbnailError, thumbnail
from fixpoint.spreadsheets import csv_response

_DIGITS = 8
"""Of the longest row that is read at all."""


@login_required
@never_cache
@require_safe
def images(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """One page of a gallery."""
    shown, rows = _found(request, dataset_id)
    choice = _choice(request, shown)
    page = page_of(chosen(shown, rows, choice), rows, request.GET.get("page"))
    return render(request, "datasets/gallery.html", _context(shown, choice) | {"page": page})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """A gallery as CSV; POST: the images that were marked, as `row` of each or all in `rows`."""
    shown, rows = _found(request, dataset_id)
    if request.method == "POST":
        marks = _marked(request)
        name, groups = "marked", [[row] for [row] in chosen(shown, rows, Choice()) if row in marks]
    else:
        name, groups = "images", chosen(shown, rows, _choice(request, shown))
    return csv_response(f"{name}-{shown.pk.hex[:8]}.csv", HEADER, listed(groups, rows, kinds_of_rows(shown)))


@login_required
@require_safe
def picture(request: SignedInRequest, dataset_id: UUID, row: int) -> HttpResponse:
    """A thumbnail that a worker encoded: an upload is never served as it came."""
    shown = _dataset(request, dataset_id)
    try:
        jpeg = thumbnail(shown.thumbnails_sha256, row)
    except NoThumbnailError as error:
        raise Http404 from error
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@login_required
@never_cache
@require_safe
def hidden(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """For organizers alone: which images stand in the hidden test set. To everybody else there is no such page."""
    shown, rows = _found(request, dataset_id)
    found = hidden_overlap(request.user, shown)
    if found is None:
        raise Http404
    pages = {
        name: page_of([[row] for row, _ in pairs], rows, request.GET.get("page"))
        for name, pairs in (("exact", found.exact), ("near", found.near))
    }
    context = {"dataset": shown, "task": shown.task, "found": found, **pages}
    return render(request, "datasets/hidden_overlap.html", context)


def _dataset(request: SignedInRequest, dataset_id: UUID) -> Dataset:
    try:
        return dataset_for(request.user, dataset_id)
    except Dataset.DoesNotExist as error:
        raise Http404 from error


def _found(request: SignedInRequest, dataset_id: UUID) -> tuple[Dataset, tuple[Image, ...]]:
    """A dataset that can be looked into."""
    shown = _dataset(request, dataset_id)
    if not shown.thumbnails_sha256:
        raise Http404
    try:
        return shown, manifest_of(shown.manifest_sha256)
    except ManifestError as error:
        raise Http404 from error


def _choice(request: HttpRequest, shown: Dataset) -> Choice:
    """Only what there is: an unknown word is nobody's page."""
    choice = Choice(*(request.GET.get(name, "") for name in ("split", "class", "finding")))
    known = ((choice.split, SPLITS), (choice.label, shown.task.classes), (choice.finding, BY_CODE))
    if any(word and word not in words for word, words in known):
        raise Http404
    return choice


def _marked(request: HttpRequest) -> set[int]:
    words = [*request.POST.getlist("row"), *request.POST.get("rows", "").split(",")]
    return {int(word) for word in words if word.isdecimal() and len(word) <= _DIGITS}


def _context(shown: Dataset, choice: Choice) -> dict[str, object]:
    return {
        "dataset": shown,
        "task": shown.task,
        "choice": choice,
        "kind": BY_CODE.get(choice.finding),
        "query": urlencode({"split": choice.split, "class": choice.label, "finding": choice.finding}) + "&",
        "splits": SPLITS,
        "found": [
            (BY_CODE[code], images) for code, images in shown.findings.values_list("kind", "images") if code in BY_CODE
        ],
    }
