"""Where a bundle's problem is told in the wizard: beside its field, in its phase's row, or by label in a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms import BaseFormSet, Form
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fixpoint.organizing.wizard.forms import DataForm, DatesForm, PhaseForm, RulesForm, StepForm, WhatForm
from fixpoint.tasks.bundle_problems import Problem

_FORMS: tuple[type[StepForm], ...] = (WhatForm, DataForm, RulesForm, DatesForm)


def label_of(name: str) -> str | Promise:
    """As the wizard calls a field; its own name where no form has it."""
    found = (form.base_fields[name] for form in _FORMS if name in form.base_fields)
    return next((field.label for field in found if field.label), name)


def rows_written(rows: BaseFormSet[Any]) -> list[Form]:
    """Of a valid formset those in which anything stands: the phases, in their order."""
    return [row for row in rows.forms if any(value not in (None, "") for value in row.cleaned_data.values())]


def tell(problems: Iterable[Problem], form: StepForm, rows: BaseFormSet[Any] | None) -> None:
    """Beside its field each, as an error of the bound form; of a phase in its row, and in no field above all others."""
    written = rows_written(rows) if rows is not None and rows.is_valid() else []
    for problem in problems:
        if problem.field != "phases":
            form.add_error(problem.field if problem.field in form.fields else None, problem.beside)
        elif rows is not None:
            _tell_row(problem, rows, written)


def in_a_list(problem: Problem) -> str:
    """By its field's label, where the sentence does not name what it is about."""
    if problem.beside == problem.says:
        return problem.says
    if problem.field == "phases":
        number = next((part + 1 for part in problem.place if isinstance(part, int)), None)
        field = PhaseForm.base_fields.get(str(problem.place[-1]))
        about = [_("Phase %(number)s") % {"number": number}] if number else []
        about += [str(field.label)] if field else []
        return ": ".join([*about, problem.beside])
    return f"{label_of(problem.field)}: {problem.beside}"


def _tell_row(problem: Problem, rows: BaseFormSet[Any], written: list[Form]) -> None:
    number = problem.place[1] if len(problem.place) > 1 else None
    row = written[number] if isinstance(number, int) and number < len(written) else None
    if row is None:
        rows.non_form_errors().append(problem.beside)
    else:
        name = str(problem.place[-1])
        row.add_error(name if name in row.fields else None, problem.beside)
