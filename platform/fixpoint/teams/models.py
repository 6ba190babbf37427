"""A team of one task and who is in it. Everybody who enters is in exactly one team of the task, if need be alone."""

import secrets
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from fixpoint.tasks.models import Task

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

LONGEST_NAME = 60


def draw_invitation() -> str:
    """A fresh secret for the link that invites into a team; 128 bits."""
    return secrets.token_urlsafe(16)


class Team(models.Model):
    """What enters and is ranked. One that was merged into another keeps its row, and has no members."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=LONGEST_NAME)
    captain = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="teams_led",
        help_text="Invites, renames, and decides on merging.",
    )
    invitation = models.CharField(max_length=32, default=draw_invitation, unique=True, editable=False)
    extra_entries = models.PositiveIntegerField(default=0, help_text="Given by organizers on top of the task's total.")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)

    if TYPE_CHECKING:
        members: RelatedManager["Member"]
        events: RelatedManager["TeamEvent"]

    class Meta:
        ordering = ("created_at",)
        constraints = [models.UniqueConstraint("task", Lower("name"), name="one_team_of_a_name_in_a_task")]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person in a team; of one task a person is in one team at most, which the database holds."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("joined_at", "pk")
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="one_team_a_person_in_a_task")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class TeamEvent(models.Model):
    """What became of a team, told to its members and to who runs its task. Never changed."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    who = models.CharField(max_length=150)
    what = models.CharField(max_length=500)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.team}: {self.what}"
