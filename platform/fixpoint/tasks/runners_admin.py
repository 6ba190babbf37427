"""What was handed into tasks, in Django's admin: an organizer reads there what belongs to the tasks that they run."""

from typing import Any, ClassVar

from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from fixpoint.read_only import ReadOnlyAdmin
from fixpoint.tasks.running import tasks_run_by


class RunnersAdmin(ReadOnlyAdmin):
    """Rows of tasks; whoever has the right to view without being an organizer sees all of them."""

    list_filter: ClassVar[tuple[Any, ...]] = ("status", ("task", RelatedOnlyFieldListFilter))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of the tasks that this person runs."""
        found = super().get_queryset(request)
        is_organizer = request.user.is_authenticated and request.user.is_organizer
        return found.filter(task__in=tasks_run_by(request.user)) if is_organizer else found
