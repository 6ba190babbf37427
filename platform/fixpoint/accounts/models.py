"""Who: the custom user, from day one, with a role."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person. Participants enter, organizers run tasks; everybody may look."""

    class Role(models.TextChoices):
        """What a person may do beyond looking."""

        PARTICIPANT = "participant", _("Participant")
        ORGANIZER = "organizer", _("Organizer")

    role = models.CharField(max_length=16, choices=Role, default=Role.PARTICIPANT)
    email = models.EmailField("e-mail address", unique=True)
    mails_runs = models.BooleanField(default=True, help_text="Whether the end of a run is mailed, not only listed.")
    language = models.CharField(
        max_length=16, blank=True, help_text="Of pages, mails and notices; empty: never chosen."
    )
    sessions_ended_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When all sessions of before were ended at once."
    )
    closed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When this person deleted the account; signing in keeps it."
    )
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When all that told of the person was taken out of it."
    )

    @property
    def is_organizer(self) -> bool:
        """Whether this person runs tasks."""
        return self.role == self.Role.ORGANIZER or self.is_superuser

    def get_session_auth_hash(self) -> str:
        """What a session must bear: as Django's, until all sessions are ended for another reason than the password."""
        known = super().get_session_auth_hash()
        if self.sessions_ended_at is None:
            return known
        return salted_hmac("fixpoint.sessions", f"{known} {self.sessions_ended_at.isoformat()}").hexdigest()


class Notice(models.Model):
    """Something that a person should know; mailed once where they want that, and listed until it is old."""

    class Kind(models.TextChoices):
        """Of what: people choose what of it is mailed."""

        SITE = "site", _("The site and one's own things")
        RUNS = "runs", _("The end of a run")
        NEWS = "news", _("An announcement, in Markdown")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    subject = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.SITE)
    text = models.TextField()
    path = models.CharField(max_length=200, help_text="Of the page that it is about.")
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True, help_text="Or when it was left unmailed, as this person wants.")
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["mailed_at", "id"]),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notices_unread"),
        ]

    def __str__(self) -> str:
        return self.subject


class Token(models.Model):
    """A key for a person's own programs; only its digest is kept, so that nobody reads it here."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, help_text="What it is for, as its owner calls it.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name
