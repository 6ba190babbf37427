"""An upload that is under way, or how it ended. How much of it has arrived is the size of its file, and no column."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Task


class Upload(models.Model):
    """A person's zip for a task, on its way."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="uploads")
    length = models.PositiveBigIntegerField(help_text="Bytes of the whole file.")
    name = models.CharField(max_length=120, help_text="Of the dataset that it becomes.")
    filename = models.CharField(max_length=255, blank=True)
    enters = models.BooleanField(default=False, help_text="Enter the dataset as soon as it is accepted.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the whole file, where its sender announced it.")
    fingerprint = models.CharField(max_length=255, blank=True, help_text="By which its sender knows the file again.")
    metadata = models.TextField(blank=True, help_text="As it was sent: the protocol wants it back.")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it became a dataset, or was given up.")
    dataset = models.OneToOneField(Dataset, on_delete=models.CASCADE, null=True, related_name="upload")

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["ended_at", "expires_at"])]

    def __str__(self) -> str:
        return self.filename or self.name

    @property
    def is_over(self) -> bool:
        """Whether nothing more of it is taken in."""
        return self.ended_at is not None or self.expires_at <= timezone.now()
