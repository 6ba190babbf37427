"""Entries of a guarded task, scored one after the other by the real way from logits to what is told."""

from collections.abc import Sequence
from pathlib import Path

from fixpoint.accounts.models import User
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.models import Task
from tests.support import platform as rows
from tests.support.evaluating import evaluate, hold_packs
from tests.support.worker import ScriptedWorker, job_of

PUBLIC, PRIVATE = 8, 4
"""Hidden images of either side; all are of the first class."""


def guarded_task(slug: str = "guarded", **values: object) -> Task:
    """Two thirds of its hidden images are public: every third is not."""
    settings = {"public_share": 0.667, "entries_per_day": 50, "entries_total": 50} | values
    task = rows.open_task(slug, hidden=PUBLIC + PRIVATE, **settings)
    task.hidden_images.update(label=0)
    task.hidden_images.filter(number__in=range(3, PUBLIC + PRIVATE + 1, 3)).update(is_public=False)
    return task


def labels(public: int, private: int) -> list[int]:
    """Answers by which so many images of each side are right: the first ones."""
    found, left = [], {True: public, False: private}
    for number in range(1, PUBLIC + PRIVATE + 1):
        side = number % 3 != 0
        found.append(0 if left[side] > 0 else 1)
        left[side] -= 1
    return found


def scored_entry(
    owner: User, task: Task, folder: Path, *answers: list[int], seeds: Sequence[int] = (), **values: object
) -> Submission:
    """An entry with these answers of each seed, made with `values` before it is scored."""
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task), seeds=seeds)
    Submission.objects.filter(pk=entry.pk).update(**values)
    hold_packs(entry, folder)
    evaluate(ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk))), *answers)
    entry.refresh_from_db()
    return entry
