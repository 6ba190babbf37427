"""A dataset entered into a task: the state machine, its attempts and its result."""

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fixpoint.datasets.models import Dataset
from fixpoint.energy.phases import AbstractPhaseEnergy
from fixpoint.states import AbstractTransition
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Team

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

NUMBER_TOLD = Greatest(F("board_number"), F("title_number"))
"""Of the last change of an entry that boards tell, whether or not it matters to who ranks."""


class Submission(models.Model):
    """One entry. `failed` is the data's fault, `error` ours; a score exists exactly when the status is `scored`."""

    class Status(models.TextChoices):
        """States of an entry."""

        QUEUED = "queued", _("Queued")
        TRAINING = "training", _("Training")
        PREDICTING = "predicting", _("Predicting")
        SCORED = "scored", pgettext_lazy("entry", "Scored")
        FAILED = "failed", _("Failed")
        ERROR = "error", _("Error")
        CANCELLED = "cancelled", pgettext_lazy("entry", "Cancelled")

    class Quota(models.TextChoices):
        """Whether the entry counts against its team's quota."""

        RESERVED = "reserved", _("Reserved")
        CHARGED = "charged", _("Charged")
        RELEASED = "released", _("Released")

    class Role(models.TextChoices):
        """What it is on the board: only entries of participants are ranked."""

        PARTICIPANT = "participant", _("Entry")
        BASELINE = "baseline", _("Baseline")
        REFERENCE = "reference", _("Reference")

    NEXT: ClassVar[dict[str, frozenset[str]]] = {
        "queued": frozenset({"training", "cancelled", "error", "queued"}),
        "training": frozenset({"predicting", "failed", "cancelled", "error", "queued"}),
        "predicting": frozenset({"scored", "failed", "cancelled", "error", "queued"}),
        "scored": frozenset(),
        "failed": frozenset(),
        "error": frozenset(),
        "cancelled": frozenset(),
    }
    FINAL = frozenset({"scored", "failed", "error", "cancelled"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="submissions")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="submissions")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions")
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="submissions", help_text="For which its owner entered it."
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    attempt = models.PositiveIntegerField(default=1)
    seeds = models.JSONField(
        help_text="What it trains with, as its task asked when it was entered: different numbers, rising."
    )
    recipe = models.CharField(max_length=60)
    recipe_digest = models.CharField(max_length=64)
    quota = models.CharField(max_length=10, choices=Quota, default=Quota.RESERVED)
    role = models.CharField(max_length=12, choices=Role, default=Role.PARTICIPANT)
    accuracy = models.FloatField(
        null=True,
        help_text="The score as it is told while the task runs: share of public hidden images predicted right, mean "
        "over its seeds; set exactly when scored.",
    )
    is_own_score = models.BooleanField(
        default=True, help_text="Whether `accuracy` is its own; else the ladder told the best of its team before it."
    )
    is_chosen = models.BooleanField(default=False, help_text="By its team, to stand on the board.")
    withdrawn_at = models.DateTimeField(null=True, help_text="By its team: it stands on no board.")
    disqualified_at = models.DateTimeField(null=True, help_text="By an organizer: it stands on no board.")
    disqualified_why = models.TextField(blank=True)
    rerun_of = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="reruns",
        help_text="The entry that it repeats for the platform's own reasons: free of charge, and not ranked.",
    )
    board_number = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Of its last change that matters to who ranks (board_changes.py)."
    )
    title_number = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The board's number when its title, which boards tell, was changed last."
    )
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    fault = models.JSONField(default=dict, help_text="Which limit ended it, its value and what was used.")
    title = models.CharField(max_length=120, blank=True, help_text="By its owner, for everybody.")
    description = models.TextField(blank=True, help_text="By its owner, for everybody: Markdown.")
    link = models.CharField(max_length=500, blank=True, help_text="To a write-up; https.")
    notes = models.TextField(blank=True, help_text="By its owner, for nobody else.")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        transitions: RelatedManager["SubmissionTransition"]
        epochs: RelatedManager["Epoch"]
        energies: RelatedManager["SubmissionEnergy"]
        result: "Result"

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="a_score_exactly_when_scored",
                condition=Q(status="scored", accuracy__isnull=False) | (~Q(status="scored") & Q(accuracy__isnull=True)),
            ),
            models.CheckConstraint(
                name="an_accuracy_is_a_share",
                condition=Q(accuracy__isnull=True) | Q(accuracy__gte=0, accuracy__lte=1),
            ),
        ]
        indexes = [
            models.Index(fields=["task", "status", "-accuracy"]),
            models.Index(fields=["owner", "task"]),
            models.Index(fields=["team", "created_at"]),
            models.Index("task", NUMBER_TOLD, name="board_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} by {self.owner}"

    @property
    def is_late(self) -> bool:
        """Whether it was entered after its task's close."""
        return bool(self.task.closes_at and self.created_at >= self.task.closes_at)

    @property
    def is_nobodys_quota(self) -> bool:
        """Whether it takes nothing of a quota, whatever becomes of it: of the hosts, or run again for them."""
        return self.rerun_of_id is not None or self.role != self.Role.PARTICIPANT

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in self.FINAL


class SubmissionTransition(AbstractTransition):
    """A change of an entry's status."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="transitions")


class Epoch(models.Model):
    """One epoch of one seed of one attempt, as it ended."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="epochs")
    attempt = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    epochs = models.PositiveIntegerField()
    loss = models.FloatField()
    accuracy = models.FloatField()
    val_loss = models.FloatField()
    val_accuracy = models.FloatField()

    class Meta:
        ordering = ("seed", "epoch")
        constraints = [
            models.UniqueConstraint(fields=["submission", "attempt", "seed", "epoch"], name="an_epoch_ends_once")
        ]

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.epoch}/{self.epochs}"


class Run(models.Model):
    """What one attempt trained, until it is scored: one row per attempt."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="runs")
    attempt = models.PositiveIntegerField()
    weights_sha256 = models.CharField(max_length=64)
    weights_freed_at = models.DateTimeField(
        null=True, help_text="When the weights were given up; empty as long as they are kept."
    )
    history_sha256 = models.CharField(max_length=64)
    dynamics_sha256 = models.CharField(max_length=64, blank=True, help_text="How each training image was learned.")
    outcome = models.JSONField(help_text="The training program's own account.")
    provenance = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "attempt"], name="one_run_per_attempt")]

    def __str__(self) -> str:
        return f"{self.submission} #{self.attempt}"


class Result(models.Model):
    """The score and everything needed to check it. One per entry, by the primary key."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, primary_key=True, related_name="result")
    run = models.OneToOneField(Run, on_delete=models.PROTECT)
    correct = models.BinaryField(
        help_text="For each seed in order a row of one bit per hidden image in numbered order: numpy.packbits(axis=1)."
    )
    hidden_images = models.PositiveIntegerField()
    accuracy_public = models.FloatField(help_text="Of the public hidden images, mean over the seeds, not rounded.")
    accuracy_private = models.FloatField(
        null=True,
        help_text="Of the private ones; nobody but the organizers may see it while the task runs. None: no such.",
    )
    logits_sha256 = models.CharField(max_length=64)
    val_accuracy = models.FloatField(help_text="Of the kept epochs, the mean over the seeds.")
    spread = models.FloatField(null=True, help_text="Sample standard deviation of the accuracy over the seeds, if any.")
    spread_private = models.FloatField(null=True, help_text="The same of the private images, if there are any.")
    per_seed = models.JSONField(
        help_text="For each seed in order: seed, accuracy, best_epoch, val_accuracy, weights_digest; accuracy_private "
        "where there is one."
    )
    gflop = models.FloatField(help_text="Arithmetic of training, validation and prediction, of all seeds.")
    standardised_kwh = models.FloatField()
    measured_kwh = models.FloatField(
        null=True, help_text="Sum over the phases, the median of its runs if it was run again; None: not measured."
    )
    measured_level = models.CharField(max_length=2, blank=True, help_text="The lowest level among the phases.")
    measured_band = models.FloatField(null=True, help_text="Relative uncertainty of measured_kwh at 95 %, if known.")
    run_kwh = models.FloatField(null=True, help_text="Of its own run alone, where measured_kwh is a median of several.")
    measured_runs = models.PositiveSmallIntegerField(
        default=1, help_text="Of how many runs measured_kwh is the median (energy_judging.py)."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.submission}: {self.submission.accuracy}"

    @property
    def own_kwh(self) -> float | None:
        """Measured of its own run, whatever runs again there were."""
        return self.measured_kwh if self.measured_runs == 1 else self.run_kwh


class SubmissionEnergy(AbstractPhaseEnergy):
    """What one phase of one attempt took."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="energies")
    attempt = models.PositiveIntegerField()

    class Meta(AbstractPhaseEnergy.Meta):
        constraints = [models.UniqueConstraint(fields=["submission", "attempt", "phase"], name="one_energy_per_phase")]
