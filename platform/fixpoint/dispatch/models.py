"""One row per attempt at one piece of work, its lease, who holds it, how it ended; and the workers as they told."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


class Attempt(models.Model):
    """A try at a subject's work. The database is the truth; the broker only carries its Job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handler = models.CharField(max_length=20, help_text="Key of settings.JOB_HANDLERS: which app decides.")
    kind = models.CharField(max_length=20, help_text="worker.contract.Kind")
    subject_id = models.UUIDField()
    number = models.PositiveIntegerField()
    queue = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(null=True, help_text="A try after a fault of ours waits until then.")
    avoid = models.CharField(
        max_length=200, blank=True, help_text="The worker of the try before: another is asked first, for a while."
    )
    refused_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True, help_text="Why a worker that asked for it did not get it.")
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
    """When the sweeper last ran: after a gap it gives workers time to report before it judges anyone silent.

    Row 1 is the sweeper's, row 2 (`dispatch/chores.py`) of the platform's long work.
    """

    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.at.isoformat()


class Worker(models.Model):
    """A worker as it last described itself. It tells every few seconds; what it works on stands in its attempt."""

    name = models.CharField(max_length=200, primary_key=True)
    instance = models.CharField(max_length=40, help_text="Drawn by the process at its start.")
    former_instance = models.CharField(max_length=40, blank=True)
    clashed_at = models.DateTimeField(null=True, help_text="When two processes were last seen to use this name.")
    started_at = models.DateTimeField(help_text="When this process was first heard of.")
    heartbeat_at = models.DateTimeField()
    contract = models.PositiveIntegerField()
    queues = models.JSONField(default=list)
    sandbox = models.CharField(max_length=40)
    image = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=200)
    gpu = models.BooleanField()
    versions = models.JSONField(default=dict)
    recipe_digests = models.JSONField(default=dict)
    resting_since = models.DateTimeField(null=True, help_text="Drained: it finishes its job and takes no other.")
    resting_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        """Whether it told of itself lately."""
        return self.heartbeat_at > timezone.now() - timedelta(seconds=settings.WORKER_SILENT_SECONDS)

    @property
    def is_working(self) -> bool:
        """Whether it takes jobs."""
        return self.is_alive and self.resting_since is None

    @property
    def current(self) -> Attempt | None:
        """The attempt that it holds, if any."""
        held = Attempt.objects.filter(worker=self.name, ended_at=None, claimed_at__isnull=False)
        return held.order_by("-claimed_at").first()
