"""The board: who leads, and at what cost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.freeze_facts import freeze_facts
from fixpoint.leaderboard.revisions import frozen_board
from fixpoint.leaderboard.selectors import Order, Standings, standings
from fixpoint.leaderboard.standings_views import revision_or_404
from fixpoint.tasks.selectors import tasks_for

_ORDERS: tuple[Order, ...] = ("accuracy", "emissions", "measured")


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The standings in the order that the address asks for; accuracy if it asks for none that exists."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    order = next((known for known in _ORDERS if known == request.GET.get("order")), _ORDERS[0])
    revision = revision_or_404(request, task)
    shown = Standings(order, frozen_board(revision)) if revision else standings(task, order=order)
    context = {"task": task, "order": order, "standings": shown, "freeze": freeze_facts(task, revision)}
    return render(request, "leaderboard/board.html", context)
