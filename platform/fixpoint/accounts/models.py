"""Who: the custom user, from day one, with a role."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person. Participants enter, organizers run tasks; everybody may look."""

    class Role(models.TextChoices):
        """What a person may do beyond looking."""

        PARTICIPANT = "participant", "Participant"
        ORGANIZER = "organizer", "Organizer"

    role = models.CharField(max_length=16, choices=Role, default=Role.PARTICIPANT)
    email = models.EmailField("e-mail address", unique=True)

    @property
    def is_organizer(self) -> bool:
        """Whether this person runs tasks."""
        return self.role == self.Role.ORGANIZER or self.is_superuser


class Notice(models.Model):
    """Something that a person should know; mailed once, and listed until it is old."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    path = models.CharField(max_length=200, help_text="Of the page that it is about.")
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["mailed_at", "id"])]

    def __str__(self) -> str:
        return self.subject
