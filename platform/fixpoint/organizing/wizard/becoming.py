"""A draft's last step: everything that is wrong at once, or the task."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fixpoint.accounts.models import User
from fixpoint.blobs.arriving import taking_folder
from fixpoint.blobs.store import blob_open
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.wizard.raw import raw_of
from fixpoint.tasks.bundle import fields_problems
from fixpoint.tasks.bundle_fields import TaskBundle
from fixpoint.tasks.bundle_least import least_of
from fixpoint.tasks.bundle_problems import BundleError, Problem
from fixpoint.tasks.creating import TaskExistsError, hidden_read, task_create
from fixpoint.tasks.draft_checks import draft_file_problems
from fixpoint.tasks.durations import overlong
from fixpoint.tasks.from_bundle import task_of
from fixpoint.tasks.hidden_archive import HiddenArchiveError
from fixpoint.tasks.models import Draft, Task
from fixpoint.tasks.publishing import past_close, task_publish
from fixpoint.uploads.models import Upload
from fixpoint.uploads.services import uploads_end

_MISSING = {
    "slug": gettext_lazy("The task has no address yet."),
    "title": gettext_lazy("The task has no title yet."),
    "classes": gettext_lazy("There are no classes yet: write two at least."),
    "recipe": gettext_lazy("No recipe is chosen yet: save the rules once."),
    "hidden_test": gettext_lazy("There is no hidden test set yet: upload its zip."),
}


class AlreadyATaskError(Exception):
    """The draft has become a task before."""


class DraftChangedError(Exception):
    """The draft was changed or deleted while a task was made of it as it had been: nothing was made."""


def draft_problems(draft: Draft) -> list[Problem]:
    """All that its fields and the directories of its files show, without reading the hidden images."""
    raw = raw_of(draft)
    known = fields_problems(raw)
    found = [_said(problem, raw) for problem in known]
    if raw.get("slug") and Task.objects.filter(slug=raw["slug"]).exists():
        found.append(Problem(("slug",), _("A task has this address already: choose another one.")))
    bundle = least_of(raw).bundle
    task = task_of(bundle)
    if problem := overlong(task, task.seeds):
        found.append(Problem(("train_seconds",), problem))
    if problem := past_close(bundle.closes_at):
        found.append(Problem(("closes_at",), problem))
    if not any(each.field == "classes" for each in known):
        found += draft_file_problems(draft, bundle)
    return found


def draft_become(*, draft: Draft, who: User) -> Task:
    """The task, a draft still for all but its organizers; its baselines enter when it is ready.

    BundleError with every reason, those of the hidden images too; AlreadyATaskError where it was done, and
    DraftChangedError where it is no longer what `draft` was read as.
    """
    if draft.task_id:
        raise AlreadyATaskError
    problems = draft_problems(draft)
    raw = raw_of(draft)
    with taking_folder() as folder:
        for name, sha256 in _files(draft):
            if problems and name != raw.get("hidden_test"):
                continue  # of which more is to be told
            with blob_open(sha256) as source, (folder / name).open("wb") as target:
                shutil.copyfileobj(source, target)
        if problems:
            raise BundleError([*problems, *_hidden_problems(raw, folder, problems)])
        try:
            return _create(draft, _whole(TaskBundle.model_validate(raw), folder), who)
        except HiddenArchiveError as error:
            raise BundleError([Problem(("hidden_test",), says) for says in error.problems]) from error
        except BundleError as error:
            raise BundleError([Problem(each.place or ("hidden_test",), each.says) for each in error.found]) from error
        except TaskExistsError as error:
            raise BundleError([Problem(("slug",), str(error))]) from error


@transaction.atomic
def draft_publish(*, task: Task, who: User) -> bool:
    """From now on it is there for others; False if it was before. Raises TaskNotReadyError."""
    if not task_publish(task=task):
        return False
    act_record(who=who, task=task, what=What.PUBLISHED)
    return True


def _create(draft: Draft, bundle: TaskBundle, who: User) -> Task:
    def created(task: Task) -> None:
        # Whatever changes a draft moves this moment, files that have arrived too: reading the hidden images takes long.
        unchanged = Draft.objects.filter(pk=draft.pk, task=None, deleted_at=None, updated_at=draft.updated_at)
        if unchanged.update(task=task) != 1:
            raise AlreadyATaskError if Draft.objects.filter(pk=draft.pk).exclude(task=None) else DraftChangedError
        uploads_end(uploads=Upload.objects.filter(draft=draft))
        act_record(who=who, task=task, what=What.CREATED)

    draft.task = task_create(bundle=bundle, publishes=False, maker=draft.owner, created=created)
    return draft.task


def _whole(bundle: TaskBundle, folder: Path) -> TaskBundle:
    """With whole paths."""
    named = {name: getattr(bundle, name) for name in ("hidden_test", "label_book", "training_data")}
    whole: dict[str, Any] = {name: folder / path for name, path in named.items() if path is not None}
    whole["baselines"] = tuple(each.model_copy(update={"zip": folder / each.zip}) for each in bundle.baselines)
    return bundle.model_copy(update=whole)


def _files(draft: Draft) -> Iterator[tuple[str, str]]:
    raw, baselines = raw_of(draft), 0
    for file in draft.files.all():
        if file.field == "baseline":
            baselines += 1
            yield f"baseline-{baselines}.zip", file.sha256
        elif file.field in raw:
            yield raw[file.field], file.sha256


def _hidden_problems(raw: dict[str, Any], folder: Path, known: list[Problem]) -> list[Problem]:
    """What the hidden images show beside what is known, if their classes are right; the other fields stand in."""
    if "hidden_test" not in raw or any(each.field in ("classes", "hidden_test") for each in known):
        return []
    try:
        bundle = _whole(least_of(raw).bundle, folder)
        hidden_read(bundle, task_of(bundle), folder / "flat.zip")
    except (HiddenArchiveError, BundleError) as error:
        return [Problem(("hidden_test",), says) for says in error.problems]
    return []


def _said(problem: Problem, raw: dict[str, Any]) -> Problem:
    """A field that is missing is not missing in a YAML here."""
    name = problem.field
    return Problem(problem.place, str(_MISSING[name])) if name in _MISSING and not raw.get(name) else problem
