"""A task that is over: frozen, revised once after a disqualification, with an entry that was run again."""

from datetime import timedelta

from django.utils import timezone

from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Submission
from fixpoint.submissions.reruns import submission_rerun
from fixpoint.tasks.models import Task
from tests.pages.rows import Score, entry_of, scored
from tests.support.platform import accepted_dataset, open_task, person

SLUG = "numerals-in-winter"
STOOD = [("emmy", 0.871, 0.0031), ("sofja", 0.862, 0.0042), ("hypatia-of-old", 0.790, 0.0011), ("carl", 0.761, 0.0024)]


def ended_task() -> tuple[Submission, Submission]:
    """The entry that was disqualified, and the run again of another one."""
    task = open_task(SLUG, hidden=1244, title="Numerals in winter", closes_at=timezone.now() + timedelta(hours=1))
    then = timezone.now() - timedelta(days=2)
    entries = [
        scored(entry_of(accepted_dataset(person(name), task, "winter"), at=then), Score(accuracy, kwh, kwh * 1.3))
        for name, accuracy, kwh in STOOD
    ]
    Task.objects.filter(pk=task.pk).update(closes_at=timezone.now() - timedelta(days=1))
    standings_freeze(task_id=task.pk)
    submission_disqualify(submission=entries[0], why="Its training images hold 212 of the hidden set.", who="organizer")
    standings_freeze(task_id=task.pk)
    again = submission_rerun(submission=entries[1], why="Its measured energy lies outside of its band.")
    return entries[0], scored(again, Score(0.862, 0.0042, 0.0053))
