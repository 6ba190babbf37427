"""One row per attempt at one piece of work: its lease, who holds it, how it ended."""

import uuid

from django.db import models


class Attempt(models.Model):
    """A try at a subject's work. The database is the truth; the broker only carries its Job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handler = models.CharField(max_length=20, help_text="Key of settings.JOB_HANDLERS: which app decides.")
    kind = models.CharField(max_length=20, help_text="worker.contract.Kind")
    subject_id = models.UUIDField()
    number = models.PositiveIntegerField()
    queue = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    sends = models.PositiveIntegerField(default=0)
    key_hash = models.CharField(max_length=64, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_sequence = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_id", "number"], name="one_row_per_attempt")]
        indexes = [models.Index(fields=["ended_at", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.handler} {self.subject_id} #{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether facts of this attempt still count."""
        return self.ended_at is None


class Sweep(models.Model):
    """When the sweeper last ran: after a gap it gives workers time to report before it judges anyone silent."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.at.isoformat()
