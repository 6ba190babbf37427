"""Who is let into a private task: invited, asking, in, or refused."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Participant(models.Model):
    """A person and a private task. An invitation by mail has no person yet: who opens its link takes it."""

    class State(models.TextChoices):
        """Only who is `in` sees anything of the task."""

        INVITED = "invited", pgettext_lazy("person", "Invited")
        ASKED = "asked", _("Asked to be let in")
        IN = "in", _("Let in")
        REFUSED = "refused", pgettext_lazy("person", "Refused")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Of the invitation's link.")
    task = models.ForeignKey("tasks.Task", on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="participations"
    )
    email = models.EmailField(blank=True, help_text="To which the invitation goes, where no account has it.")
    state = models.CharField(max_length=8, choices=State)
    text = models.CharField(max_length=1000, blank=True, help_text="By which the person asked.")
    decided_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-changed_at",)
        constraints = [
            models.UniqueConstraint(fields=["task", "user"], name="one_participation_a_person"),
            models.UniqueConstraint(
                fields=["task", "email"], condition=Q(user=None), name="one_open_invitation_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.email}: {self.task}"
