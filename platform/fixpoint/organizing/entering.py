"""Following a dataset from upload to score, as a person would on the pages."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fixpoint.accounts.models import User
from fixpoint.blobs.arriving import taking_folder
from fixpoint.datasets.daily import TooManyDatasetsError
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.selectors import remark_groups
from fixpoint.datasets.services import dataset_take
from fixpoint.datasets.storage import StorageFullError
from fixpoint.energy.estimates import grams
from fixpoint.energy.phases import AbstractPhaseEnergy
from fixpoint.organizing.waiting import looks
from fixpoint.submissions.models import Submission
from fixpoint.submissions.revealing import shown_score
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.models import Task


class RefusedError(Exception):
    """The dataset or the entry did not get to a score; the message has every reason."""


def zip_take(
    *, owner: User, task: Task, path: Path, name: str = "", enters: bool = False, seeds: Sequence[int] = ()
) -> Dataset:
    """Hand in a copy of a zip on this disk, as an upload would; `enters` and `seeds` as in `dataset_take`.

    RefusedError where its owner may keep no more, or hand in no more today.
    """
    with taking_folder() as folder:
        copy = folder / "archive.zip"
        shutil.copyfile(path, copy)
        try:
            return dataset_take(
                owner=owner, task=task, name=name or path.stem, path=copy, enters=enters, entry_seeds=seeds
            )
        except (StorageFullError, TooManyDatasetsError) as error:
            raise RefusedError(str(error)) from error


def entry_follow(
    *,
    dataset: Dataset,
    seeds: Sequence[int] = (),
    role: Submission.Role = Submission.Role.PARTICIPANT,
    tell: Callable[[str], object],
) -> Submission:
    """Wait until the dataset is accepted and entered, wait for its score; RefusedError with the reasons otherwise.

    It is entered here, in this role, unless that is to happen on acceptance. Without `seeds` it trains with those of
    its task.
    """
    for _ in looks(dataset):
        if dataset.is_final:
            break
    if dataset.status != Dataset.Status.ACCEPTED:
        raise RefusedError(_reasons(dataset))
    tell(f"{dataset.name}: {dataset.images:,} images accepted, {dataset.clutter} files of clutter ignored.")
    if dataset.entry_refusal:
        raise RefusedError(dataset.entry_refusal)
    entered = dataset.submissions.first() if dataset.enters else None
    entry = entered or submission_enter(owner=dataset.owner, dataset=dataset, seeds=seeds, role=role)
    told = 0
    for _ in looks(entry):
        for epoch in entry.epochs.filter(attempt=entry.attempt, pk__gt=told).order_by("pk"):
            told = epoch.pk
            seed = f"seed {epoch.seed}, " if len(entry.seeds) > 1 else ""
            tell(
                f"{seed}epoch {epoch.epoch}/{epoch.epochs}: loss {epoch.loss:.4f}, validation {epoch.val_accuracy:.4f}"
            )
        if entry.is_final:
            break
    if entry.status != Submission.Status.SCORED:
        raise RefusedError(f"{entry.get_status_display()}: {entry.reason}")
    return entry


def entry_report(entry: Submission) -> dict[str, Any]:
    """The one line of JSON of `manage.py enter`: of its score what everybody may see now."""
    result, task = entry.result, entry.task
    shown = shown_score(result)
    phases: dict[str, AbstractPhaseEnergy] = {
        each.phase: each for each in entry.dataset.energies.filter(attempt=entry.dataset.attempt)
    }
    phases |= {each.phase: each for each in entry.energies.filter(attempt=entry.attempt)}

    def carbon(kwh: float | None) -> float | None:
        return None if kwh is None else grams(kwh, task.grid_g_per_kwh, task.pue)

    return {
        "entry": str(entry.pk),
        "accuracy": shown.told,
        "accuracy_public": shown.public,
        "accuracy_private": shown.private,
        "spread": shown.spread,
        "seeds": shown.per_seed,
        "kwh": result.measured_kwh,
        "grams_standardised": carbon(result.standardised_kwh),
        "grams_measured": carbon(result.measured_kwh),
        "images": entry.dataset.images,
        "dataset_digest": entry.dataset.digest,
        "recipe_digest": entry.recipe_digest,
        "weights_digest": result.run.weights_sha256,
        "sandbox": result.run.provenance.get("sandbox"),
        "device_class": result.run.provenance.get("device_class"),
        "attempts": entry.attempt,
        "seconds": {name: each.seconds for name, each in phases.items()},
        "cpu_seconds": {name: each.cpu_seconds for name, each in phases.items()},
    }


def _reasons(dataset: Dataset) -> str:
    lines = [dataset.reason or dataset.get_status_display()]
    for group in remark_groups(dataset):
        lines.append(f"Rule {group.rule.number}, {group.rule.title} ({group.total}): {group.rule.remedy}")
        lines += [f"  {remark.path or '(the archive)'}: {remark.detail}" for remark in group.first]
        if group.more:
            lines.append(f"  … and {group.more:,} more")
    return "\n".join(lines)
