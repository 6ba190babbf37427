"""What a team decides of its scored entries while the task runs: which stand on the board, and which not."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.submissions.board_changes import board_hold, board_number
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import is_own
from fixpoint.tasks.models import Task


class DecisionRefusedError(Exception):
    """It cannot be decided so; the message says why and what to do."""


@transaction.atomic
def submission_choose(*, submission: Submission, who: User) -> bool:
    """Let it stand for its team; False if it does. DecisionRefusedError where nothing, or no more, can be chosen."""
    _hold(submission, who)
    if submission.is_chosen:
        return False
    task = submission.task
    if why := _why_unfit(submission, task):
        raise DecisionRefusedError(why)
    chosen = Submission.objects.filter(task=task, team=submission.team_id, is_chosen=True).count()
    if chosen >= task.max_chosen:
        raise DecisionRefusedError(
            _("%(chosen)s of %(most)s entries are chosen: give one of them up first.")
            % {"chosen": chosen, "most": task.max_chosen}
        )
    _decide(submission, who, "chosen for the board", is_chosen=True)
    return True


@transaction.atomic
def submission_unchoose(*, submission: Submission, who: User) -> bool:
    """Take the choice back; False if it is not chosen. DecisionRefusedError where it is too late."""
    _hold(submission, who)
    if not submission.is_chosen:
        return False
    _decide(submission, who, "not chosen any more", is_chosen=False)
    return True


@transaction.atomic
def submission_withdraw(*, submission: Submission, who: User) -> bool:
    """Take it off every board, its choice too; False if it is. Its quota is spent, and what was told stays told."""
    _hold(submission, who)
    if submission.withdrawn_at:
        return False
    now = timezone.now()
    _decide(submission, who, "withdrawn by its team", is_chosen=False, withdrawn_at=now)
    return True


@transaction.atomic
def submission_restore(*, submission: Submission, who: User) -> bool:
    """Let a withdrawn entry stand again, not chosen; False if it is not withdrawn."""
    _hold(submission, who)
    if not submission.withdrawn_at:
        return False
    _decide(submission, who, "restored by its team", withdrawn_at=None)
    return True


def is_decidable(submission: Submission, who: User) -> bool:
    """Whether this person may decide anything of it now."""
    return not _why_not(submission, who)


def is_choosable(submission: Submission) -> bool:
    """Whether it could be chosen, as far as the entry itself goes."""
    return not _why_unfit(submission, submission.task)


def _hold(submission: Submission, who: User) -> None:
    """With the task's row, so that two choices at once are counted one by one."""
    board_hold(submission.task_id)
    submission.refresh_from_db(from_queryset=Submission.objects.select_for_update())
    if why := _why_not(submission, who):
        raise DecisionRefusedError(why)


def _why_not(submission: Submission, who: User) -> str:
    if not is_own(who, submission):
        return _("Only the team that entered it can decide this.")
    if submission.status != Submission.Status.SCORED:
        return _("Only a scored entry stands on a board; this one is: %(state)s.") % {
            "state": submission.get_status_display()
        }
    if submission.task.phase == Task.Status.CLOSED:
        return _("The task is closed: which entries count was decided with its end.")
    return ""


def _why_unfit(submission: Submission, task: Task) -> str:
    if task.counting != Task.Counting.CHOSEN:
        return _("This task counts everybody's best entry: there is nothing to choose.")
    if submission.withdrawn_at:
        return _("A withdrawn entry stands on no board: restore it, then choose it.")
    if submission.disqualified_at:
        return _("A disqualified entry stands on no board: choose another one.")
    is_ranked = submission.role == Submission.Role.PARTICIPANT and submission.rerun_of_id is None
    if not is_ranked or (submission.recipe_digest, submission.seeds) != (task.recipe_digest, task.entry_seeds):
        return _("It is not ranked: choose an entry of your own with the task's recipe and seeds.")
    return ""


def _decide(submission: Submission, who: User, why: str, **values: Any) -> None:
    number = board_number(submission.task_id)
    Submission.objects.filter(pk=submission.pk).update(board_number=number, **values)
    status = submission.status
    submission.transitions.create(
        attempt=submission.attempt, from_status=status, to_status=status, why=why, who=who.username
    )
    submission.refresh_from_db()
