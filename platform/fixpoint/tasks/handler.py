"""Organizers' material on its way through a worker: packed, or refused with the reason."""

from uuid import UUID

from fixpoint.blobs.store import blob_size
from fixpoint.dispatch.handling import Material as Blob
from fixpoint.dispatch.handling import Work
from fixpoint.dispatch.models import Attempt
from fixpoint.tasks.ingestion import ARCHIVE, LOOKS, MANIFEST, PACK, SHEET, THUMBNAILS, ingest_stage, material_limits
from fixpoint.tasks.models import Material
from fixpoint.tasks.outcomes import Packed, Refused
from fixpoint.tasks.services import material_ready, material_refuse, material_retire, material_retry
from worker.contract import Fact, Report


class MaterialIngestion:
    """Handler of the kind `material`."""

    def work(self, subject_id: UUID, number: int) -> Work | None:
        """One ingest stage; the hidden archive is flat and knows no class."""
        material = self._current(subject_id, number)
        if material is None:
            return None
        task = material.task
        if task.retirement:
            material_retire(material=material, why=task.retirement.says)
            return None
        limits = material_limits(blob_size(material.archive_sha256))
        if material.role == Material.Role.HIDDEN:
            stage = ingest_stage(task, layout="flat", classes=(), archive=limits)
        else:
            stage = ingest_stage(task, layout="classes", classes=task.classes, archive=limits)
        return Work(task.recipe, task.recipe_digest, (Blob(ARCHIVE, material.archive_sha256),), (stage,))

    def is_wanted(self, subject_id: UUID, number: int) -> bool:
        """As long as it is being packed under this attempt."""
        return self._current(subject_id, number) is not None

    def take(self, attempt: Attempt, report: Report, blobs: dict[str, str]) -> bool | None:
        """Ready, refused, or to be tried again."""
        material = self._current(attempt.subject_id, attempt.number)
        if material is None:
            return None
        match report.fact:
            case Fact.INGESTED:
                material_ready(
                    material=material,
                    images=Packed.model_validate(report.result).images,
                    pack=blobs[PACK],
                    sheet=blobs.get(SHEET, ""),
                    manifest=blobs.get(MANIFEST, ""),
                    looks=blobs.get(LOOKS, ""),
                    thumbnails=blobs.get(THUMBNAILS, ""),
                )
            case Fact.REFUSED | Fact.FAILED:
                material_refuse(material=material, reason=_reasons(report))
            case Fact.ERROR:
                material_retry(material=material, why=report.fault.detail if report.fault else "The worker failed.")
            case _:
                return False
        return True

    def lost(self, attempt: Attempt, why: str) -> None:
        """Try again, up to the limit."""
        material = self._current(attempt.subject_id, attempt.number)
        if material is not None:
            material_retry(material=material, why=why)

    def _current(self, subject_id: UUID, number: int) -> Material | None:
        return (
            Material.objects.select_related("task")
            .filter(pk=subject_id, attempt=number, status=Material.Status.INGESTING)
            .first()
        )


def _reasons(report: Report) -> str:
    if report.fault:
        return report.fault.detail
    refusals = Refused.model_validate(report.result).refusals
    told = (f"{each.path or 'the archive'}: {each.detail}" for each in refusals[:20])
    return "\n".join(" ".join(each.splitlines()) for each in told)
