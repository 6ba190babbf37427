"""What is to be solved: a task, its material (hidden test set, label book), and the hidden labels."""

import secrets
import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fixpoint.dispatch.queues import ANY, queue_of
from fixpoint.recipes import Retired, retirement
from fixpoint.states import AbstractTransition
from fixpoint.tasks.drafting import Baseline, Draft, DraftFile
from fixpoint.tasks.membership import Participant
from fixpoint.tasks.stretches import Phase
from worker.contract import Kind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

__all__ = [
    "Baseline", "Draft", "DraftFile", "HiddenImage", "Material", "MaterialTransition", "Participant", "Phase", "Task",
    "draw_key",
]  # fmt: skip


def draw_key() -> str:
    """A fresh key for the order of the hidden images."""
    return secrets.token_hex(32)


class Task(models.Model):
    """One competition: its classes in order, its rules, limits and locked recipe."""

    class Status(models.TextChoices):
        """Where a task stands. It opens by itself when its material is packed."""

        PREPARING = "preparing", _("Preparing")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        ERROR = "error", _("Error")

    class Counting(models.TextChoices):
        """Which entry of a team counts; without a chosen one it is the best."""

        BEST = "best", _("The best")
        CHOSEN = "chosen", _("The chosen one")

    class Visibility(models.TextChoices):
        """Who may look at it."""

        PUBLIC = "public", _("Public: everybody, and it is listed")
        UNLISTED = "unlisted", _("Unlisted: everybody who has its address")
        PRIVATE = "private", _("Private: whom its organizers have let in")

    UNREADY = frozenset({"preparing", "error"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    rules = models.TextField(blank=True)
    eligibility = models.TextField(blank=True, help_text="Who may take part.")
    prizes = models.TextField(blank=True)
    faq = models.TextField(blank=True, help_text="Questions and answers; the settings answer the usual ones.")
    awards = models.JSONField(default=list, blank=True, help_text="Names of what is awarded at its end.")
    classes = models.JSONField(help_text="Names in the task's own order; the position is the label.")
    status = models.CharField(max_length=16, choices=Status, default=Status.PREPARING)
    recipe = models.CharField(max_length=60)
    recipe_digest = models.CharField(max_length=64)
    seed = models.PositiveIntegerField(default=0, help_text="The first seed of an entry.")
    seeds = models.PositiveSmallIntegerField(
        default=1, help_text="How many seeds an entry trains, counted up from the first; its score is their mean."
    )
    hidden_key = models.CharField(max_length=64, default=draw_key, editable=False)
    public_share = models.FloatField(
        default=1.0,
        help_text="Share of the hidden images that scores are told of while it runs; at its end the others decide. "
        "1: all of them, at both times.",
    )
    score_decimals = models.PositiveSmallIntegerField(default=4, help_text="Of a score, as it is told while it runs.")
    ladder = models.BooleanField(
        default=False, help_text="Whether a team's told score moves only on a significant improvement."
    )
    counting = models.CharField(
        max_length=8,
        choices=Counting,
        default=Counting.BEST,
        help_text="Which of a team's entries stands on the board.",
    )
    max_chosen = models.PositiveSmallIntegerField(default=2, help_text="How many entries a team may choose.")
    takes_late = models.BooleanField(default=False, help_text="Whether it takes entries after its close, apart.")
    closed_by = models.CharField(max_length=150, blank=True, help_text="Who closed it; empty where its date did.")
    board_number = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Counts what has changed for its board (submissions/board_changes.py)."
    )
    accuracy_floor = models.FloatField(default=0.0)
    grid_g_per_kwh = models.FloatField()
    pue = models.FloatField(default=1.0)
    calibration = models.CharField(max_length=40, help_text="Version of the energy constants pinned for this task.")
    max_images = models.PositiveIntegerField(default=10_000)
    max_archive_bytes = models.PositiveBigIntegerField()
    max_image_bytes = models.PositiveBigIntegerField()
    max_image_pixels = models.PositiveBigIntegerField()
    ingest_seconds = models.PositiveIntegerField(default=900)
    train_seconds = models.PositiveIntegerField()  # of one seed: `durations` has the limit of a run
    predict_seconds = models.PositiveIntegerField(default=600)  # of one seed, too
    memory_bytes = models.PositiveBigIntegerField()
    cpus = models.PositiveSmallIntegerField(default=2)
    processes = models.PositiveIntegerField(default=256)
    workers = models.CharField(
        max_length=40, blank=True, help_text="Its own workers, by the name of their queues; empty for everybody's."
    )
    device = models.CharField(max_length=3, default=ANY, help_text="What an entry trains on: any, cpu or gpu.")
    entries_per_day = models.PositiveIntegerField()
    entries_per_week = models.PositiveIntegerField(default=0, help_text="In any 7 days; 0: no such limit.")
    entries_total = models.PositiveIntegerField()
    entries_at_once = models.PositiveIntegerField(
        default=0, help_text="Of a team's entries that may wait or run at the same time; 0: no such limit."
    )
    max_team_size = models.PositiveSmallIntegerField(default=5, help_text="People in a team; 1: everybody alone.")
    teams_until = models.DateTimeField(
        null=True, blank=True, help_text="From then on teams stay as they are; empty: until its close."
    )
    max_storage_bytes = models.PositiveBigIntegerField(
        default=0, help_text="Of the zips that one person keeps in it together; 0: no limit of its own."
    )
    training_data_sha256 = models.CharField(max_length=64, blank=True, help_text="Starter data to download.")
    organizers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="organized_tasks",
        help_text="Who runs it, among those who may; with nobody named here, all of them.",
    )
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        default=timezone.now,
        help_text="From then on others than its organizers see it; empty: a draft, which takes baselines alone.",
    )
    join_key = models.UUIDField(null=True, unique=True, editable=False, help_text="Of the link by which people come.")
    join_at_once = models.BooleanField(default=False, help_text="Whether who has the link is let in without a word.")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=63, default="UTC", help_text="In which its dates are told.")
    paused_at = models.DateTimeField(null=True, help_text="By an organizer: takes no entries until it goes on.")
    paused_why = models.CharField(max_length=300, blank=True)
    archived_at = models.DateTimeField(
        null=True, help_text="From then on it is there for who runs it alone, and takes no entries; nothing is freed."
    )
    archived_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    if TYPE_CHECKING:
        materials: RelatedManager["Material"]
        hidden_images: RelatedManager["HiddenImage"]
        phases: RelatedManager[Phase]
        participants: RelatedManager[Participant]
        baselines: RelatedManager[Baseline]

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.title

    def queue(self, kind: Kind) -> str:
        """Where its jobs wait."""
        return queue_of(kind, workers=self.workers, device=self.device)

    @property
    def is_public(self) -> bool:
        """Whether everybody may look at it and at its files."""
        return self.is_shown and self.visibility != self.Visibility.PRIVATE

    @property
    def is_shown(self) -> bool:
        """Whether it is there for others than those who run it: ready, published, and not archived."""
        return self.status not in self.UNREADY and self.published_at is not None and self.archived_at is None

    @property
    def entry_seeds(self) -> list[int]:
        """The seeds that an entry trains."""
        return list(range(self.seed, self.seed + self.seeds))

    @property
    def phase(self) -> str:
        """Recipe, status and dates in one: whatever its status a task is `closed` when its recipe is retired; an open
        one is a `draft` until it is published, `upcoming` before `opens_at`, and `closed` from `closes_at` on."""
        if self.retirement:
            return self.Status.CLOSED
        if self.status != self.Status.OPEN:
            return self.status
        if self.published_at is None:
            return "draft"
        now = timezone.now()
        if self.closes_at and now >= self.closes_at:
            return self.Status.CLOSED
        return "upcoming" if self.opens_at and now < self.opens_at else self.Status.OPEN

    @property
    def state_told(self) -> str:
        """The one word for it on pages: its phase, but `paused` where it would be open, and `archived` where it is."""
        if self.archived_at:
            return "archived"
        phase = self.phase
        return "paused" if self.paused_at and phase == self.Status.OPEN else phase

    @property
    def takes_entries(self) -> bool:
        """Whether a dataset can be entered now: while it is open, not paused and not between two phases, and late where
        it says so."""
        if self.paused_at or self.archived_at or self.published_at is None:
            return False
        is_late = self.takes_late and self.phase == self.Status.CLOSED and not self.retirement
        return is_late or (self.phase == self.Status.OPEN and not self.is_between_phases)

    @property
    def may_take_entries(self) -> bool:
        """Whether it takes entries now or may do so yet: it is not over, and nothing spoilt it."""
        return self.takes_entries or self.phase not in {self.Status.CLOSED, self.Status.ERROR}

    @property
    def current_phase(self) -> Phase | None:
        """The one of its phases that it is in now."""
        now = timezone.now()
        return next((each for each in self.phases.all() if each.begins_at <= now < each.ends_at), None)

    @property
    def is_between_phases(self) -> bool:
        """Whether it has phases, and is in none of them now."""
        return self.phases.exists() and self.current_phase is None

    @property
    def retirement(self) -> Retired | None:
        """Since when and why the pinned recipe is run no more; None as long as it is."""
        return retirement(self.recipe_digest)


