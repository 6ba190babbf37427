"""What the database says of entries and datasets that nobody has examined yet: plain data for checks."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from fixpoint.datasets.models import Dataset
from fixpoint.dispatch.models import Attempt
from fixpoint.leaderboard.selectors import standings
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task
from tests.faults.campaign.standin import guess, weights_of

Facts = dict[str, Any]


def states(known: set[UUID]) -> Facts:
    """The status of every entry and dataset but the known ones, and whether everything has ended."""
    entries = Submission.objects.exclude(pk__in=known)
    datasets = Dataset.objects.exclude(pk__in=known)
    return {
        "entries": {str(each.pk): each.status for each in entries},
        "datasets": {str(each.pk): each.status for each in datasets},
        "are_final": all(each.is_final for each in (*entries, *datasets)) and not _open_attempts(),
    }


def facts(known: set[UUID]) -> Facts:
    """All that is checked, of every entry and dataset but the known ones, and of the boards as they are now."""
    return {
        "entries": [entry_facts(each) for each in Submission.objects.exclude(pk__in=known).order_by("pk")],
        "datasets": [dataset_facts(each) for each in Dataset.objects.exclude(pk__in=known).order_by("pk")],
        "boards": [board_facts(task) for task in Task.objects.order_by("pk")],
        "scored": [str(pk) for pk in Submission.objects.filter(status="scored").values_list("pk", flat=True)],
        "next": {"entry": _table(Submission.NEXT), "dataset": _table(Dataset.NEXT)},
    }


def entry_facts(entry: Submission) -> Facts:
    """One entry."""
    return _subject(entry) | {
        "quota": entry.quota,
        "accuracy": entry.accuracy,
        "expected": expected_accuracy(entry),
        "results": Result.objects.filter(submission=entry).count(),
    }


def dataset_facts(dataset: Dataset) -> Facts:
    """One dataset."""
    return _subject(dataset)


def board_facts(task: Task) -> Facts:
    """Who stands on the boards of a task: entry and team, by order."""
    return {
        order: [[str(row.entry_id), str(row.team.id)] for row in standings(task, order=order).rows]
        for order in ("accuracy", "emissions", "measured")
    }


def expected_accuracy(entry: Submission) -> float:
    """What the stand-in for the model must have scored: its guesses held against the hidden labels."""
    weights = hashlib.sha256(weights_of(entry.dataset.pack_sha256, entry.seeds)).hexdigest()
    labels = list(entry.task.hidden_images.order_by("number").values_list("label", flat=True))
    right = [
        guess(weights, layer, row, len(entry.task.classes)) == label
        for layer in range(len(entry.seeds))
        for row, label in enumerate(labels)
    ]
    return sum(right) / len(right)


def _subject(subject: Submission | Dataset) -> Facts:
    attempts = Attempt.objects.filter(subject_id=subject.pk).order_by("number")
    return {
        "id": str(subject.pk),
        "status": subject.status,
        "attempt": subject.attempt,
        "is_final": subject.is_final,
        "transitions": [
            [each.attempt, each.from_status, each.to_status, each.why] for each in subject.transitions.order_by("pk")
        ],
        "attempts": [[each.number, each.outcome, each.ended_at is not None] for each in attempts],
    }


def _open_attempts() -> bool:
    """Also those of what was cancelled: they end with their lease."""
    return Attempt.objects.filter(ended_at=None).exists()


def _table(allowed: dict[str, frozenset[str]]) -> dict[str, list[str]]:
    return {status: sorted(following) for status, following in allowed.items()}
