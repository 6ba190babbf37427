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
