"""A task's settings: what may change while it runs, what may not and why."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.wizard.changing import Questions, change_problems, questions, settings_of, task_change
from fixpoint.organizing.wizard.forms import PhaseRows
from fixpoint.organizing.wizard.saving import phases_given
from fixpoint.organizing.wizard.settings_form import LOCKED, SettingsForm
from fixpoint.organizing.wizard.steps import default_of
from fixpoint.organizing.wizard.telling import label_of, tell
from fixpoint.tasks.bundle_problems import BundleError
from fixpoint.tasks.from_bundle import bundle_of
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedInRequest, slug: str) -> HttpResponse:
    """The form, and what is locked; a lowered limit, and leaving the task, are asked about once more."""
    task = get_object_or_404(Task, slug=slug)
    if not runs(request.user, task):
        raise Http404
    now, is_post = settings_of(task), request.method == "POST"
    form = SettingsForm(request.POST, task=task) if is_post else SettingsForm(initial=now, task=task)
    rows = PhaseRows(request.POST if is_post else None, initial=now["phases"], prefix="phases")
    asked = Questions()
    if is_post:
        is_read = all([form.is_valid(), rows.is_valid()])
        changes = _changes(form, rows)
        problems = change_problems(task, changes)
        if is_read and not problems:
            asked = questions(task, changes, request.user)
        if is_read and not problems and (not asked or request.POST.get("sure") == asked.key):
            why = form.cleaned_data["why"]
            try:
                changed = task_change(task=task, changes=changes, who=request.user, why=why)
            except BundleError as error:  # somebody else has changed it meanwhile
                problems = list(error.found)
            else:
                messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
                return redirect("task_settings", slug) if runs(request.user, task) else redirect("organize")
        tell(problems, form, rows)
    bundle = bundle_of(task)
    locked = [
        (label_of(name), _shown(name, getattr(bundle, name)), why)
        for name, why in LOCKED.items()
        if name != "hidden_test"  # a file
    ]
    context = {"task": task, "form": form, "rows": rows, "locked": locked, "tab": "settings"}
    context["asked"] = asked
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_post else HTTPStatus.OK
    return render(request, "organizing/settings.html", context, status=status)


def _changes(form: SettingsForm, rows: BaseFormSet[Any]) -> dict[str, Any]:
    """What can be read of the form; an empty number is its default."""
    given = {name: value for name, value in form.cleaned_data.items() if name != "why"}
    given |= {name: default_of(name) for name, value in given.items() if value is None}
    return given | ({"phases": phases_given(rows)} if rows.is_valid() else {})


def _shown(name: str, value: object) -> str:
    """A locked value as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    names = dict(Task.Counting.choices) if name == "counting" else {}
    return str(names.get(str(value), value))
