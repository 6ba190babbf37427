"""Settling an entry: its score, its energy, and the end of its run in one transaction."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from fixpoint.blobs.store import blob_read
from fixpoint.energy.constants import CALIBRATIONS
from fixpoint.energy.estimates import standardised_kwh, work_of_entry
from fixpoint.recipes import RetiredRecipeError, pinned_facts
from fixpoint.states import status_change
from fixpoint.submissions.board_changes import board_number
from fixpoint.submissions.energy_judging import energy_judge
from fixpoint.submissions.measured import Measured, measured_of
from fixpoint.submissions.models import Result, Run, Submission
from fixpoint.submissions.outcomes import told_gflop, trained
from fixpoint.submissions.scoring import Score, score
from fixpoint.submissions.stages import logits_bytes
from fixpoint.tasks.selectors import hidden_labels


def submission_settle(*, submission: Submission, logits_sha256: str, predicted: dict[str, object]) -> None:
    """Score the logits and store the result; `predicted` is the account of their program.

    LogitsError, and nothing changed, if they do not fit. ValueError if `predicted` is needed and does not fit.
    """
    task = submission.task
    labels = hidden_labels(task.pk)
    file = blob_read(logits_sha256, at_most=logits_bytes(submission, hidden=len(labels)))
    judged = score(file, labels, seeds=len(submission.seeds), classes=len(task.classes))
    run = Run.objects.get(submission=submission, attempt=submission.attempt)
    with transaction.atomic(savepoint=False):
        number = board_number(task.pk)
        values: dict[str, Any] = {"accuracy": judged.accuracy, "ended_at": timezone.now(), "board_number": number}
        if status_change(submission, to="scored", why="scored", **values):
            took = measured_of(submission)
            result = _result(submission, run, judged, logits_sha256, predicted, took)
            result.save(force_insert=True)
            energy_judge(submission=submission, result=result, took=took)


def _result(
    submission: Submission, run: Run, judged: Score, logits_sha256: str, predicted: dict[str, object], took: Measured
) -> Result:
    dataset = submission.dataset
    calibration = CALIBRATIONS[submission.task.calibration]
    told = trained(run.outcome, submission.seeds)
    gflop = _gflop(submission, run, judged, predicted)
    return Result(
        submission=submission,
        run=run,
        correct=judged.bits,
        hidden_images=judged.correct.shape[1],
        accuracy_public=judged.accuracy,
        logits_sha256=logits_sha256,
        val_accuracy=told.best_val_accuracy,
        spread=judged.spread,
        per_seed=[
            {
                "seed": each.seed,
                "accuracy": accuracy,
                "best_epoch": each.best_epoch,
                "val_accuracy": each.best_val_accuracy,
                "weights_digest": each.weights_digest,
            }
            for each, accuracy in zip(told.seeds, judged.accuracies, strict=True)
        ],
        gflop=gflop,
        standardised_kwh=standardised_kwh(gflop, dataset.decoded_megapixels or 0.0, calibration),
        measured_kwh=took.kwh,
        measured_level=took.level,
        measured_band=took.band,
    )


def _gflop(submission: Submission, run: Run, judged: Score, predicted: dict[str, object]) -> float:
    try:
        facts = pinned_facts(submission.recipe, submission.recipe_digest)
    except RetiredRecipeError:
        # Retired while it was trained: what it costs stands in no lock any more, but its own program has counted it.
        return told_gflop(run.outcome, predicted)
    train, val = (sum(submission.dataset.counts[split].values()) for split in ("train", "val"))
    return work_of_entry(facts, train=train, val=val, hidden=judged.correct.shape[1], seeds=len(submission.seeds))
