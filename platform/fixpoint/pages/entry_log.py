"""What happened to an entry, in words for its owner: names of workers and faults of the platform are not in it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from fixpoint.sayings.saying import said
from fixpoint.submissions.models import Submission, SubmissionTransition


@dataclass(frozen=True)
class Happened:
    """One line."""

    at: datetime
    words: str


def log_of(entry: Submission) -> list[Happened]:
    """The first one first."""
    return [Happened(change.at, words_of(entry, change)) for change in entry.transitions.all()]


def words_of(entry: Submission, change: SubmissionTransition) -> str:
    """One change as a sentence."""
    if change.from_status == change.to_status and change.to_status in Submission.FINAL:
        why = said(change.why)
        return why[:1].upper() + why[1:]  # what was decided of it, which is told with its reason
    if change.to_status == Submission.Status.QUEUED:
        return _entered(entry, change)
    return {
        Submission.Status.TRAINING: _("Training began."),
        Submission.Status.PREDICTING: _("Trained. The hidden images are predicted."),
        Submission.Status.SCORED: _("Scored."),
        Submission.Status.FAILED: _("It failed, and the data is why."),
        Submission.Status.ERROR: _("Given up, through no fault of the data. It was not charged."),
        Submission.Status.CANCELLED: _("Cancelled by %(who)s.") % {"who": change.who},
    }[Submission.Status(change.to_status)]


def _entered(entry: Submission, change: SubmissionTransition) -> str:
    if change.from_status:
        lost = _("Attempt %(number)s was lost through no fault of the data. It is tried again.")
        return lost % {"number": change.attempt}
    return _("Run again: %(why)s") % {"why": said(change.why)} if entry.rerun_of_id else _("Entered.")
