"""An upload and what it is worth: from the zip to accepted or refused, with every reason."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fixpoint.energy.phases import AbstractPhaseEnergy
from fixpoint.states import AbstractTransition
from fixpoint.tasks.models import Task

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

EXAMINE_JOB = "fixpoint.datasets.jobs.examine"
"""The job that works out the pre-check: jobs stand above the services that ask for it."""


class Dataset(models.Model):
    """A participant's images for one task."""

    class Status(models.TextChoices):
        """States of a dataset."""

        UPLOADING = "uploading", _("Uploading")
        INSPECTING = "inspecting", _("Inspecting")
        INGESTING = "ingesting", _("Reading images")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        ERROR = "error", _("Error")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    NEXT: ClassVar[dict[str, frozenset[str]]] = {
        "uploading": frozenset({"inspecting", "cancelled", "expired", "error"}),
        "inspecting": frozenset({"ingesting", "refused", "cancelled", "error"}),
        "ingesting": frozenset({"accepted", "refused", "cancelled", "error", "ingesting"}),
        "accepted": frozenset(),
        "refused": frozenset(),
        "error": frozenset({"ingesting"}),
        "cancelled": frozenset(),
        "expired": frozenset(),
    }
    FINAL = frozenset({"accepted", "refused", "error", "cancelled", "expired"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="datasets")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="datasets")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=16, choices=Status, default=Status.UPLOADING)
    attempt = models.PositiveIntegerField(default=1)
    reason = models.TextField(
        blank=True, help_text="One sentence for a person, where it was refused or ended in error."
    )
    remark_counts = models.JSONField(
        default=dict, help_text="How often each rule was named, exact where the list is cut."
    )
    archive_sha256 = models.CharField(max_length=64)
    archive_bytes = models.PositiveBigIntegerField()
    archive_freed_at = models.DateTimeField(
        null=True, help_text="When its zip was given up, or was not kept at all; empty as long as it is kept."
    )
    images = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text='{"train": {class: n}, "val": {class: n}}')
    clutter = models.PositiveIntegerField(default=0, help_text="Files of the operating system that were ignored.")
    decoded_megapixels = models.FloatField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="Identity of the images, splits and labels.")
    pack_sha256 = models.CharField(max_length=64, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    sheet_sha256 = models.CharField(max_length=64, blank=True)
    sheet = models.JSONField(default=dict, help_text="Cell size, columns and rows of the contact sheet.")
    looks_sha256 = models.CharField(max_length=64, blank=True)
    thumbnails_sha256 = models.CharField(max_length=64, blank=True)
    composition = models.JSONField(default=dict, help_text="Sizes, colour modes and formats of its files.")
    examined_at = models.DateTimeField(null=True, help_text="When its pre-check was worked out, or given up.")
    examine_tries = models.PositiveSmallIntegerField(default=0, help_text="How often its pre-check was begun.")
    examine_failure = models.TextField(blank=True, help_text="Why its pre-check was given up: a fault of ours.")
    provenance = models.JSONField(default=dict)
    enters = models.BooleanField(default=False, help_text="Enter it into its task as soon as it is accepted.")
    entry_seeds = models.JSONField(default=list, help_text="What it is then trained with; empty: its task's own.")
    entry_refusal = models.TextField(blank=True, help_text="Why it could not be entered when it was accepted.")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True, help_text="When somebody deleted it; it can be restored for a while.")
    purged_at = models.DateTimeField(null=True, help_text="When its images were given up for good.")

    if TYPE_CHECKING:
        transitions: RelatedManager["DatasetTransition"]
        remarks: RelatedManager["Remark"]
        energies: RelatedManager["DatasetEnergy"]
        findings: RelatedManager["Finding"]

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in self.FINAL

    @property
    def is_refused_already(self) -> bool:
        """Whether its directory alone refuses it: its images are then read for their reasons only."""
        return self.status == self.Status.INGESTING and bool(self.remark_counts)

    @property
    def restorable_until(self) -> datetime | None:
        """Until when a deleted one can be restored; None for ever."""
        if self.deleted_at is None or not settings.KEEP_DELETED_DAYS:
            return None
        return self.deleted_at + timedelta(days=settings.KEEP_DELETED_DAYS)

    @property
    def is_being_examined(self) -> bool:
        """Whether its pre-check is still to come; one that was read before there was any has none."""
        return self.status == self.Status.ACCEPTED and bool(self.looks_sha256) and self.examined_at is None


class DatasetTransition(AbstractTransition):
    """A change of a dataset's status."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="transitions")


class Remark(models.Model):
    """Something to say about one file: a reason of a refusal, or a finding that was accepted all the same."""

    class Severity(models.TextChoices):
        """Whether it stood in the way."""

        REFUSAL = "refusal", _("Refusal")
        FINDING = "finding", _("Finding")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="remarks")
    severity = models.CharField(max_length=8, choices=Severity)
    rule = models.CharField(max_length=40, help_text="Code in datasets.rules.")
    path = models.CharField(max_length=500, blank=True)
    detail = models.CharField(max_length=500)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"


class Finding(models.Model):
    """What the pre-check found of one kind: rows of the manifest, those that belong together in one group."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=40, help_text="Code in datasets.precheck.kinds.")
    images = models.PositiveIntegerField()
    groups = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "kind"], name="one_finding_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.images}"


class HiddenOverlap(models.Model):
    """Which images of a dataset stand in the hidden test set: for organizers alone, never beside the findings."""

    dataset = models.OneToOneField(Dataset, on_delete=models.CASCADE, related_name="+")
    exact = models.JSONField(help_text="[row of the manifest, row of the hidden pack], equal in bytes or pixels.")
    near = models.JSONField(help_text="The same of images that are nearly equal.")

    def __str__(self) -> str:
        return f"{len(self.exact)} and nearly {len(self.near)}"

    @property
    def is_compared(self) -> bool:
        """Whether this is what was found, or only what is shown where nothing was compared."""
        return self.pk is not None


class DatasetEnergy(AbstractPhaseEnergy):
    """What reading the images took."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="energies")
    attempt = models.PositiveIntegerField()

    class Meta(AbstractPhaseEnergy.Meta):
        constraints = [models.UniqueConstraint(fields=["dataset", "attempt", "phase"], name="one_energy_per_ingest")]
