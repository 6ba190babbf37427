"""What of boards and entries can be taken away as files: the board and emissions as CSV, a model card's block."""

from collections.abc import Callable, Hashable, Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.cached import kept
from fixpoint.leaderboard.revisions import revision_of
from fixpoint.leaderboard.row import Row
from fixpoint.leaderboard.selectors import board, board_shown
from fixpoint.leaderboard.standings_views import revision_or_404
from fixpoint.pages.emissions_rows import COLUMNS, emissions_rows
from fixpoint.pages.model_card import model_card
from fixpoint.pages.told import scored_or_404
from fixpoint.spreadsheets import csv_response
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import tasks_for

_LISTS = ("accuracy", "emissions", "measured", "front", "apart")
BOARD_COLUMNS = (
    "list", "rank", "team", "members", "role", "entry", "accuracy", "interval_low", "interval_high", "public_accuracy",
    "public_rank", "shake_up", "improvement", "tied_in_group", "grams_standardised", "grams_measured", "measured_kwh",
    "measured_level", "measured_band", "images", "entries", "on_front", "near_front", "entered_at", "last_entry_at",
)  # fmt: skip
_AT_ONCE = 500


@never_cache
@require_safe
def board_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """All lists, one after the other; `?revision=N` as on the board, and late entries as they are now."""
    task = _task_or_404(request, slug)
    asked = revision_or_404(request, task) or revision_of(task)
    name = f"{task.slug}-board.csv"

    def made() -> HttpResponse:
        shown = board_shown(task, asked.number if asked else None)
        lists = {name: getattr(shown, name) for name in _LISTS} | {"late": board(task).late}
        return csv_response(name, BOARD_COLUMNS, (_line(title, row) for title, rows in lists.items() for row in rows))

    return _kept_file(task, name, ("csv", asked and asked.sha256), made)


@never_cache
@require_safe
def task_emissions(request: HttpRequest, slug: str) -> HttpResponse:
    """Of every entry that stands on the board, phase by phase, as CodeCarbon would have written it."""
    task = _task_or_404(request, slug)
    name, frozen = f"{task.slug}-emissions.csv", revision_of(task)

    def made() -> HttpResponse:
        return csv_response(name, COLUMNS, emissions_rows(_on_board(task)), for_programs=True)

    return _kept_file(task, name, ("emissions", frozen and frozen.sha256), made)


@never_cache
@require_safe
def entry_emissions(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The same of one entry."""
    entry = scored_or_404(request, entry_id)
    return csv_response(f"entry-{entry.pk}-emissions.csv", COLUMNS, emissions_rows([entry]), for_programs=True)


@never_cache
@require_safe
def entry_card(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The block to put at the head of a model card."""
    return HttpResponse(model_card(scored_or_404(request, entry_id)), content_type="text/plain; charset=utf-8")


def _kept_file(task: Task, name: str, what: Hashable, make: Callable[[], HttpResponse]) -> HttpResponse:
    """A file about a whole board costs as much as the board: it is made once for all who ask, as that is."""
    response = csv_response(name, (), ())
    response.content = kept(task, what, lambda: make().content).body
    return response


def _task_or_404(request: HttpRequest, slug: str) -> Task:
    return get_object_or_404(tasks_for(request.user), slug=slug)


def _on_board(task: Task) -> list[Submission]:
    ids = sorted(board_shown(task).entry_ids)
    return [entry for start in range(0, len(ids), _AT_ONCE) for entry in _scored(ids[start : start + _AT_ONCE])]


def _scored(ids: list[UUID]) -> Iterator[Submission]:
    found = Submission.objects.filter(pk__in=ids).select_related("task", "dataset", "result__run")
    yield from found.defer("result__correct", "result__run__outcome").order_by("created_at", "pk")


def _line(name: str, row: Row) -> list[object]:
    return [
        name, row.rank, row.team.name, ", ".join(row.team.members), row.role, str(row.entry_id), row.accuracy,
        row.interval_low, row.interval_high, row.public_accuracy, row.public_rank, row.shake_up, row.improvement,
        row.group if row.is_tied else None, row.grams_standardised, row.grams_measured, row.kwh, row.level, row.band,
        row.images, row.entries, row.is_on_front, row.is_near_front, row.entered_at.isoformat(),
        row.last_entry_at.isoformat(),
    ]  # fmt: skip
