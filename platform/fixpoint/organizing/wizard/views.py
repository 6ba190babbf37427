"""The wizard's pages: one's drafts, their steps, the check, and what becomes of them."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.leaderboard.apart_names import named_apart
from fixpoint.leaderboard.selectors import board
from fixpoint.organizing.wizard.becoming import (
    AlreadyATaskError,
    DraftChangedError,
    draft_become,
    draft_problems,
    draft_publish,
)
from fixpoint.organizing.wizard.cost import run_costs
from fixpoint.organizing.wizard.drafts import (
    draft_copy,
    draft_delete,
    draft_import,
    draft_restore,
    draft_start,
    drafts_deleted,
)
from fixpoint.organizing.wizard.preparing import is_being_prepared
from fixpoint.organizing.wizard.saving import phase_rows, step_form, step_save
from fixpoint.organizing.wizard.steps import CHECK, ORDER, STEPS, Step, step_of
from fixpoint.organizing.wizard.telling import in_a_list
from fixpoint.tasks.bundle_problems import BundleError, Problem
from fixpoint.tasks.draft_files import DraftOverError
from fixpoint.tasks.drafted import draft_for, drafts_of
from fixpoint.tasks.models import Draft, Task
from fixpoint.tasks.running import runs, tasks_run_by
from fixpoint.tasks.selectors import materials_spoilt
from fixpoint.tasks.services import TaskNotReadyError

_More = ParamSpec("_More")
_View = Callable[Concatenate[SignedInRequest, _More], HttpResponse]


def organizers_only(view: _View[_More]) -> _View[_More]:
    """For those who may make tasks; for others there is nothing here."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponse:
        if not request.user.is_organizer:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@organizers_only
def drafts(request: SignedInRequest) -> HttpResponse:
    """All drafts, and a new one: empty, of a task that one runs, or of a bundle."""
    problems: list[str] = []
    if request.method == "POST":
        try:
            draft = _started(request)
        except BundleError as error:
            problems = list(error.problems)
        else:
            return redirect("draft", draft.pk, ORDER[0])
    context = {
        "drafts": drafts_of(request.user),
        "deleted": drafts_deleted(request.user),
        "tasks": tasks_run_by(request.user),
        "problems": problems,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "organizing/drafts.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@organizers_only
def step(request: SignedInRequest, draft_id: UUID, name: str) -> HttpResponse:
    """One step of a draft; of one that is a task by now only the last."""
    draft, shown = _draft_or_404(request, draft_id), STEPS.get(name)
    if shown is None:
        raise Http404
    if shown.form is None:
        return _check(request, draft)
    if draft.task_id:
        return redirect("draft", draft.pk, CHECK)
    is_post = request.method == "POST"
    form = shown.form(request.POST, request.FILES) if is_post else step_form(draft, shown)
    rows = phase_rows(draft, request.POST if is_post else None) if name == "dates" else None
    if is_post and form is not None:
        try:
            is_right = step_save(draft=draft, step=shown, form=form, rows=rows, removed=request.POST.getlist("remove"))
        except DraftOverError:
            return redirect("draft", draft.pk, CHECK)  # deleted meanwhile, or a task: that page knows
        if is_right and "typed" in request.POST:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)  # files follow, and then the form again
        if is_right:
            return _saved(request, draft, shown)
        messages.warning(request, _("What is right was saved. What is not is told beside its field."))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_post else HTTPStatus.OK
    context = _frame(draft, name) | {"form": form, "rows": rows}
    return render(request, f"organizing/step_{name}.html", context, status=status)


@login_required
@require_POST
@organizers_only
def delete(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Out of sight for now; the list says how it comes back."""
    draft_delete(draft=_draft_or_404(request, draft_id))
    messages.success(request, _("The draft was deleted. You can restore it below for 30 days."))
    return redirect("drafts")


@login_required
@require_POST
@organizers_only
def restore(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Back among the others."""
    if not draft_restore(owner=request.user, draft_id=draft_id):
        raise Http404
    return redirect("draft", draft_id, ORDER[0])


@login_required
@require_POST
@organizers_only
def publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """The task is there for others from now on."""
    task = get_object_or_404(Task, slug=slug)
    if not runs(request.user, task):
        raise Http404
    try:
        is_new = draft_publish(task=task, who=request.user)
    except TaskNotReadyError as refusal:
        messages.error(request, str(refusal))
        return redirect("organize_task", slug)
    if is_new:
        messages.success(request, _("Published. It opens when its data are packed and its date has come."))
    else:
        messages.info(request, _("It was published before."))
    return redirect("task", slug)


def _started(request: SignedInRequest) -> Draft:
    if file := request.FILES.get("bundle"):
        draft = draft_import(owner=request.user, file=file)
        if not draft.files.exists():
            messages.info(
                request, _("Its fields were read. Its zips are yet to come: choose them in What and in Data.")
            )
        return draft
    if slug := request.POST.get("task"):
        return draft_copy(owner=request.user, task=get_object_or_404(tasks_run_by(request.user), slug=slug))
    return draft_start(owner=request.user)


def _saved(request: SignedInRequest, draft: Draft, shown: Step) -> HttpResponse:
    if "next" in request.POST:
        return redirect("draft", draft.pk, ORDER[ORDER.index(shown.name) + 1])
    messages.success(request, _("Saved."))
    return redirect("draft", draft.pk, shown.name)


def _check(request: SignedInRequest, draft: Draft) -> HttpResponse:
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            draft_become(draft=draft, who=request.user)
            return redirect("draft", draft.pk, CHECK)
        except AlreadyATaskError:
            return redirect("draft", draft.pk, CHECK)
        except DraftChangedError:
            says = _("The draft was changed while the task was made of it, so there is no task yet. Look at it again.")
            messages.warning(request, says)
            return redirect("draft", draft.pk, CHECK)
        except BundleError as error:
            problems = list(error.found)
    elif not draft.task_id:
        problems = draft_problems(draft)
    task = draft.task
    context = _frame(draft, CHECK) | {
        "problems": [(in_a_list(problem), STEPS[step_of(problem.field)]) for problem in problems],
        "costs": run_costs(draft.fields),
        "task": task,
        "is_live": task is not None and is_being_prepared(task),
        "materials": task.materials.all() if task else [],
        "spoilt": materials_spoilt(task).exists() if task else False,
        "baselines": task.baselines.all() if task else draft.files.filter(field="baseline"),
        "rows": named_apart(board(task).apart) if task else [],
        "files": {each.field: each for each in draft.files.all()},
    }
    is_refused = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "organizing/step_check.html", context, status=status)


def _frame(draft: Draft, name: str) -> dict[str, object]:
    """What all steps show: where one is, and the files so far."""
    at = ORDER.index(name)
    return {
        "draft": draft,
        "step": STEPS[name],
        "steps": list(STEPS.values()),
        "before": STEPS[ORDER[at - 1]] if at else None,
        "kept": list(draft.files.all()),
        "most_bytes": settings.MAX_BODY_BYTES,
    }


def _draft_or_404(request: SignedInRequest, draft_id: UUID) -> Draft:
    try:
        return draft_for(request.user, draft_id)
    except Draft.DoesNotExist as error:
        raise Http404 from error
