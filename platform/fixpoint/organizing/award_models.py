"""Awards, and the jury that gives one of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fixpoint.leaderboard.models import Revision
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


class Juror(models.Model):
    """Somebody beside the organizers who votes on the nominated entries of a task."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="jurors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="a_juror_of_a_task_once")]

    def __str__(self) -> str:
        return str(self.user)


class Nomination(models.Model):
    """An entry that the jury judges, with what is new about it."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, primary_key=True, related_name="nomination")
    description = models.TextField(max_length=2000, help_text="What is new about it: the jury reads it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return str(self.submission)


class Vote(models.Model):
    """What one juror thinks of a nominated entry; voting again replaces it."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField(help_text="1 to 5.")
    comment = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["nomination", "user"], name="one_vote_of_a_juror"),
            models.CheckConstraint(condition=models.Q(points__gte=1, points__lte=5), name="points_are_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.points}"


class Award(models.Model):
    """An award that an entry has won, on record with the standings that it rests on; several entries may tie."""

    class Kind(models.TextChoices):
        """For what."""

        PERFORMANCE = "performance", _("Best performance")
        FRUGALITY = "frugality", _("Most frugal")
        INNOVATION = "innovation", _("Most innovative")
        NAMED = "named", _("An award of the task's own")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="given_awards")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80, blank=True, help_text="Of the task's own, as its settings call it.")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="awards")
    prize = models.CharField(max_length=300, blank=True)
    grounds = models.CharField(max_length=200, help_text="The place or the jury's mean that it was given for.")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name", "submission"],
                condition=models.Q(revoked_at=None),
                name="an_award_of_a_kind_stands_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.submission}"

    @property
    def label(self) -> str:
        """What it is called."""
        return self.name or self.get_kind_display()
