"""What organizers do to an entry: the services of entries, each written down as an act."""

from django.db import transaction
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.models import Featured
from fixpoint.organizing.reasons import reason_of
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.disqualifying import (
    DisqualificationError,
    submission_disqualify,
    submission_reinstate,
)
from fixpoint.submissions.models import Submission
from fixpoint.submissions.reruns import RerunRefusedError, submission_rerun
from fixpoint.submissions.selectors import is_own
from fixpoint.submissions.services import submission_cancel

_REFUSALS = (RerunRefusedError, DisqualificationError)


@transaction.atomic
def entry_rerun(*, entry: Submission, why: str, who: User | str) -> Submission:
    """Queue it once more, free of charge and not ranked; the new entry. Raises ActRefusedError."""
    try:
        again = submission_rerun(submission=entry, why=why, who=_name(who))
    except _REFUSALS as error:
        raise ActRefusedError(str(error)) from error
    _record(What.RERUN, entry, why, who, rerun=str(again.pk))
    return again


@transaction.atomic
def entry_cancel(*, entry: Submission, why: str, who: User, only_free: bool = False) -> None:
    """Stop it. Raises ActRefusedError where it is over, StartedError where that is not free and it was to be.

    What one stops of one's own team's is no organizer's act.
    """
    was = entry.status
    if not submission_cancel(submission=entry, who=who, only_free=only_free):
        raise ActRefusedError(_("Nothing to cancel: it was over already."))
    if entry.rerun_of_id or not is_own(who, entry):
        _record(What.CANCELLED, entry, why, who, was=was)


@transaction.atomic
def entry_disqualify(*, entry: Submission, why: str, who: User | str) -> None:
    """Off every board; its owner is told. Raises ActRefusedError."""
    try:
        submission_disqualify(submission=entry, why=why, who=_name(who))
    except _REFUSALS as error:
        raise ActRefusedError(str(error)) from error
    _record(What.DISQUALIFIED, entry, why, who)


@transaction.atomic
def entry_reinstate(*, entry: Submission, why: str, who: User | str) -> None:
    """Back onto its boards; its owner is told. Raises ActRefusedError."""
    before = entry.disqualified_why
    try:
        submission_reinstate(submission=entry, why=why, who=_name(who))
    except _REFUSALS as error:
        raise ActRefusedError(str(error)) from error
    _record(What.REINSTATED, entry, why, who, was_disqualified=before)


@transaction.atomic
def entry_feature(*, entry: Submission, why: str, who: User) -> None:
    """Show it on the task's page, with `why`. Raises ActRefusedError."""
    why = reason_of(why)
    held = Submission.objects.select_for_update().get(pk=entry.pk)
    if held.status != Submission.Status.SCORED or held.rerun_of_id:
        raise ActRefusedError(_("Only an entry with a score can be featured, and no run again."))
    if held.disqualified_at or held.withdrawn_at:
        raise ActRefusedError(_("It stands on no board: it was disqualified or withdrawn."))
    if Featured.objects.filter(submission=held).exists():
        raise ActRefusedError(_("It is featured already."))
    Featured.objects.create(submission=held, why=why)
    _record(What.FEATURED, entry, why, who)


@transaction.atomic
def entry_unfeature(*, entry: Submission, why: str, who: User) -> None:
    """Show it there no longer. Raises ActRefusedError."""
    removed, _of_which = Featured.objects.filter(submission=entry).delete()
    if not removed:
        raise ActRefusedError(_("It is not featured."))
    _record(What.UNFEATURED, entry, why, who)


def _record(what: What, entry: Submission, why: str, who: User | str, **details: object) -> None:
    act_record(who=who, task=entry.task, what=what, subject=entry, why=why, details=details)


def _name(who: User | str) -> str:
    return who if isinstance(who, str) else who.username
