"""The board: who leads, and at what cost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.page import CHOICES, BoardPage, own
from fixpoint.leaderboard.selectors import board as board_of
from fixpoint.tasks.selectors import tasks_for

_DIGITS = 8
"""Of the largest number of a page that is read at all."""


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The standings in the order that the address asks for; accuracy if it asks for none that exists."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    choice = next((known for known in CHOICES if known == request.GET.get("order")), CHOICES[0])
    found = board_of(task)
    page = BoardPage(found, choice, _number(request.GET.get("page", "")))
    standings = render_to_string("leaderboard/standings.html", {"task": task, "page": page})
    mine = own(found, request.user) if request.user.is_authenticated else None
    context = {"task": task, "page": page, "standings": standings, "own": mine}
    return render(request, "leaderboard/board.html", context)


def _number(asked: str) -> int:
    return int(asked) if asked.isdecimal() and len(asked) <= _DIGITS else 1
