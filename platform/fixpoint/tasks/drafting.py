"""What a task is made of before it is one: drafts with their files, and the baselines that will enter by themselves."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Draft(models.Model):
    """A task on its way through the wizard. `fields` are what its forms hold, whatever is wrong with it together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    fields = models.JSONField(default=dict)
    task = models.OneToOneField(
        "tasks.Task", null=True, on_delete=models.SET_NULL, related_name="draft", help_text="That it became."
    )
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    if TYPE_CHECKING:
        files: RelatedManager["DraftFile"]

    class Meta:
        ordering = ("-updated_at",)

    def __str__(self) -> str:
        return str(self.fields.get("title") or self.fields.get("slug") or "")


class DraftFile(models.Model):
    """A zip that was handed in for a draft; of baselines there may be several, each with a title."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    field = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200, help_text="Of the file as it was handed in.")
    title = models.CharField(max_length=120, blank=True, help_text="Of a baseline.")
    role = models.CharField(max_length=12, blank=True, help_text="Of a baseline.")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Baseline(models.Model):
    """A dataset of the organizers' that is entered by itself as soon as its task is ready."""

    class Role(models.TextChoices):
        """What its entry is on the board."""

        BASELINE = "baseline", _("Baseline")
        REFERENCE = "reference", _("Reference")

    task = models.ForeignKey("tasks.Task", on_delete=models.CASCADE, related_name="baselines")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="For whom it is entered."
    )
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, choices=Role, default=Role.BASELINE)
    archive_sha256 = models.CharField(max_length=64)
    dataset_id = models.UUIDField(null=True, unique=True, help_text="That was made of it.")
    refusal = models.TextField(blank=True, help_text="Why it could not be taken.")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.name}: {self.task}"
