"""An upload that is under way, or how it ended. How much of it has arrived is the size of its file, and no column."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from fixpoint.datasets.models import Dataset
from fixpoint.tasks.draft_files import STEP_OF
from fixpoint.tasks.models import Draft, DraftFile, Task


class Upload(models.Model):
    """A person's zip on its way: for a task, where it becomes a dataset, or for a field of a draft of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, related_name="uploads")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, related_name="uploads")
    field = models.CharField(max_length=20, blank=True, help_text="Of the draft.")
    role = models.CharField(max_length=12, blank=True, help_text="Of a draft's baseline.")
    length = models.PositiveBigIntegerField(help_text="Bytes of the whole file.")
    name = models.CharField(max_length=120, help_text="Of the dataset that it becomes; of a baseline its title.")
    filename = models.CharField(max_length=255, blank=True)
    enters = models.BooleanField(default=False, help_text="Enter the dataset as soon as it is accepted.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the whole file, where its sender announced it.")
    fingerprint = models.CharField(max_length=255, blank=True, help_text="By which its sender knows the file again.")
    metadata = models.TextField(blank=True, help_text="As it was sent: the protocol wants it back.")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it was taken, or given up.")
    dataset = models.OneToOneField(Dataset, on_delete=models.CASCADE, null=True, related_name="upload")
    draft_file = models.OneToOneField(DraftFile, on_delete=models.CASCADE, null=True, related_name="upload")

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="upload_for_a_task_or_a_draft",
                condition=Q(task__isnull=False, draft=None, field="", role="", draft_file=None)
                | (Q(task=None, draft__isnull=False, enters=False, dataset=None) & ~Q(field="")),
            )
        ]
        indexes = [models.Index(fields=["ended_at", "expires_at"])]

    def __str__(self) -> str:
        return self.filename or self.name

    @property
    def step(self) -> str:
        """Of the wizard, where its field stands: an upload's for a draft."""
        return STEP_OF[self.field]

    @property
    def is_taken(self) -> bool:
        """Whether it has become what it was sent for."""
        return self.dataset_id is not None or self.draft_file_id is not None

    @property
    def is_over(self) -> bool:
        """Whether nothing more of it is taken in."""
        return self.ended_at is not None or self.expires_at <= timezone.now()
