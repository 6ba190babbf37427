"""What running a task leaves behind: the acts of its organizers, announcements, featured entries; awards beside."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from fixpoint.organizing.award_models import Award, Juror, Nomination, Vote
from fixpoint.organizing.incident_models import Incident, IncidentUpdate
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

__all__ = [
    "Act", "Announcement", "Award", "Featured", "ForGoodError", "Incident", "IncidentUpdate", "Juror", "Nomination",
    "Vote",
]  # fmt: skip


class ForGoodError(TypeError):
    """Somebody tried to change or delete what is written once and for good."""


class ActQuerySet(models.QuerySet["Act"]):
    """Rows that are added and read."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Never."""
        raise ForGoodError("An act is never changed.")

    def delete(self) -> NoReturn:
        """Never."""
        raise ForGoodError("An act is never deleted.")


class Act(models.Model):
    """Something that an organizer did to a task or to what is in it. Written once; the database refuses changes."""

    class What(models.TextChoices):
        """All that can have been done; no column's choices, so that a new word needs no migration."""

        CREATED = "created", _("Made the task")
        PUBLISHED = "published", _("Published the task")
        SETTINGS = "settings", _("Changed settings")
        PAUSED = "paused", _("Paused the task")
        RESUMED = "resumed", _("Let the task go on")
        CLOSED = "closed", _("Closed the task")
        DATES = "dates", _("Moved the task's dates")
        ARCHIVED = "archived", _("Took the task out of sight")
        UNARCHIVED = "unarchived", _("Put the task back in sight")
        EXPORTED = "exported", _("Took the task's bundle")
        ANNOUNCED = "announced", _("Announced")
        ANNOUNCEMENT_WITHDRAWN = "announcement_withdrawn", _("Withdrew an announcement")
        RERUN = "rerun", _("Ran an entry again")
        CANCELLED = "cancelled", _("Cancelled an entry")
        DISQUALIFIED = "disqualified", _("Disqualified an entry")
        REINSTATED = "reinstated", _("Restored an entry")
        FEATURED = "featured", _("Featured an entry")
        UNFEATURED = "unfeatured", _("Featured an entry no longer")
        DATASET_DELETED = "dataset_deleted", _("Deleted a dataset")
        DATASET_RESTORED = "dataset_restored", _("Restored a dataset")
        EXTRA_ENTRIES = "extra_entries", _("Gave a team other extra entries")
        INVITED = "invited", _("Invited somebody")
        CAME = "came", _("Took an invitation")
        LET_IN = "let_in", _("Let somebody in")
        TURNED_AWAY = "turned_away", _("Turned somebody away")
        NOMINATED = "nominated", _("Nominated an entry")
        UNNOMINATED = "unnominated", _("Took a nomination back")
        JUROR_NAMED = "juror_named", _("Named a juror")
        JUROR_REMOVED = "juror_removed", _("Removed a juror")
        AWARDED = "awarded", _("Gave an award")
        AWARDS_PUBLISHED = "awards_published", _("Published the awards")
        AWARD_REVOKED = "award_revoked", _("Revoked an award")

    at = models.DateTimeField(auto_now_add=True)
    who = models.CharField(max_length=150, help_text="A username; of a command, who was signed in to the machine.")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="acts")
    what = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40, help_text="To what it was done: task, submission, team, …")
    subject_id = models.CharField(max_length=64)
    label = models.CharField(max_length=200, help_text="What the subject was called then.")
    why = models.TextField(blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="What it changed, from what to what.")

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["task", "-id"], name="acts_of_a_task"),
            models.Index(fields=["subject_type", "subject_id"], name="acts_on_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.what_label} ({self.label})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once."""
        if self.pk is not None:
            raise ForGoodError("An act is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Never."""
        raise ForGoodError("An act is never deleted.")

    @property
    def what_label(self) -> str:
        """What was done, in words; a word that is not known any more as it is."""
        known = {each.value: each.label for each in self.What}
        return str(known.get(self.what, self.what))


class Announcement(models.Model):
    """A text of the organizers to everybody who looks at the task."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="announcements")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=5000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="From then on it is shown to organizers alone.")

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=["task", "-created_at"], name="announcements_of_a_task")]

    def __str__(self) -> str:
        return self.title


class Featured(models.Model):
    """An entry that the organizers show on the task's page."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, primary_key=True, related_name="featured")
    why = models.CharField(max_length=300, help_text="Everybody reads it beside the entry.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return str(self.submission)
