"""Saving a step: what is right is kept, what is not is told beside its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms import BaseFormSet
from django.utils.translation import gettext as _

from fixpoint.blobs.arriving import file_write, taking_folder
from fixpoint.organizing.wizard.forms import PhaseRows, StepForm
from fixpoint.organizing.wizard.raw import completed, raw_of
from fixpoint.organizing.wizard.steps import BESIDE, FILES, Step, default_of
from fixpoint.organizing.wizard.telling import rows_written, tell
from fixpoint.recipes import known_recipes
from fixpoint.tasks.bundle import fields_problems
from fixpoint.tasks.bundle_least import least_of
from fixpoint.tasks.bundle_problems import Problem
from fixpoint.tasks.draft_files import DraftFullError, draft_file_take, draft_hold
from fixpoint.tasks.models import Draft, Task
from fixpoint.tasks.publishing import past_close


def step_form(draft: Draft, step: Step) -> StepForm | None:
    """The step's form as the draft fills it; what it does not hold has a bundle's default."""
    if step.form is None:
        return None
    known = {name: draft.fields.get(name, default_of(name)) for name in step.form.base_fields}
    return step.form(initial={name: value for name, value in known.items() if value is not None})


def phase_rows(draft: Draft, data: Any = None) -> BaseFormSet[Any]:
    """The phases as rows, and two empty ones."""
    return PhaseRows(data, initial=draft.fields.get("phases", []), prefix="phases")


def step_save(
    *, draft: Draft, step: Step, form: StepForm, rows: BaseFormSet[Any] | None, removed: Sequence[str]
) -> bool:
    """Keep all that is right of a bound form, add an error to each field that is not; whether nothing was wrong.

    `removed` are keys of files that are to go. Raises DraftOverError.
    """
    form.is_valid()
    given = {name: value for name, value in form.cleaned_data.items() if name not in FILES | BESIDE}
    fields = draft.fields | {name: value for name, value in given.items() if value not in (None, "", [])}
    for name, value in given.items():
        if value in (None, "", []):
            fields.pop(name, None)
    if rows is not None and rows.is_valid():
        fields["phases"] = phases_given(rows)
    problems = list(_problems(draft, step, fields))
    tell(problems, form, rows)
    _put_back(problems, fields, draft.fields)
    with transaction.atomic():
        draft_hold(draft)
        _remove(draft, removed)
        _take(draft, form)
        # Another step may have been saved since this one was read.
        draft.refresh_from_db(fields=["fields"])
        others = {name: value for name, value in draft.fields.items() if name not in step.fields}
        draft.fields = others | {name: value for name, value in fields.items() if name in step.fields}
        draft.save(update_fields=["fields", "updated_at"])
    return form.is_valid() and (rows is None or (rows.is_valid() and not rows.non_form_errors()))


def phases_given(rows: BaseFormSet[Any]) -> list[dict[str, Any]]:
    """What stands in the rows of a valid formset."""
    found = (row.cleaned_data.items() for row in rows_written(rows))
    return [{name: value for name, value in each if value not in (None, "")} for each in found]


def _problems(draft: Draft, step: Step, fields: dict[str, Any]) -> Iterator[Problem]:
    """Of this step's fields."""
    raw = completed(raw_of(draft, fields), known_recipes()[0])
    for problem in fields_problems(raw):
        if problem.field in step.fields and problem.field not in ("baselines", *FILES):
            yield problem
    if "closes_at" in step.fields and (says := past_close(least_of(raw).bundle.closes_at)):
        yield Problem(("closes_at",), says)
    slug = fields.get("slug")
    if "slug" in step.fields and slug and Task.objects.filter(slug=slug).exists():
        yield Problem(("slug",), _("A task has this address already: choose another one."))


def _put_back(problems: Sequence[Problem], fields: dict[str, Any], kept: Mapping[str, Any]) -> None:
    """What is wrong stays as it was kept before."""
    for name in {problem.field for problem in problems}:
        fields.pop(name, None)
        if name in kept:
            fields[name] = kept[name]


def _remove(draft: Draft, removed: Sequence[str]) -> None:
    numbers = [int(each) for each in removed if each.isascii() and each.isdecimal() and len(each) < 16]
    draft.files.filter(pk__in=numbers).delete()


def _take(draft: Draft, form: StepForm) -> None:
    title, role = (str(form.cleaned_data.get(name) or "") for name in ("baseline_title", "baseline_role"))
    for field in FILES & form.cleaned_data.keys():
        file = form.cleaned_data[field]
        if isinstance(file, UploadedFile):
            with taking_folder() as folder:
                path = file_write(file, folder / "archive.zip")
                try:
                    draft_file_take(draft=draft, field=field, path=path, name=str(file.name), title=title, role=role)
                except DraftFullError as error:
                    form.add_error(field, str(error))
