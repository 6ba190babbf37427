"""Changing a task that there is: what may change, checked like a bundle, under its row, and written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.wizard.raw import bundle_raw_of, fields_of
from fixpoint.organizing.wizard.settings_form import LIMITS, MOMENTS, changeable
from fixpoint.organizing.wizard.telling import label_of
from fixpoint.submissions.board_changes import board_hold
from fixpoint.tasks.bundle import fields_problems
from fixpoint.tasks.bundle_fields import TaskBundle
from fixpoint.tasks.bundle_problems import BundleError, Problem
from fixpoint.tasks.from_bundle import bundle_of, organizers_named, phases_of, task_of
from fixpoint.tasks.models import Phase, Task
from fixpoint.tasks.running import runs

_COLUMNS = {"takes_late_entries": "takes_late"}
_LISTS = ("organizers", "phases")


def settings_of(task: Task) -> dict[str, Any]:
    """As the form shows them: moments in the task's own zone."""
    fields = fields_of(bundle_of(task), "")
    return {name: fields.get(name, "") for name in (*changeable(task), "phases")}


def lowered(task: Task, changes: Mapping[str, Any]) -> list[str]:
    """Limits that these changes would lower, as sentences."""
    before = settings_of(task)
    return [
        _("%(name)s falls from %(old)s to %(new)s: who has used more can enter nothing until it fits again.")
        % {"name": label_of(name), "old": before[name], "new": changes[name]}
        for name in sorted(LIMITS & changes.keys())
        if isinstance(changes[name], int) and _is_lower(before[name], changes[name])
    ]


def leaves(task: Task, changes: Mapping[str, Any], who: User) -> bool:
    """Whether by these changes this person would run the task no longer. Who may do everything runs it all the same."""
    named = changes.get("organizers") or []
    return not who.is_superuser and bool(named) and who.username not in named and runs(who, task)


@dataclass(frozen=True)
class Questions:
    """What is asked about once more before changes are saved: limits that they lower, and leaving the task."""

    warnings: list[str] = field(default_factory=list)
    is_leaving: bool = False

    def __bool__(self) -> bool:
        return bool(self.warnings) or self.is_leaving

    @property
    def key(self) -> str:
        """By it an answer is to these questions, and not to those that were asked about other changes."""
        return sha256(repr((self.warnings, self.is_leaving)).encode()).hexdigest()[:16]


def questions(task: Task, changes: Mapping[str, Any], who: User) -> Questions:
    """Of these changes, made by this person."""
    return Questions(lowered(task, changes), leaves(task, changes, who))


def change_problems(task: Task, changes: Mapping[str, Any]) -> list[Problem]:
    """All that is wrong with these changes, before anybody is asked whether it is meant; whatever else of a form cannot
    be read."""
    _before, after, changed = _compared(task, changes)
    return _problems(task, after, changed)


@transaction.atomic
def task_change(*, task: Task, changes: Mapping[str, Any], who: User, why: str) -> list[str]:
    """Change what the form may change; returns the names of what did change. BundleError with all that is wrong.

    Dates of a published task are not among it: `task_move_dates` tells people of them.
    """
    board_hold(task.pk)
    task.refresh_from_db()
    before, after, changed = _compared(task, changes)
    if not changed:
        return []
    bundle = _checked(task, after, changed)
    made, columns = task_of(bundle), [_COLUMNS.get(name, name) for name in changed if name not in _LISTS]
    for column in columns:
        setattr(task, column, getattr(made, column))
    task.board_number += 1  # what is kept of its pages was made before
    task.save(update_fields=[*columns, "board_number"])
    if "organizers" in changed:
        task.organizers.set(organizers_named(bundle))
    if "phases" in changed:
        task.phases.all().delete()
        Phase.objects.bulk_create(phases_of(bundle, task))
    details = {name: {"from": before[name], "to": after[name]} for name in changed}
    is_dates = set(changed) <= MOMENTS
    act_record(who=who, task=task, what=What.DATES if is_dates else What.SETTINGS, why=why, details=details)
    return changed


def _compared(task: Task, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    before = settings_of(task)
    after = before | {name: value for name, value in changes.items() if name in before}
    return before, after, [name for name in after if _plain(after[name]) != _plain(before[name])]


def _checked(task: Task, after: dict[str, Any], changed: Sequence[str]) -> TaskBundle:
    if problems := _problems(task, after, changed):
        raise BundleError(problems)
    return TaskBundle.model_validate(_raw(task, after))


def _raw(task: Task, after: dict[str, Any]) -> dict[str, Any]:
    return bundle_raw_of(fields_of(bundle_of(task), "") | after) | {"hidden_test": "hidden.zip"}


def _problems(task: Task, after: dict[str, Any], changed: Sequence[str]) -> list[Problem]:
    found = fields_problems(_raw(task, after))
    problems = [each for each in found if changed and each.field in {*changed, "closes_at", "phases"}]
    if task.phase == Task.Status.CLOSED and {"opens_at", "closes_at"} & set(changed):
        says = _("The task is closed and its private scores are told: it cannot be opened again.")
        problems.append(Problem(("closes_at",), says))
    if not after["organizers"] and "organizers" in changed:
        says = _("Name at least one organizer: with nobody named, all who run tasks would run it.")
        problems.append(Problem(("organizers",), says))
    return problems


def _plain(value: Any) -> Any:
    """Browsers send line breaks of their own, and forms strip what is around a text."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _is_lower(old: Any, new: int) -> bool:
    """0 is no limit where there may be none."""
    return isinstance(old, int) and new != old and (old == 0 or 0 < new < old)
