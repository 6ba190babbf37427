"""Where a team stands on a task's ladder: read from the entries that were told a score of their own."""

import numpy as np
import numpy.typing as npt

from fixpoint.submissions.models import Result, Submission
from fixpoint.submissions.telling import Rung, right_of


def best_rung(submission: Submission, is_public: npt.NDArray[np.bool_]) -> Rung | None:
    """The best that its team was told in this task so far; None before the first, and where no ladder is climbed.

    Inside the transaction that scores it, with the task's row held (board_changes.py): entries are told one after the
    other. What was told stays told: entries that are withdrawn, disqualified or run again stay rungs. What organizers
    enter as a baseline or reference climbs no ladder and is none, since they may see every score as it is. A run again
    is none either: organizers ask for it, and its team did nothing for it.
    """
    if not submission.task.ladder or submission.role != Submission.Role.PARTICIPANT:
        return None
    its_team = Submission.objects.filter(pk=submission.pk).values("team")  # of now: it may have been merged since
    told = Result.objects.filter(
        submission__task=submission.task_id,
        submission__team__in=its_team,
        submission__rerun_of=None,
        submission__role=Submission.Role.PARTICIPANT,
        submission__is_own_score=True,
    ).select_related("submission")
    best = told.order_by("-accuracy_public", "created_at").first()  # each step led up, told or hidden by rounding
    if best is None or best.submission.accuracy is None:
        return None
    return Rung(best.submission.accuracy, right_of(correct_of(best)[:, is_public]), len(best.submission.seeds))


def correct_of(result: Result) -> npt.NDArray[np.bool_]:
    """Which hidden images [S, N] each seed got right, out of the bits that are kept."""
    rows = np.frombuffer(bytes(result.correct), np.uint8).reshape(len(result.submission.seeds), -1)
    return np.unpackbits(rows, axis=1, count=result.hidden_images).astype(np.bool_)
