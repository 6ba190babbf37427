"""What is told to everybody is told of a task that they can see."""

from django.utils.translation import gettext as _

from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.tasks.models import Task


def expect_in_sight(task: Task) -> None:
    """Raises ActRefusedError where it is archived, by its row as it is now."""
    if Task.objects.filter(pk=task.pk, archived_at__isnull=False).exists():
        raise ActRefusedError(_("It is archived: nobody would be told, and nobody would see it. Put it back first."))
