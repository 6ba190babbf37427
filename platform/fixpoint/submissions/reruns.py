"""Running an entry again for the platform's own reasons: free of charge, not ranked, beside what it repeats."""

from django.db import transaction
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.recipes import RetiredRecipeError, pinned_facts
from fixpoint.sayings.saying import said
from fixpoint.submissions.board_changes import board_hold
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_send

PLATFORM = "platform"
"""Who runs it again where nobody asked for it."""


class RerunRefusedError(Exception):
    """The entry cannot be run again now; the message says why and what to do."""


@transaction.atomic
def submission_rerun(*, submission: Submission, why: str, who: str = PLATFORM) -> Submission:
    """Queue the same dataset with the same recipe and seeds once more. Raises RerunRefusedError.

    `why` is shown to everybody who may see either entry, `who` to organizers alone; both stand in its first transition.
    """
    if not why.strip():
        raise RerunRefusedError(_("Say why it is run again: its owner reads it."))
    # Of its dataset's deletion and this, one comes first.
    User.objects.select_for_update(no_key=True).get(pk=submission.owner_id)
    board_hold(submission.task_id)  # its team is read when no other is just being merged with it
    # Held, so that of two who ask at once one is refused; read anew, for much may have happened since.
    held = Submission.objects.select_for_update(of=("self",)).select_related("task", "dataset", "owner", "team")
    original = held.get(pk=submission.pk)
    _check(original)
    again = Submission.objects.create(
        task=original.task,
        dataset=original.dataset,
        owner=original.owner,
        team=original.team,
        seeds=original.seeds,
        recipe=original.recipe,
        recipe_digest=original.recipe_digest,
        quota=Submission.Quota.RELEASED,
        role=original.role,
        rerun_of=original,
    )
    again.transitions.create(
        attempt=1, from_status="", to_status=Submission.Status.QUEUED, why=why.strip()[:500], who=who[:150]
    )
    submission_send(again)
    return again


def _check(original: Submission) -> None:
    if original.rerun_of_id:
        raise RerunRefusedError(_("It is a run again itself: run the entry again that it repeats."))
    if not original.is_final:
        raise RerunRefusedError(_("It is not over yet: wait for its end, or cancel it."))
    if original.task.archived_at:
        raise RerunRefusedError(_("Its task is archived. Put the task back, then run the entry again."))
    if original.dataset.deleted_at and not original.dataset.purged_at:
        raise RerunRefusedError(_("Its dataset was deleted. Restore it, then run the entry again."))
    if original.dataset.purged_at or original.dataset.status != Dataset.Status.ACCEPTED:
        raise RerunRefusedError(_("The images of its dataset were given up for good: nothing is left to train on."))
    if original.reruns.exclude(status__in=Submission.FINAL).exists():
        raise RerunRefusedError(_("It is being run again already: wait for the end of that."))
    try:
        pinned_facts(original.recipe, original.recipe_digest)
    except RetiredRecipeError as error:
        stands = _("Nobody can run it again; its score stands.")
        raise RerunRefusedError(f"{said(str(error))} {stands}") from error
