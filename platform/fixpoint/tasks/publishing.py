"""Publishing a task: from then on it is there for others, unless it could never take an entry."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import materials_spoilt
from fixpoint.tasks.services import TaskNotReadyError


def past_close(closes_at: datetime | None) -> str:
    """What is wrong with this close for a task that is yet to begin, or ""."""
    if closes_at is None or closes_at > timezone.now():
        return ""
    return _("The close has passed already: choose a later date, or none.")


@transaction.atomic
def task_publish(*, task: Task) -> bool:
    """From now on it is there for whom its visibility names; False if it was before.

    TaskNotReadyError with what to do where it could never open, or would be over at once.
    """
    task.refresh_from_db(from_queryset=Task.objects.select_for_update())
    if task.published_at:
        return False
    if spoilt := materials_spoilt(task).first():
        says = _("It cannot be published: %(material)s could not be packed, so it would never open.")
        raise TaskNotReadyError(says % {"material": spoilt.get_role_display()})
    if past_close(task.closes_at):
        raise TaskNotReadyError(_("It cannot be published: its close has passed. Move it in the settings first."))
    task.published_at = timezone.now()
    task.board_number += 1  # what is kept of its board was made for its organizers
    task.save(update_fields=["published_at", "board_number"])
    return True
