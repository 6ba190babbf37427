"""A score's provenance: what it was made of, on what, by which attempts, and how to make it again and compare."""

import json
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.blobs.downloads import blob_response
from fixpoint.pages.provenance_facts import provenance_of
from fixpoint.pages.told import scored_or_404
from fixpoint.pages.verifying import commands_of
from fixpoint.submissions.selectors import is_insider
from fixpoint.tasks.running import runs

_FILES = ("pack.safetensors", "weights.safetensors")


@never_cache
@require_safe
def provenance(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """For people: the figures, and the commands that check them."""
    entry = scored_or_404(request, entry_id)
    context = {
        "entry": entry,
        "task": entry.task,
        "facts": provenance_of(entry, organizer=runs(request.user, entry.task)),
        "is_insider": is_insider(request.user, entry),
        "is_organizer": runs(request.user, entry.task),
        "commands": commands_of(entry),
        "has_pack": not entry.dataset.purged_at,
        "has_weights": entry.result.run.weights_freed_at is None,
    }
    return render(request, "submissions/provenance.html", context)


@never_cache
@require_safe
def document(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The same for programs."""
    entry = scored_or_404(request, entry_id)
    facts = provenance_of(entry, organizer=runs(request.user, entry.task))
    return JsonResponse(facts, json_dumps_params={"indent": 1, "ensure_ascii": False})


@never_cache
@require_safe
def outcome(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """What the training program said of itself: `fixed-model verify` holds another training against it."""
    entry = scored_or_404(request, entry_id)
    text = json.dumps(entry.result.run.outcome, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json")


@login_required
@never_cache
@require_safe
def file(request: SignedInRequest, entry_id: UUID, name: str) -> HttpResponseBase:
    """The images as they were trained on, or the weights: its owner's, and the organizers'."""
    entry = scored_or_404(request, entry_id)
    run, dataset = entry.result.run, entry.dataset
    kept = dict(zip(_FILES, (dataset.pack_sha256, "" if run.weights_freed_at else run.weights_sha256), strict=True))
    if not is_insider(request.user, entry) or not kept.get(name):
        raise Http404
    return blob_response(
        kept[name],
        content_type="application/octet-stream",
        is_public=False,
        download_as=name,
        method=request.method,
    )
