"""Accounts whose owners deleted them and did not come back: erased, each on its own, again where something stood in the
way. Scored entries stay on their boards; nothing else that tells of the person does."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fixpoint.accounts.closing import accounts_due
from fixpoint.accounts.erasing import account_anonymize
from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset, DatasetTransition
from fixpoint.datasets.services import dataset_cancel
from fixpoint.sayings.of_entries import CANCELLED
from fixpoint.submissions.board_changes import board_hold, board_number
from fixpoint.submissions.deletion import dataset_purge
from fixpoint.submissions.models import Submission, SubmissionTransition
from fixpoint.submissions.services import submission_cancel
from fixpoint.tasks.models import Draft, Participant, Task
from fixpoint.teams.forgetting import captaincies_give_up, team_names_forget
from fixpoint.teams.models import Member
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part
from fixpoint.uploads.services import upload_give_up

log = logging.getLogger(__name__)
NAMELESS = "deleted"
"""What the datasets are called that entries rest on."""


def accounts_erase() -> int:
    """All that are due; returns how many. One that fails is told in the log and tried again with the next round."""
    now, erased = timezone.now(), 0
    for user_id in accounts_due(now).values_list("pk", flat=True):
        try:
            erased += account_erase(user_id=user_id)
        except Exception:
            log.exception("The account %s could not be erased; the others go on.", user_id)
    return erased


def account_erase(*, user_id: int) -> bool:
    """False where its person came back. The name goes first: from then on nobody can."""
    before = timezone.now() - timedelta(days=settings.KEEP_ACCOUNT_DAYS)
    with transaction.atomic():  # the name before is known here alone: all of it is forgotten, or nothing
        names = account_anonymize(user_id=user_id, closed_before=before)
        if names is None:
            return False
        user = User.objects.get(pk=user_id)
        _rename(user, *names)
    _give_up(user)  # before the drafts for which some of it is
    _forget(user)
    _stop(user)
    for dataset_id in Dataset.objects.filter(owner=user, purged_at=None).values_list("pk", flat=True):
        _dataset_erase(dataset_id)
    User.objects.filter(pk=user_id).update(erased_at=timezone.now())
    log.info("The account %s was erased.", user_id)
    return True


def _rename(user: User, before: str, after: str) -> None:
    for model in (SubmissionTransition, DatasetTransition):
        model.objects.filter(who=before).update(who=after)
    team_names_forget(user=user, before=before, after=after)
    for says in CANCELLED:
        Submission.objects.filter(reason=says % {"who": before}).update(reason=says % {"who": after})
    Participant.objects.filter(decided_by=before).update(decided_by=after)
    Task.objects.filter(closed_by=before).update(closed_by=after)


def _forget(user: User) -> None:
    """What this person wrote, the drafts, and the lead of teams."""
    Draft.objects.filter(owner=user).delete()  # the sweep frees their files
    Participant.objects.filter(user=user).update(email="", text="")
    Submission.objects.filter(owner=user).update(title="", description="", link="", notes="")
    captaincies_give_up(user=user)
    # Boards are read again where something has a new number, and with it the name, the team's too.
    shown = Submission.objects.filter(Q(owner=user) | Q(team__in=Member.objects.filter(user=user).values("team")))
    for task_id in shown.order_by("task").values_list("task", flat=True).distinct():
        with transaction.atomic():
            board_hold(task_id)
            shown.filter(task=task_id).update(board_number=board_number(task_id))


def _stop(user: User) -> None:
    for entry in Submission.objects.filter(owner=user).exclude(status__in=Submission.FINAL):
        submission_cancel(submission=entry, who=user)
    for dataset in Dataset.objects.filter(owner=user).exclude(status__in=Dataset.FINAL):
        dataset_cancel(dataset=dataset, who=user)


def _give_up(user: User) -> None:
    for upload in Upload.objects.filter(owner=user, ended_at=None):
        with Part(upload.pk) as part:
            upload_give_up(upload=upload, part=part)
    Upload.objects.filter(owner=user).delete()


def _dataset_erase(dataset_id: UUID) -> None:
    """Its images, whatever rests on them; where an entry does, the row with its counts stays and has no name."""
    now = timezone.now()
    with transaction.atomic():
        Dataset.objects.filter(pk=dataset_id, deleted_at=None).update(deleted_at=now)
        Dataset.objects.filter(pk=dataset_id).update(name=NAMELESS, reason="", provenance={}, entry_refusal="")
    dataset_purge(dataset_id=dataset_id, deleted_before=now + timedelta(seconds=1))
