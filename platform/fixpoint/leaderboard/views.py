"""The board: who leads, and at what cost."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.board_json import board_json, pages_of
from fixpoint.leaderboard.cached import is_nobody, kept_answer
from fixpoint.leaderboard.freeze_facts import freeze_facts
from fixpoint.leaderboard.revisions import frozen_board, revision_of
from fixpoint.leaderboard.selectors import Order, Standings, standings
from fixpoint.leaderboard.selectors import board as board_of
from fixpoint.leaderboard.standings_views import revision_or_404
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import task_for

_ORDERS: tuple[Order, ...] = ("accuracy", "emissions", "measured")


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The standings in the order that the address asks for; accuracy if it asks for none that exists."""
    task = _task(request, slug)
    order = next((known for known in _ORDERS if known == request.GET.get("order")), _ORDERS[0])
    number, asked = _page(request), revision_or_404(request, task)
    frozen = asked or revision_of(task)

    def context() -> dict[str, object]:
        shown = Standings(order, frozen_board(asked)) if asked else standings(task, order=order)
        page = shown.page(number)
        if page is None:
            raise Http404
        return {"task": task, "order": order, "standings": page, "freeze": freeze_facts(task, asked)}

    template = "leaderboard/board.html"
    if not is_nobody(request):
        return render(request, template, context())
    return kept_answer(
        request,
        task,
        ("page", order, number, asked and asked.number, frozen and frozen.sha256),
        lambda: render_to_string(template, context(), request).encode(),
        content_type="text/html; charset=utf-8",
    )


@require_safe
def board_as_json(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A page of all lists of the board."""
    task = _task(request, slug)
    number = _page(request)
    return kept_answer(request, task, ("json", number), lambda: _json(task, number), content_type="application/json")


def _json(task: Task, number: int) -> bytes:
    found = board_of(task)
    if number > pages_of(found):
        raise Http404
    return board_json(task, found, number)


def _task(request: HttpRequest, slug: str) -> Task:
    try:
        return task_for(request.user, slug)
    except Task.DoesNotExist as error:
        raise Http404 from error


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    # isdecimal() alone takes digits of every script; a longer number is no page of any board.
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked)):
        raise Http404
    return int(asked)
