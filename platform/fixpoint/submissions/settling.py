"""Settling an entry: its score, its energy, and the end of its run in one transaction."""

from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.blobs.store import blob_read
from fixpoint.energy.constants import CALIBRATIONS
from fixpoint.energy.estimates import standardised_kwh, work_of_entry
from fixpoint.recipes import RetiredRecipeError, pinned_facts
from fixpoint.statements.asking import Later
from fixpoint.statements.inserts import row_insert
from fixpoint.statements.selects import Kept
from fixpoint.states import status_change
from fixpoint.submissions.board_changes import board_number
from fixpoint.submissions.energy_judging import energy_judge, may_run_again
from fixpoint.submissions.measured import Measured, measured_of
from fixpoint.submissions.models import Result, Run, Submission
from fixpoint.submissions.outcomes import Trained, told_gflop, trained
from fixpoint.submissions.rungs import best_rung
from fixpoint.submissions.scoring import Score, score
from fixpoint.submissions.stages import logits_bytes
from fixpoint.submissions.telling import Told, told_of
from fixpoint.submissions.telling_people import end_tell
from fixpoint.tasks.selectors import hidden_truth

_RUN = Kept(lambda: Run.objects.filter(submission=Later("submission"), attempt=Later("attempt")))


def submission_settle(*, submission: Submission, logits_sha256: str, predicted: dict[str, object]) -> None:
    """Score the logits and store the result; `predicted` is the account of their program.

    LogitsError, and nothing changed, if they do not fit. ValueError if `predicted` is needed and does not fit.
    """
    task = submission.task
    truth = hidden_truth(task.pk)
    file = blob_read(logits_sha256, at_most=logits_bytes(submission, hidden=len(truth.labels)))
    seeds, classes = len(submission.seeds), len(task.classes)
    judged = score(file, truth.labels, seeds=seeds, classes=classes, is_public=truth.is_public)
    run = _RUN.one(submission=submission.pk, attempt=submission.attempt)
    took = measured_of(submission)
    result = _result(submission, run, judged, logits_sha256, predicted, took)
    with transaction.atomic(savepoint=False):
        if may_run_again(submission, result, took):  # which needs its owner's row: before the task's, as everywhere
            User.objects.select_for_update(no_key=True).get(pk=submission.owner_id)
        number = board_number(task.pk)  # holds the task's row: what is told next knows what was told before
        told = _told(submission, judged, truth.is_public)
        values: dict[str, Any] = {"accuracy": told.accuracy, "is_own_score": told.is_own, "board_number": number}
        if status_change(submission, to="scored", why="scored", ended_at=timezone.now(), **values):
            row_insert(result)
            energy_judge(submission=submission, result=result, took=took)
            end_tell(submission=submission)


def _told(submission: Submission, judged: Score, is_public: npt.NDArray[np.bool_]) -> Told:
    """On a ladder a run again is told what its original was: its own step would say more of the same images."""
    original = submission.rerun_of
    if submission.task.ladder and original is not None and original.accuracy is not None:
        return Told(original.accuracy, original.is_own_score)
    return told_of(judged, decimals=submission.task.score_decimals, best=best_rung(submission, is_public))


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
        accuracy_private=judged.accuracy_private,
        logits_sha256=logits_sha256,
        val_accuracy=told.best_val_accuracy,
        spread=judged.spread,
        spread_private=judged.spread_private,
        per_seed=_per_seed(told, judged),
        gflop=gflop,
        standardised_kwh=standardised_kwh(gflop, dataset.decoded_megapixels or 0.0, calibration),
        measured_kwh=took.kwh,
        measured_level=took.level,
        measured_band=took.band,
    )


def _per_seed(told: Trained, judged: Score) -> list[dict[str, Any]]:
    seeds = [
        {
            "seed": each.seed,
            "accuracy": accuracy,
            "best_epoch": each.best_epoch,
            "val_accuracy": each.best_val_accuracy,
            "weights_digest": each.weights_digest,
        }
        for each, accuracy in zip(told.seeds, judged.accuracies, strict=True)
    ]
    if judged.accuracies_private is None:
        return seeds
    private = zip(seeds, judged.accuracies_private, strict=True)
    return [each | {"accuracy_private": accuracy} for each, accuracy in private]


def _gflop(submission: Submission, run: Run, judged: Score, predicted: dict[str, object]) -> float:
    try:
        facts = pinned_facts(submission.recipe, submission.recipe_digest)
    except RetiredRecipeError:
        # Retired while it was trained: what it costs stands in no lock any more, but its own program has counted it.
        return told_gflop(run.outcome, predicted)
    train, val = (sum(submission.dataset.counts[split].values()) for split in ("train", "val"))
    return work_of_entry(facts, train=train, val=val, hidden=judged.correct.shape[1], seeds=len(submission.seeds))
