"""Datasets in Django's admin, to read: why one was sent again, refused, or ended in error."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter

from fixpoint.datasets.models import Dataset, DatasetTransition
from fixpoint.read_only import TransitionInline
from fixpoint.tasks.runners_admin import RunnersAdmin


class DatasetTransitionInline(TransitionInline):
    """The dataset's changes."""

    model = DatasetTransition


@admin.register(Dataset)
class DatasetAdmin(RunnersAdmin):
    """A dataset with all that happened to it."""

    inlines = (DatasetTransitionInline,)
    list_filter = (*RunnersAdmin.list_filter, ("deleted_at", EmptyFieldListFilter))
