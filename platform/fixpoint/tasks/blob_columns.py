"""The columns of this app that name blobs."""

from fixpoint.blobs.references import Column
from fixpoint.tasks.models import Baseline, DraftFile, Material, Task

_RESTORE = "restore it from the backup"
_IMPORT = f"{_RESTORE}, or import the task anew under another slug: entries cannot be judged until then"


def _material(field: str, what: str, remedy: str) -> Column:
    return Column(Material.objects.select_related("task").all, field, what, _named, remedy)


def _named(material: Material) -> str:
    return f"task {material.task.slug}, {material.get_role_display().lower()}"


def _drafted(file: DraftFile) -> str:
    return f"draft {file.draft} of {file.draft.owner}, {file.name}"


COLUMNS = (
    Column(DraftFile.objects.select_related("draft__owner").all, "sha256", "file of a draft", _drafted, _RESTORE),
    Column(
        Baseline.objects.select_related("task").all,
        "archive_sha256",
        "baseline's zip",
        lambda baseline: f"task {baseline.task.slug}, {baseline.name}",
        _RESTORE,
    ),
    Column(Task.objects.all, "training_data_sha256", "starter data", lambda task: f"task {task.slug}", _RESTORE),
    _material("archive_sha256", "zip of the material", f"{_RESTORE}; packing is over, so that nothing waits for it"),
    _material("pack_sha256", "pack of the material", _IMPORT),
    _material("sheet_sha256", "picture of the material", _RESTORE),
    _material("manifest_sha256", "manifest of the material", f"{_RESTORE}: without it nothing is compared with it"),
    _material("thumbnails_sha256", "thumbnails of the material", f"{_RESTORE}: its gallery is empty"),
    _material("looks_sha256", "looks of the material", f"{_RESTORE}: without it nothing is compared with it"),
)
