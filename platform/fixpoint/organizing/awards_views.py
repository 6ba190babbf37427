"""Awards: nominating, naming jurors, giving, publishing and revoking."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.leaderboard.revisions import revision_of
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.awarding import (
    award_give,
    award_give_named,
    award_revoke,
    awards_publish,
    names_of,
)
from fixpoint.organizing.held_awards import held_by_fallen, held_says
from fixpoint.organizing.jury import entry_nominate, judged_for, juror_name, juror_remove, nomination_take_back
from fixpoint.organizing.models import Award, Juror, Nomination
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


@login_required
@never_cache
@require_safe
def awards(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was given, what the jury thinks, and who is in it."""
    return _page(request, task_run_or_404(request, slug))


@login_required
@require_POST
def give(request: SignedInRequest, slug: str) -> HttpResponse:
    """To whom the standings or the votes make the winner."""
    task = task_run_or_404(request, slug)
    kind, prize = request.POST.get("kind", ""), request.POST.get("prize", "")
    done = _("Given, on record, and told to nobody yet: publish it when all are given.")
    if kind != Award.Kind.NAMED:
        return _done(request, task, lambda: award_give(task=task, kind=kind, prize=prize, who=request.user), done)

    def act() -> None:
        entry, name = _entry(task, request.POST.get("entry", "")), request.POST.get("name", "")
        award_give_named(task=task, name=name, entry=entry, prize=prize, who=request.user)

    return _done(request, task, act, done)


@login_required
@require_POST
def publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """For everybody to see."""
    task = task_run_or_404(request, slug)
    done = _("They stand on the task's page and on its board; the winners are told.")
    return _done(request, task, lambda: awards_publish(task=task, who=request.user), done)


@login_required
@require_POST
def revoke(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """It stands no longer."""
    task = task_run_or_404(request, slug)
    award = get_object_or_404(Award.objects.select_related("task", "submission"), task=task, pk=number)
    why = request.POST.get("why", "")
    return _done(request, task, lambda: award_revoke(award=award, why=why, who=request.user), _("It is revoked."))


@login_required
@require_POST
def nominate(request: SignedInRequest, slug: str) -> HttpResponse:
    """Have the jury judge an entry."""
    task = task_run_or_404(request, slug)
    description = request.POST.get("description", "")

    def act() -> None:
        entry_nominate(entry=_entry(task, request.POST.get("entry", "")), description=description, who=request.user)

    return _done(request, task, act, _("The jury can vote on it."))


@login_required
@require_POST
def take_back(request: SignedInRequest, slug: str, entry_id: UUID) -> HttpResponse:
    """The jury judges it no longer."""
    task = task_run_or_404(request, slug)
    nomination = get_object_or_404(Nomination.objects.select_related("submission"), submission__task=task, pk=entry_id)
    why = request.POST.get("why", "")
    return _done(
        request,
        task,
        lambda: nomination_take_back(nomination=nomination, why=why, who=request.user),
        _("It is nominated no longer."),
    )


@login_required
@require_POST
def name(request: SignedInRequest, slug: str) -> HttpResponse:
    """Somebody votes."""
    task = task_run_or_404(request, slug)
    who = request.POST.get("username", "")
    done = _("Send them the address of the jury's page: it is on the task's page for them.")
    return _done(request, task, lambda: juror_name(task=task, username=who, who=request.user), done)


@login_required
@require_POST
def remove(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Somebody votes no more."""
    task = task_run_or_404(request, slug)
    juror = get_object_or_404(Juror.objects.select_related("user", "task"), task=task, pk=number)
    return _done(request, task, lambda: juror_remove(juror=juror, who=request.user), _("Votes that were cast stay."))


def _page(request: SignedInRequest, task: Task) -> HttpResponse:
    """With what was typed, where it was refused."""
    candidates = Submission.objects.filter(
        task=task,
        status=Submission.Status.SCORED,
        role=Submission.Role.PARTICIPANT,
        rerun_of=None,
        disqualified_at=None,
        withdrawn_at=None,
    )
    candidates = candidates.select_related("task", "dataset", "team", "result").order_by("team__name", "-created_at")
    candidates = candidates.defer("result__correct", "result__per_seed")
    standing = candidates.filter(nomination=None)
    context = {
        "task": task,
        "typed": request.POST,
        "tab": "awards",
        "revision": revision_of(task),
        "awards": Award.objects.filter(task=task).select_related("submission__dataset", "submission__team", "revision"),
        "held": [{"pk": each.pk, "says": held_says(each)} for each in held_by_fallen(Award.objects.filter(task=task))],
        "waits": Award.objects.filter(task=task, published_at=None, revoked_at=None).exists(),
        "kinds": [each for each in Award.Kind.choices if each[0] != Award.Kind.NAMED],
        "names": names_of(task),
        "candidates": candidates[:500],
        "judged": judged_for(task, request.user),
        "jurors": Juror.objects.filter(task=task).select_related("user"),
        "entries": standing[:500],
    }
    return render(request, "organizing/awards.html", context)


def _done(request: SignedInRequest, task: Task, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
        return _page(request, task)
    messages.success(request, done)
    return redirect("organize_awards", task.slug)


def _entry(task: Task, text: str) -> Submission:
    try:
        return Submission.objects.select_related("task", "dataset", "owner").get(task=task, pk=UUID(text))
    except (ValueError, Submission.DoesNotExist) as error:
        raise ActRefusedError(_("Choose an entry of this task.")) from error
