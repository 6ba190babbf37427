"""What changed between two of one's datasets."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.comparison import CHANGES, Comparison, comparison
from fixpoint.datasets.likeness import Greys, LooksError, read_greys
from fixpoint.datasets.listing import CHANGES_HEADER, listed_changes
from fixpoint.datasets.manifest import Image, manifest_of
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.selectors import comparable, dataset_for
from fixpoint.spreadsheets import csv_response

PAIRS = 60
"""Of a page; all of them stand in the list."""


@dataclass(frozen=True)
class Side:
    """A dataset with its images."""

    dataset: Dataset
    images: tuple[Image, ...]


@login_required
@never_cache
@require_safe
def compare(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """Counts of every change, and the pictures of one kind."""
    before, after, found = _compared(request, dataset_id)
    change = request.GET.get("change") or next((name for name in CHANGES if found.pairs[name]), CHANGES[0])
    if change not in CHANGES:
        raise Http404
    page = Paginator(found.pairs[change], PAIRS).get_page(request.GET.get("page"))
    context = {
        "dataset": after.dataset,
        "other": before.dataset,
        "task": after.dataset.task,
        "counts": [(name, len(found.pairs[name])) for name in CHANGES],
        "found": found,
        "change": change,
        "query": urlencode({"with": before.dataset.pk, "change": change}) + "&",
        "page": page,
        "pairs": [(_picture(before, old), _picture(after, new)) for old, new in page],
    }
    return render(request, "datasets/comparison.html", context)


@login_required
@never_cache
@require_safe
def listing(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """All changes as CSV."""
    before, after, found = _compared(request, dataset_id)
    name = f"changes-{before.dataset.pk.hex[:8]}-{after.dataset.pk.hex[:8]}.csv"
    return csv_response(name, CHANGES_HEADER, listed_changes(found, before.images, after.images))


def _compared(request: SignedInRequest, dataset_id: UUID) -> tuple[Side, Side, Comparison]:
    """This dataset and the one that `with` names, the older first. Http404 unless both may be seen and compared."""
    try:
        shown = dataset_for(request.user, dataset_id)
        pair = (shown, comparable(shown).get(pk=UUID(request.GET.get("with", ""))))
        sides = [Side(each, manifest_of(each.manifest_sha256)) for each in sorted(pair, key=_age)]
    except (Dataset.DoesNotExist, ValueError) as error:
        raise Http404 from error
    return sides[0], sides[1], comparison(sides[0].images, sides[1].images, *map(_greys, sides))


def _age(dataset: Dataset) -> tuple[datetime, UUID]:
    return dataset.created_at, dataset.pk


def _greys(side: Side) -> Greys | None:
    """None of a dataset that was read before there were any."""
    try:
        return read_greys(side.dataset.looks_sha256, len(side.images))
    except LooksError:
        return None


def _picture(side: Side, row: int | None) -> dict[str, object] | None:
    return None if row is None else {"dataset": side.dataset, "row": row, "image": side.images[row]}
