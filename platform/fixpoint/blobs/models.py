"""What the store remembers beside its files: blobs that are about to go, and its rounds."""

from django.db import models


class Doomed(models.Model):
    """A blob that nothing named when the sweep came by. It goes at a later round, unless it is wanted until then.

    Its row is the lock between the sweep that deletes and whoever finds these bytes stored already.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class Round(models.Model):
    """One look through the store that changed something or read it all: what it found stands here for the doctor."""

    class Kind(models.TextChoices):
        """What was done."""

        SWEEP = "sweep", "Blobs freed"
        RETENTION = "retention", "Kept for long enough"
        CHECK = "check", "Blobs read"

    kind = models.CharField(max_length=10, choices=Kind)
    ended_at = models.DateTimeField(auto_now_add=True)
    found = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.ended_at.isoformat()}"
