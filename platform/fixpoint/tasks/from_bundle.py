"""A bundle's fields as those of a task, in the units of the database."""

from fixpoint.energy.constants import CALIBRATION
from fixpoint.recipes import recipe_facts
from fixpoint.tasks.bundle import TaskBundle
from fixpoint.tasks.models import Task

_MIB, _GIB, _MEGAPIXEL = 2**20, 2**30, 1_000_000


def task_of(bundle: TaskBundle) -> Task:
    """Not saved; its recipe's digest and energy constants are pinned here."""
    limits = bundle.limits
    return Task(
        slug=bundle.slug,
        title=bundle.title,
        summary=bundle.summary,
        description=bundle.description,
        rules=bundle.rules,
        classes=list(bundle.classes),
        recipe=bundle.recipe,
        workers=bundle.workers,
        device=bundle.device,
        recipe_digest=recipe_facts(bundle.recipe).digest,
        seed=bundle.seed,
        seeds=bundle.seeds,
        accuracy_floor=bundle.accuracy_floor,
        public_share=bundle.public_share,
        score_decimals=bundle.score_decimals,
        ladder=bundle.ladder,
        counting=bundle.counting,
        max_chosen=bundle.max_chosen,
        takes_late=bundle.takes_late_entries,
        grid_g_per_kwh=bundle.grid_g_per_kwh,
        pue=bundle.pue,
        calibration=CALIBRATION.version,
        max_images=limits.max_images,
        max_archive_bytes=int(limits.max_archive_mib * _MIB),
        max_image_bytes=int(limits.max_image_mib * _MIB),
        max_image_pixels=int(limits.max_image_megapixels * _MEGAPIXEL),
        ingest_seconds=limits.ingest_seconds,
        train_seconds=limits.train_seconds,
        predict_seconds=limits.predict_seconds,
        memory_bytes=int(limits.memory_gib * _GIB),
        cpus=limits.cpus,
        processes=limits.processes,
        entries_per_day=limits.entries_per_day,
        entries_total=limits.entries_total,
        max_storage_bytes=limits.max_storage_gib * _GIB,
        opens_at=bundle.opens_at,
        closes_at=bundle.closes_at,
    )
