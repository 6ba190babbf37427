"""Reading tasks."""

from django.db.models import QuerySet

from fixpoint.tasks.models import Material, Task


def tasks_open() -> QuerySet[Task]:
    """Tasks that can be entered, newest first."""
    return Task.objects.filter(status=Task.Status.OPEN)


def task_by_slug(slug: str) -> Task:
    """One task; Task.DoesNotExist if there is none."""
    return Task.objects.get(slug=slug)


def hidden_material(task: Task) -> Material:
    """The task's hidden test set."""
    return task.materials.get(role=Material.Role.HIDDEN)


def label_book_sheet(task: Task) -> str:
    """The sha256 of the label book's contact sheet, "" where there is none (yet)."""
    book = task.materials.filter(role=Material.Role.LABEL_BOOK).first()
    return book.sheet_sha256 if book else ""
