"""What organizers see of the attempts at an entry or a dataset: who held each, how it ended, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixpoint.datasets.models import Dataset, DatasetTransition
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission, SubmissionTransition


@dataclass(frozen=True)
class AttemptFacts:
    """An attempt with the changes of its subject's status that happened under it."""

    attempt: Attempt
    changes: Sequence[SubmissionTransition | DatasetTransition]


def attempts_of(subject: Submission | Dataset) -> list[AttemptFacts]:
    """All of them, the first one first."""
    changes: Sequence[SubmissionTransition | DatasetTransition] = list(subject.transitions.all())
    return [
        AttemptFacts(attempt, [change for change in changes if change.attempt == attempt.number])
        for attempt in Attempt.objects.filter(subject_id=subject.pk).order_by("number")
    ]
