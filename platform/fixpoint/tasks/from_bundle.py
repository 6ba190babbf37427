"""A bundle's fields as those of a task, in the units of the database, and back."""

from pathlib import Path
from typing import Any

from fixpoint.accounts.models import User
from fixpoint.energy.constants import CALIBRATION
from fixpoint.recipes import recipe_facts
from fixpoint.tasks.bundle_fields import BaselineBundle, Limits, PhaseBundle, TaskBundle
from fixpoint.tasks.models import Material, Phase, Task

_MIB, _GIB, _MEGAPIXEL = 2**20, 2**30, 1_000_000
_SAME = (
    "slug", "title", "summary", "description", "rules", "eligibility", "prizes", "faq", "visibility", "recipe",
    "workers", "device", "seed", "seeds", "accuracy_floor", "public_share", "score_decimals", "ladder", "counting",
    "max_chosen", "max_team_size", "grid_g_per_kwh", "pue", "time_zone", "opens_at", "closes_at", "teams_until",
)  # fmt: skip
"""Fields that a bundle and a task call alike and keep alike."""
_SAME_LIMITS = (
    "max_images", "ingest_seconds", "train_seconds", "predict_seconds", "cpus", "processes", "entries_per_day",
    "entries_per_week", "entries_total", "entries_at_once",
)  # fmt: skip
_UNITS = {
    "max_archive_mib": ("max_archive_bytes", _MIB),
    "max_image_mib": ("max_image_bytes", _MIB),
    "max_image_megapixels": ("max_image_pixels", _MEGAPIXEL),
    "memory_gib": ("memory_bytes", _GIB),
    "max_storage_gib": ("max_storage_bytes", _GIB),
}
HIDDEN, BOOK, TRAINING = Path("hidden.zip"), Path("label-book.zip"), Path("training-data.zip")
"""As the files of an exported bundle are named."""


def task_of(bundle: TaskBundle) -> Task:
    """Not saved, without what has rows of its own; its recipe's digest and energy constants are pinned here."""
    limits = bundle.limits
    key = {"hidden_key": bundle.hidden_key} if bundle.hidden_key else {}
    return Task(
        **{name: getattr(bundle, name) for name in _SAME},
        **{name: getattr(limits, name) for name in _SAME_LIMITS},
        **{column: getattr(limits, name) * unit for name, (column, unit) in _UNITS.items()},
        **key,
        classes=list(bundle.classes),
        awards=list(bundle.awards),
        takes_late=bundle.takes_late_entries,
        recipe_digest=recipe_facts(bundle.recipe).digest,
        calibration=CALIBRATION.version,
    )


def organizers_named(bundle: TaskBundle) -> list[User]:
    """Whom the bundle names, in its order."""
    known = {user.username: user for user in User.objects.filter(username__in=bundle.organizers)}
    return [known[name] for name in bundle.organizers if name in known]


def phases_of(bundle: TaskBundle, task: Task) -> list[Phase]:
    """Not saved."""
    return [Phase(task=task, **dict(each)) for each in bundle.phases]


def bundle_of(task: Task) -> TaskBundle:
    """The bundle that this task could have come from, its files under the names of an exported one."""
    sizes = {name: max(getattr(task, column) // unit, 0) for name, (column, unit) in _UNITS.items()}
    limits = Limits(**{name: getattr(task, name) for name in _SAME_LIMITS}, **sizes)
    has_book = task.materials.filter(role=Material.Role.LABEL_BOOK).exists()
    phase = ("name", "begins_at", "ends_at", "entries_per_day", "entries_total", "note")
    return TaskBundle(
        **{name: getattr(task, name) for name in _SAME},
        limits=limits,
        classes=tuple(task.classes),
        awards=tuple(task.awards),
        organizers=tuple(task.organizers.order_by("username").values_list("username", flat=True)),
        takes_late_entries=task.takes_late,
        phases=tuple(PhaseBundle(**each) for each in task.phases.values(*phase)),
        hidden_key=task.hidden_key,
        hidden_test=HIDDEN,
        label_book=BOOK if has_book else None,
        training_data=TRAINING if task.training_data_sha256 else None,
        baselines=tuple(
            BaselineBundle(name=each.name, zip=Path(f"baseline-{n}.zip"), role=each.role)
            for n, each in enumerate(task.baselines.all(), start=1)
        ),
    )


def bundle_fields(bundle: TaskBundle) -> dict[str, Any]:
    """All of a bundle as the YAML has it; what is not set is left out."""
    found = bundle.model_dump(exclude_none=True)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
