"""The frozen standings of a closed task: as a page, as JSON, signed, and the keys that they are signed with."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.freeze_facts import freeze_facts
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.revisions import revision_of
from fixpoint.leaderboard.signing import known_keys
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs
from fixpoint.tasks.selectors import tasks_for
from fixpoint.teams.selectors import team_of

_LARGEST = 2**31


@require_safe
def standings(request: HttpRequest, slug: str) -> HttpResponse:
    """Which revisions there are, why, who moved, and how to check one; before that, what they wait for."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    freeze = freeze_facts(task, revision_or_404(request, task))
    own = team_of(request.user, task) if request.user.is_authenticated else None
    context = {"task": task, "freeze": freeze, "runs": runs(request.user, task), "own_team": own and own.pk}
    return render(request, "leaderboard/standings.html", context)


@require_safe
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """The last revision, or the one that is asked for, as it was written; its sha256 is its ETag."""
    revision = _frozen_or_404(request, slug)
    return _file(request, revision, revision.body, "application/json", "json")


@require_safe
def signed(request: HttpRequest, slug: str) -> HttpResponse:
    """The same with its signature: a JWS in flattened JSON (RFC 7515)."""
    revision = _frozen_or_404(request, slug)
    return _file(request, revision, revision.signed, "application/jose+json", "jws.json")


@require_safe
def keys(_request: HttpRequest) -> HttpResponse:
    """All public keys that standings are or were signed with, as a JWK set (RFC 7517)."""
    return JsonResponse({"keys": known_keys(Revision.objects.values_list("key", flat=True).distinct())})


def revision_or_404(request: HttpRequest, task: Task) -> Revision | None:
    """The revision that the address asks for; None if it asks for none."""
    asked = request.GET.get("revision", "")
    if not asked:
        return None
    # Python reads no number of thousands of digits; a longer one than this is no revision's.
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 11 else 0
    found = revision_of(task, number) if 0 < number < _LARGEST else None
    if found is None:
        raise Http404
    return found


def _frozen_or_404(request: HttpRequest, slug: str) -> Revision:
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    revision = revision_or_404(request, task) or revision_of(task)
    if revision is None:
        raise Http404
    return Revision.objects.get(pk=revision.pk)


def _cached(request: HttpRequest, task: Task) -> str:
    if not task.is_public:
        return "private, no-cache"
    return "public, max-age=86400" if request.GET.get("revision") else "no-cache"


def _file(request: HttpRequest, revision: Revision, text: str, content_type: str, suffix: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    name = f"{revision.task.slug}-standings-{revision.number}.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = f'"{revision.sha256}"'
    response.headers["Cache-Control"] = _cached(request, revision.task)
    return response
