"""What organizers see of an entry's attempts: who held each, how it ended, and why."""

from dataclasses import dataclass

from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission, SubmissionTransition


@dataclass(frozen=True)
class AttemptFacts:
    """An attempt with the changes of the entry's status that happened under it."""

    attempt: Attempt
    changes: list[SubmissionTransition]


def attempts_of(entry: Submission) -> list[AttemptFacts]:
    """All of them, the first one first."""
    changes = list(entry.transitions.all())
    return [
        AttemptFacts(attempt, [change for change in changes if change.attempt == attempt.number])
        for attempt in Attempt.objects.filter(subject_id=entry.pk).order_by("number")
    ]
