"""Entries in Django's admin, to read: why one was sent again, failed, or ended in error."""

from django.contrib import admin

from fixpoint.read_only import TransitionInline
from fixpoint.submissions.models import Submission, SubmissionTransition
from fixpoint.tasks.runners_admin import RunnersAdmin


class SubmissionTransitionInline(TransitionInline):
    """The entry's changes."""

    model = SubmissionTransition


@admin.register(Submission)
class SubmissionAdmin(RunnersAdmin):
    """An entry with all that happened to it."""

    inlines = (SubmissionTransitionInline,)
