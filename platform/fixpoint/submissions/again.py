"""Entering the same images once more: after an entry that came to nothing, or in vain after one with a score."""

from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import is_own
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from fixpoint.teams.selectors import team_of

_CAME_TO_NOTHING = frozenset({Submission.Status.FAILED, Submission.Status.ERROR, Submission.Status.CANCELLED})


def is_repeatable(submission: Submission, who: object) -> bool:
    """Whether this person is offered to enter it again: the team of what ended without a score."""
    is_theirs = isinstance(who, User) and is_own(who, submission)
    return is_theirs and submission.rerun_of_id is None and submission.status in _CAME_TO_NOTHING


def scored_alike(dataset: Dataset) -> Submission | None:
    """The owner's team's newest entry of the same images, splits and labels that has the score which this would get."""
    task = dataset.task
    team = team_of(dataset.owner, task)
    if team is None or not dataset.digest:
        return None
    same = Submission.objects.filter(
        team=team,
        dataset__digest=dataset.digest,
        recipe_digest=task.recipe_digest,
        status=Submission.Status.SCORED,
        role=Submission.Role.PARTICIPANT,
        rerun_of=None,
    )
    return next((each for each in same.order_by("-created_at") if each.seeds == task.entry_seeds), None)


def submission_repeat(*, submission: Submission, who: User) -> Submission:
    """A new entry of the same dataset, by the rules and the quota of any other. Raises EntryRefusedError."""
    if not is_repeatable(submission, who):
        raise EntryRefusedError(_("Only your own entry that ended without a score can be entered again."))
    role = Submission.Role(submission.role)
    # A participant's has the seeds of its task, as they are now; a baseline may have others of its own.
    seeds = () if role == Submission.Role.PARTICIPANT else submission.seeds
    return submission_enter(owner=who, dataset=submission.dataset, seeds=seeds, role=role)
