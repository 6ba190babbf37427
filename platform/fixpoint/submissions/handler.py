"""An entry on its way through a worker: train, predict, score."""

from dataclasses import asdict
from uuid import UUID

from django.db.models import QuerySet

from fixpoint.dispatch.handling import Material, Work
from fixpoint.dispatch.models import Attempt
from fixpoint.recipes import retirement
from fixpoint.statements.asking import Later
from fixpoint.statements.selects import Kept
from fixpoint.submissions.energy_judging import rerun_ended
from fixpoint.submissions.models import Run, Submission
from fixpoint.submissions.outcomes import trained
from fixpoint.submissions.scoring import LogitsError
from fixpoint.submissions.services import (
    epochs_take,
    submission_energy,
    submission_fail,
    submission_retire,
    submission_retry,
    submission_start,
    submission_trained,
)
from fixpoint.submissions.settling import submission_settle
from fixpoint.submissions.stages import DYNAMICS, HIDDEN, HISTORY, LOGITS, PACK, WEIGHTS, predict_stage, train_stage
from fixpoint.tasks.selectors import hidden_material
from worker.contract import Fact, Fault, Phase, Report

_RUNNING = (Submission.Status.QUEUED, Submission.Status.TRAINING, Submission.Status.PREDICTING)


class Evaluation:
    """Handler of the kind `submission`."""

    def work(self, subject_id: UUID, number: int) -> Work | None:
        """Train on the dataset's pack, then predict the hidden pack, which only the predict stage names."""
        entry = _WITH_TASK.first(pk=subject_id, attempt=number)
        if entry is None:
            return None
        if note := retirement(entry.recipe_digest):
            submission_retire(submission=entry, why=note.says)
            return None
        hidden = hidden_material(entry.task)
        materials = (Material(PACK, entry.dataset.pack_sha256), Material(HIDDEN, hidden.pack_sha256))
        stages = train_stage(entry), predict_stage(entry, hidden=hidden.images)
        return Work(entry.recipe, entry.recipe_digest, materials, stages)

    def is_wanted(self, subject_id: UUID, number: int) -> bool:
        """As long as it is not over and this attempt is the current one."""
        return _CURRENT.first(pk=subject_id, attempt=number) is not None

    def take(self, attempt: Attempt, report: Report, blobs: dict[str, str]) -> bool | None:
        """One fact; what it means depends on the state, and a fact that comes late means nothing."""
        needed = _WITH_ALL if report.fact is Fact.PREDICTED else _CURRENT
        entry = needed.first(pk=attempt.subject_id, attempt=attempt.number)
        if entry is None:
            return None
        if report.energy:
            submission_energy(submission=entry, energy=report.energy)
        if report.progress:  # at the end all epochs come once more, so that none is missing
            epochs_take(submission=entry, progress=report.progress)
        fault = report.fault or Fault(code="unknown", detail="The worker gave no reason.")
        match report.fact:
            case Fact.STARTED if report.phase == Phase.TRAIN and entry.status == Submission.Status.QUEUED:
                submission_start(submission=entry, worker=attempt.worker)
            case Fact.TRAINED if entry.status == Submission.Status.TRAINING:
                submission_trained(submission=entry, run=_run(entry, report, blobs))
            case Fact.PREDICTED if entry.status == Submission.Status.PREDICTING:
                return _settle(entry, blobs[LOGITS], report.result)
            case Fact.FAILED if entry.status != Submission.Status.QUEUED:
                submission_fail(submission=entry, fault=fault)
                return True
            case Fact.ERROR:
                _retry(entry, fault.detail, fault)
                return True
        return False

    def lost(self, attempt: Attempt, why: str) -> None:
        """Back to the queue, up to the limit."""
        entry = _CURRENT.first(pk=attempt.subject_id, attempt=attempt.number)
        if entry is not None:
            _retry(entry, why)


def _current() -> QuerySet[Submission]:
    return Submission.objects.filter(pk=Later("pk"), attempt=Later("attempt"), status__in=_RUNNING).order_by()


_CURRENT = Kept(_current)
_WITH_TASK = Kept(lambda: _current().select_related("task", "dataset"))
_WITH_ALL = Kept(lambda: _current().select_related("task", "dataset", "owner"))


def _run(entry: Submission, report: Report, blobs: dict[str, str]) -> Run:
    trained(report.result, entry.seeds)  # refused now, while it can still be told apart from a bad prediction
    return Run(
        submission=entry,
        attempt=entry.attempt,
        weights_sha256=blobs[WEIGHTS],
        history_sha256=blobs[HISTORY],
        dynamics_sha256=blobs[DYNAMICS],
        outcome=report.result,
        provenance=asdict(report.provenance) if report.provenance else {},
    )


def _settle(entry: Submission, logits_sha256: str, predicted: dict[str, object]) -> bool:
    try:
        submission_settle(submission=entry, logits_sha256=logits_sha256, predicted=predicted)
    except LogitsError as error:
        _retry(entry, str(error))
    return True


def _retry(entry: Submission, why: str, fault: Fault | None = None) -> None:
    submission_retry(submission=entry, why=why, fault=fault)
    rerun_ended(submission=entry)
