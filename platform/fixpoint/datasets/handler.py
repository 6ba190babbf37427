"""A participant's dataset on its way through a worker."""

from dataclasses import asdict
from uuid import UUID

from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import (
    dataset_accept,
    dataset_energy,
    dataset_fail,
    dataset_refuse,
    dataset_retire,
    dataset_retry,
)
from fixpoint.dispatch.handling import Material, Work
from fixpoint.dispatch.models import Attempt
from fixpoint.tasks.ingestion import ARCHIVE, entry_limits, ingest_stage
from fixpoint.tasks.outcomes import Ingested, Refused
from worker.contract import Fact, Report


class DatasetIngestion:
    """Handler of the kind `dataset`."""

    def work(self, subject_id: UUID, number: int) -> Work | None:
        """One ingest stage over the participant's zip."""
        dataset = self._current(subject_id, number)
        if dataset is None:
            return None
        task = dataset.task
        if task.retirement:
            dataset_retire(dataset=dataset, why=task.retirement.says)
            return None
        stage = ingest_stage(task, layout="splits", classes=task.classes, archive=entry_limits(task))
        return Work(task.recipe, task.recipe_digest, (Material(ARCHIVE, dataset.archive_sha256),), (stage,))

    def is_wanted(self, subject_id: UUID, number: int) -> bool:
        """As long as it is being read under this attempt."""
        return self._current(subject_id, number) is not None

    def take(self, attempt: Attempt, report: Report, blobs: dict[str, str]) -> bool | None:
        """Accepted, refused, or to be tried again."""
        dataset = self._current(attempt.subject_id, attempt.number)
        if dataset is None:
            return None
        if report.energy:
            dataset_energy(dataset=dataset, energy=report.energy)
        detail = report.fault.detail if report.fault else ""
        match report.fact:
            case Fact.INGESTED:
                provenance = asdict(report.provenance) if report.provenance else {}
                outcome = Ingested.model_validate(report.result)
                dataset_accept(dataset=dataset, outcome=outcome, blobs=blobs, provenance=provenance)
            case Fact.REFUSED:
                dataset_refuse(dataset=dataset, outcome=Refused.model_validate(report.result))
            case Fact.FAILED:
                dataset_fail(dataset=dataset, reason=detail)
            case Fact.ERROR:
                dataset_retry(dataset=dataset, why=detail or "The worker failed.")
            case _:
                return False
        return True

    def lost(self, attempt: Attempt, why: str) -> None:
        """Try again, up to the limit."""
        dataset = self._current(attempt.subject_id, attempt.number)
        if dataset is not None:
            dataset_retry(dataset=dataset, why=why)

    def _current(self, subject_id: UUID, number: int) -> Dataset | None:
        return (
            Dataset.objects.select_related("task")
            .filter(pk=subject_id, attempt=number, status=Dataset.Status.INGESTING)
            .first()
        )
