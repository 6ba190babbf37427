"""Stopping entries through no doing of who entered them: whatever their state, they are not charged."""

from django.db import transaction
from django.utils import timezone

from fixpoint.states import status_change
from fixpoint.submissions.board_changes import board_hold, board_number
from fixpoint.submissions.models import Submission
from fixpoint.submissions.telling_people import end_tell
from fixpoint.tasks.models import Task


@transaction.atomic
def submissions_stop(*, task: Task, why: str, who: str) -> int:
    """Cancel all that waits or runs of this task; how many. Their people are told `why`: a sentence that is kept."""
    board_hold(task.pk)
    running = Submission.objects.filter(task=task).exclude(status__in=Submission.FINAL)
    return sum(_stop(each, task, why, who) for each in running.select_for_update(of=("self",)).order_by("pk"))


def _stop(submission: Submission, task: Task, why: str, who: str) -> bool:
    submission.task = task  # as it is now, while its people may still look at it
    is_stopped = status_change(
        submission,
        board_number=board_number(submission.task_id),
        to=Submission.Status.CANCELLED,
        why=why,
        who=who,
        reason=why,
        quota=Submission.Quota.RELEASED,
        ended_at=timezone.now(),
    )
    if is_stopped:
        end_tell(submission=submission)
    return is_stopped
