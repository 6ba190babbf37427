"""The stage that decodes and packs an archive: the same for participants' datasets and for organizers' material."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from fixpoint.tasks.models import Task
from worker.contract import Limits, Output, Phase, Stage

ARCHIVE, PACK, MANIFEST, SHEET = "archive.zip", "pack.safetensors", "manifest.json", "sheet.png"
LOOKS, THUMBNAILS = "looks.safetensors", "thumbnails.safetensors"
SHEET_PER_CLASS = 12

_MIB = 2**20
_MANIFEST_LINE = 2048
"""Bytes: names are at most 400, and JSON may double them."""
_LOOK, _THUMBNAIL = 256, 32_768
"""Bytes of an image: 16 x 16 grey pixels; at most 96 x 96 in colour, as JPEG."""

_SPARE_BYTES = 64 * _MIB
"""For what is not handed in: the outcome with its reasons."""


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may hold. The names are those of the ingest request in docs/formats.md."""

    images: int
    image_bytes: int
    image_pixels: int
    archive_bytes: int
    unpacked_bytes: int


def entry_limits(task: Task) -> ArchiveLimits:
    """What a participant may hand in."""
    return ArchiveLimits(
        images=task.max_images,
        image_bytes=task.max_image_bytes,
        image_pixels=task.max_image_pixels,
        archive_bytes=task.max_archive_bytes,
        unpacked_bytes=unpacked_bytes(task),
    )


def material_limits(archive_bytes: int) -> ArchiveLimits:
    """What an organizer may: the limits of entries are not meant for the hidden test set and the label book."""
    return ArchiveLimits(
        images=400_000,
        image_bytes=archive_bytes,
        image_pixels=500_000_000,
        archive_bytes=archive_bytes,
        unpacked_bytes=4 * archive_bytes,
    )


def ingest_stage(task: Task, *, layout: str, classes: Sequence[str], archive: ArchiveLimits) -> Stage:
    """The ingest phase for one archive. `layout` as in docs/formats.md; in `flat` no class is named."""
    request = {
        "recipe": task.recipe,
        "layout": layout,
        "classes": list(classes),
        "limits": asdict(archive),
        "sheet_per_class": SHEET_PER_CLASS,
        "threads": task.cpus,
    }
    outputs = [
        Output(PACK, 2048 * _MIB, ""),
        Output(MANIFEST, max(8 * _MIB, archive.images * _MANIFEST_LINE), ""),
        Output(LOOKS, _MIB + archive.images * _LOOK, ""),
    ]
    if layout != "flat":
        thumbnails = min(2048 * _MIB, _MIB + archive.images * _THUMBNAIL)
        outputs += [Output(THUMBNAILS, thumbnails, ""), Output(SHEET, 32 * _MIB, "")]
    limits = Limits(
        wall_seconds=task.ingest_seconds,
        memory_bytes=task.memory_bytes,
        output_bytes=sum(each.max_bytes for each in outputs) + _SPARE_BYTES,
        output_files=64,
        cpus=task.cpus,
        pids=task.processes,
    )
    return Stage(phase=Phase.INGEST, inputs=(ARCHIVE,), request=request, outputs=tuple(outputs), limits=limits)


def unpacked_bytes(task: Task) -> int:
    """How much an archive may unpack to: images are compressed already, so four times the archive is generous."""
    return 4 * task.max_archive_bytes
