"""The notice that a run has ended: once an entry, in the transaction that ends it, and no more than is told anyway."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fixpoint.accounts.models import Notice, User
from fixpoint.accounts.notices import notices_give
from fixpoint.sayings.saying import said
from fixpoint.statements.asking import Later
from fixpoint.statements.selects import Kept
from fixpoint.submissions.models import Submission
from fixpoint.tasks.selectors import seeing


def end_tell(*, submission: Submission) -> None:
    """Tell its team how it ended; nothing of what the platform runs again for reasons of its own."""
    if submission.rerun_of_id:
        return
    notices_give(
        to=_people(submission),
        subject=lambda: _subject(submission),
        text=lambda: _score(submission) if submission.status == Submission.Status.SCORED else said(submission.reason),
        path=f"/entries/{submission.pk}/",
        kind=Notice.Kind.RUNS,
    )


def _subject(submission: Submission) -> str:
    says = {
        Submission.Status.SCORED: _("Your entry in %(title)s is scored"),
        Submission.Status.FAILED: _("Your entry in %(title)s failed"),
        Submission.Status.ERROR: _("Your entry in %(title)s ended in an error of ours"),
        Submission.Status.CANCELLED: _("Your entry in %(title)s was cancelled"),
    }[Submission.Status(submission.status)]
    return says % {"title": submission.task.title}


def _people(submission: Submission) -> Iterable[User]:
    if submission.task.is_public:
        return _TEAM_AND_OWNER.all(owner=submission.owner_id, team=submission.team_id)
    members = User.objects.filter(memberships__team=submission.team_id)
    may_look = seeing(members, submission.task).values("pk")
    return User.objects.filter(Q(pk=submission.owner_id) | Q(pk__in=may_look))


def _team_and_owner() -> QuerySet[User]:
    members = User.objects.filter(memberships__team=Later("team"))
    return User.objects.filter(Q(pk=Later("owner")) | Q(pk__in=members.values("pk")))


_TEAM_AND_OWNER = Kept(_team_and_owner)
"""Of a public task, which everybody may look at."""


def _score(submission: Submission) -> str:
    """The told score alone: exact ones, and whatever is private, wait for the task's end."""
    told = f"{submission.accuracy or 0.0:.{submission.task.score_decimals}f}"
    if submission.is_own_score:
        return _("Its accuracy on the hidden images is %(accuracy)s.") % {"accuracy": told}
    return _("It is not clearly better than the best before it, which is told again: %(accuracy)s.") % {
        "accuracy": told
    }
