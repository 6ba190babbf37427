"""Pages of Django's admin that show and never change: a state is moved by services alone."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin, TabularInline
from django.contrib.admin.options import BaseModelAdmin
from django.http import HttpRequest


class _ReadOnly(BaseModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """For organizers among the staff, and for whoever has the right to view."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may read it."""
        return _is_organizer(request) or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the admin's first page lists it."""
        return _is_organizer(request) or super().has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's signature
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's signature
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's signature
        """Never."""
        return False


class ReadOnlyAdmin(_ReadOnly, ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """What went through several states, newest first."""

    list_display = ("__str__", "task", "owner", "status", "reason", "attempt", "created_at")
    list_filter: ClassVar[tuple[Any, ...]] = ("status", "task")
    list_select_related = True
    search_fields = ("id", "owner__username")


class TransitionInline(_ReadOnly, TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    """Every change of a status, with why."""

    fields = ("at", "attempt", "from_status", "to_status", "why", "who")
    readonly_fields = fields


def _is_organizer(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_organizer
