"""The board: who leads, and at what cost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.selectors import Order, standings
from fixpoint.tasks.selectors import tasks_for

_ORDERS: tuple[Order, ...] = ("accuracy", "emissions", "measured")


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The standings in the order that the address asks for; accuracy if it asks for none that exists."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    order = next((known for known in _ORDERS if known == request.GET.get("order")), _ORDERS[0])
    context = {"task": task, "order": order, "standings": standings(task, order=order)}
    return render(request, "leaderboard/board.html", context)
