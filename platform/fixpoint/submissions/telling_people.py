"""The notice that a run has ended: once an entry, in the transaction that ends it, and no more than is told anyway."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fixpoint.accounts.models import Notice, User
from fixpoint.accounts.notices import notices_give
from fixpoint.energy.estimates import grams
from fixpoint.figures import fixed, significant
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
    is_told = submission.status == Submission.Status.SCORED and submission.is_own_score
    says = {
        Submission.Status.SCORED: _("Scored %(accuracy)s: “%(name)s” in %(title)s")
        if is_told
        else _("Scored: “%(name)s” in %(title)s"),
        Submission.Status.FAILED: _("Failed: “%(name)s” in %(title)s"),
        Submission.Status.ERROR: _("Ended in an error of ours: “%(name)s” in %(title)s"),
        Submission.Status.CANCELLED: pgettext("entry", "Cancelled: “%(name)s” in %(title)s"),
    }[Submission.Status(submission.status)]
    name = submission.title or submission.dataset.name
    return says % {"accuracy": _told(submission), "name": name, "title": submission.task.title}


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
    """The told score alone, and what it cost: exact ones, and whatever is private, wait for the task's end."""
    task = submission.task
    says = (
        _("Its accuracy on the hidden images is %(accuracy)s.")
        if submission.is_own_score
        else _("It is not clearly better than the best before it, which is told again: %(accuracy)s.")
    )
    cost = grams(submission.result.standardised_kwh, task.grid_g_per_kwh, task.pue)
    emits = _("It emits %(grams)s g of CO₂, standardised.") % {"grams": significant(cost)}
    return f"{says % {'accuracy': _told(submission)}} {emits}"


def _told(submission: Submission) -> str:
    return fixed(submission.accuracy or 0.0, submission.task.score_decimals)
