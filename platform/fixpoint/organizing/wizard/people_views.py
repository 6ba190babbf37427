"""Who is in a private task: the organizers' page, and the page that a link leads to."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.wizard.people import (
    NotLetInError,
    invitation_of,
    link_end,
    link_make,
    participant_come,
    participant_decide,
    participant_invite,
    participant_of,
)
from fixpoint.tasks.models import Participant, Task
from fixpoint.tasks.running import runs


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everybody who is invited, asks, is in or was turned away; and the acts that change it."""
    task = get_object_or_404(Task, slug=slug)
    if not runs(request.user, task):
        raise Http404
    refusal = ""
    if request.method == "POST":
        refusal = _act(request, task)
        if not refusal:
            return redirect("people", slug)
    found = task.participants.select_related("user")
    states = [(state, [each for each in found if each.state == state]) for state in Participant.State]
    link = request.build_absolute_uri(redirect("join", task.join_key).url) if task.join_key else ""
    context = {"task": task, "states": states, "link": link, "tab": "people", "origin": request.build_absolute_uri("/")}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(
        request, "organizing/people.html", context | {"typed": request.POST, "refusal": refusal}, status=status
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What a link invites to; by POST it is taken, or asked for."""
    try:
        task, invited = invitation_of(key, request.user)
    except NotLetInError as error:
        raise Http404 from error
    problem = ""
    if request.method == "POST":
        try:
            known = participant_come(key=key, user=request.user, text=request.POST.get("text", ""))
        except NotLetInError as error:
            problem = str(error)
        else:
            if known.state == Participant.State.IN and task.is_shown:
                return redirect("task", task.slug)
            return redirect("join", key)
    known_now = participant_of(request.user, task)
    context = {"invited_to": task, "invited": invited, "known": known_now, "problem": problem}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "organizing/join.html", context, status=status)


def _act(request: SignedInRequest, task: Task) -> str:
    """Why it was not done, if it was not."""
    asked = request.POST
    try:
        if asked.get("act") == "invite":
            invited = participant_invite(task=task, named=asked.get("named", ""), who=request.user)
            says = _("Invited.") if invited.user else _("Nobody here has this address: send them the link below.")
            messages.success(request, says)
        elif asked.get("act") == "link":
            link_make(task=task, at_once=bool(asked.get("at_once")), who=request.user)
        elif asked.get("act") == "end":
            link_end(task=task, who=request.user)
        elif asked.get("act") in {"let_in", "turn_away"}:
            number = asked.get("person", "")
            known = number if number.isascii() and number.isdecimal() and len(number) < 16 else "0"
            found = get_object_or_404(task.participants, pk=known)
            lets_in = asked["act"] == "let_in"
            participant_decide(participant=found, lets_in=lets_in, who=request.user, why=asked.get("why", "")[:500])
    except NotLetInError as error:
        return str(error)
    return ""