class Material(models.Model):
    """A zip of the organizers' that a worker packs: the hidden images, without names or labels, or the label book."""

    class Role(models.TextChoices):
        """What the material is for."""

        HIDDEN = "hidden", _("Hidden test set")
        LABEL_BOOK = "label_book", _("Label book")

    class Status(models.TextChoices):
        """States of a material."""

        INGESTING = "ingesting", _("Being packed")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Refused")
        ERROR = "error", _("Error")

    NEXT: ClassVar[dict[str, frozenset[str]]] = {
        "ingesting": frozenset({"ready", "refused", "error", "ingesting"}),
        "ready": frozenset(),
        "refused": frozenset({"ingesting"}),
        "error": frozenset({"ingesting"}),
    }
    SPOILT = frozenset({"refused", "error"})
    """What is so will not be packed by waiting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="materials")
    role = models.CharField(max_length=16, choices=Role)
    status = models.CharField(max_length=16, choices=Status, default=Status.INGESTING)
    attempt = models.PositiveIntegerField(default=1)
    first_attempt = models.PositiveIntegerField(default=1, help_text="Of the zip that it is made of now.")
    archive_sha256 = models.CharField(max_length=64)
    images = models.PositiveIntegerField(default=0)
    pack_sha256 = models.CharField(max_length=64, blank=True)
    sheet_sha256 = models.CharField(max_length=64, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    looks_sha256 = models.CharField(max_length=64, blank=True)
    thumbnails_sha256 = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)

    if TYPE_CHECKING:
        transitions: RelatedManager["MaterialTransition"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "role"], name="one_material_per_role")]

    def __str__(self) -> str:
        return f"{self.task}: {self.get_role_display()}"

    @property
    def tries(self) -> int:
        """Of the zip that it is made of now, the one under way among them."""
        return self.attempt - self.first_attempt + 1


class MaterialTransition(AbstractTransition):
    """A change of a material's status."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="transitions")


class HiddenImage(models.Model):
    """One hidden image's name and label. They stay here: no worker and no container ever sees them."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="hidden_images")
    number = models.PositiveIntegerField(
        help_text="Its neutral number in the archive, from 1; its row in the pack is one less."
    )
    name = models.CharField(max_length=500)
    label = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(default=True, help_text="Whether scores are told of it while the task runs.")

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="one_hidden_image_per_number")]

    def __str__(self) -> str:
        return f"{self.task} #{self.number}"
