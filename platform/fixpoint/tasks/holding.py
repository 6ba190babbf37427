"""The row of a task, held: what is decided about it and its teams happens one after the other."""

from uuid import UUID

from fixpoint.tasks.models import Task


def task_held(task_id: UUID) -> Task:
    """The task as it is now, until the transaction ends; after a person's row, before an entry's (board_changes.py)."""
    return Task.objects.select_for_update(no_key=True).get(pk=task_id)
