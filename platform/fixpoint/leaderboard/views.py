"""The board: who leads, and at what cost."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.board_json import board_json, pages_of
from fixpoint.leaderboard.cached import is_nobody, kept, kept_answer
from fixpoint.leaderboard.freeze_facts import freeze_facts
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.page import CHOICES, SHOWS, BoardPage, NoPageError, marked, own
from fixpoint.leaderboard.revisions import frozen_board, revision_of
from fixpoint.leaderboard.selectors import board as board_of
from fixpoint.leaderboard.standings_views import revision_or_404
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import task_for
from fixpoint.teams.selectors import team_of


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The standings in the order that the address asks for; accuracy if it asks for none that exists.

    Who is not signed in gets a page that is kept whole; for the others its largest part is.
    """
    task = _task(request, slug)
    choice = next((known for known in CHOICES if known == request.GET.get("order")), CHOICES[0])
    show = next((known for known in SHOWS if known == request.GET.get("show")), SHOWS[0])
    number, asked = _page(request), revision_or_404(request, task)
    frozen = asked or revision_of(task)
    name = (choice, show, number, asked and asked.number, frozen and frozen.sha256, get_language())
    team = None if is_nobody(request) or not request.user.is_authenticated else team_of(request.user, task)

    def context() -> dict[str, object]:
        try:
            page = BoardPage(task, asked, choice, number)
        except NoPageError as error:
            raise Http404 from error
        freeze = freeze_facts(task, asked)
        mine = own(page, team.pk) if team else None
        shown = {"show": show, "shows": SHOWS, "own": mine, "team": team, "listed": lambda: listed(page)}
        return {"task": task, "page": page, "freeze": freeze} | shown

    def listed(page: BoardPage) -> str:
        made = kept(task, ("listed", *name), lambda: _listed(task, page))
        return mark_safe(marked(made.body.decode(), team.pk if team else None))  # noqa: S308 a template of ours rendered it

    template = "leaderboard/board.html"
    if not is_nobody(request):
        return render(request, template, context())
    return kept_answer(
        request,
        task,
        ("page", *name),
        lambda: render_to_string(template, context(), request).encode(),
        content_type="text/html; charset=utf-8",
    )


@require_safe
def board_as_json(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A page of all lists of the board; of a closed task's last revision, or of the one that is asked for."""
    task = _task(request, slug)
    number, asked = _page(request), revision_or_404(request, task)
    frozen = asked or revision_of(task)
    name = ("json", number, frozen and frozen.sha256)
    return kept_answer(request, task, name, lambda: _json(task, frozen, number), content_type="application/json")


def _listed(task: Task, page: BoardPage) -> bytes:
    return render_to_string("leaderboard/listed.html", {"task": task, "page": page}).encode()


def _json(task: Task, frozen: Revision | None, number: int) -> bytes:
    live = board_of(task)
    shown = frozen_board(frozen) if frozen else live
    if number > pages_of(shown, live):
        raise Http404
    return board_json(task, shown, live, number)


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
