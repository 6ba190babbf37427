"""Taking an entry off every board for a reason that everybody reads, and putting it back."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.notices import notices_give
from fixpoint.submissions.board_changes import board_number
from fixpoint.submissions.models import Submission, SubmissionTransition


class DisqualificationError(Exception):
    """It cannot be disqualified, or restored; the message says why."""


@transaction.atomic
def submission_disqualify(*, submission: Submission, why: str, who: str) -> None:
    """From now on it stands on no board; its owner is told, and its page says why. Raises DisqualificationError."""
    why = _reason(why)
    if submission.status != Submission.Status.SCORED or submission.rerun_of_id:
        raise DisqualificationError(_("Only an entry with a score stands on a board, and no run again does."))
    number = board_number(submission.task_id)
    standing = Submission.objects.filter(pk=submission.pk, disqualified_at=None)
    if standing.update(disqualified_at=timezone.now(), disqualified_why=why, board_number=number) != 1:
        raise DisqualificationError(_("It is disqualified already."))
    _note(submission, f"disqualified: {why}", who)
    notices_give(
        to=[submission.owner],
        subject=lambda: _("Your entry %(name)s was disqualified") % {"name": submission.dataset.name},
        text=lambda: _("It stands on no board of %(task)s any more: %(why)s") % {"task": submission.task, "why": why},
        path=f"/entries/{submission.pk}/",
    )


@transaction.atomic
def submission_reinstate(*, submission: Submission, why: str, who: str) -> None:
    """Back onto its boards, as if nothing had been; the history keeps both reasons. Raises DisqualificationError."""
    why = _reason(why)
    number = board_number(submission.task_id)
    fallen = Submission.objects.filter(pk=submission.pk, disqualified_at__isnull=False)
    if fallen.update(disqualified_at=None, disqualified_why="", board_number=number) != 1:
        raise DisqualificationError(_("It is not disqualified."))
    _note(submission, f"restored: {why}", who)
    notices_give(
        to=[submission.owner],
        subject=lambda: _("Your entry %(name)s is restored") % {"name": submission.dataset.name},
        text=lambda: _("It is no longer disqualified in %(task)s: %(why)s") % {"task": submission.task, "why": why},
        path=f"/entries/{submission.pk}/",
    )


def decisions(submission: Submission) -> QuerySet[SubmissionTransition]:
    """What was decided about it after its end, with when, who and why; the first one first."""
    return submission.transitions.filter(from_status=F("to_status"), to_status__in=Submission.FINAL)


def _reason(why: str) -> str:
    if not why.strip():
        raise DisqualificationError(_("Say why: its owner and everybody who looks at it read it."))
    return why.strip()


def _note(submission: Submission, why: str, who: str) -> None:
    status = Submission.Status.SCORED
    submission.transitions.create(
        attempt=submission.attempt, from_status=status, to_status=status, why=why[:500], who=who[:150]
    )
    submission.refresh_from_db(fields=["disqualified_at", "disqualified_why", "board_number"])
