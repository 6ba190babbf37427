"""All that is stored of how an entry ran, as lines of a log: what happened, each epoch, what each phase took."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from fixpoint.energy.phases import AbstractPhaseEnergy
from fixpoint.pages.entry_log import words_of
from fixpoint.submissions.models import Epoch, Submission

_EPOCH = ("loss", "accuracy", "val_loss", "val_accuracy")
_PHASE = ("seconds", "kwh", "cpu_seconds", "level")


@dataclass(frozen=True)
class RunLog:
    """`epochs` is how many of the lines tell of one."""

    text: str
    epochs: int


def run_log(entry: Submission) -> RunLog:
    """Of all attempts, the oldest first. Workers and the platform's faults are not in it; times are UTC."""
    epochs = list(entry.epochs.order_by("attempt", "seed", "epoch"))
    return RunLog("\n".join(_lines(entry, epochs)) + "\n", len(epochs))


def _lines(entry: Submission, epochs: list[Epoch]) -> Iterator[str]:
    """Epochs and phases have no time of their own: they stand behind the stage in which they came."""
    by_attempt = {number: list(group) for number, group in groupby(epochs, key=lambda each: each.attempt)}
    phases = list(entry.energies.order_by("attempt", "pk"))
    yield from _phases(list(entry.dataset.energies.filter(attempt=entry.dataset.attempt)))
    for change in entry.transitions.all():
        yield f"{_time(change.at)} {words_of(entry, change)}"
        is_stage = change.from_status != change.to_status
        if is_stage and change.to_status == Submission.Status.TRAINING:
            yield from (_epoch(each) for each in by_attempt.get(change.attempt, []))
            yield from _phases([each for each in phases if each.attempt == change.attempt and each.phase == "train"])
        elif is_stage and change.to_status == Submission.Status.PREDICTING:
            yield from _phases([each for each in phases if each.attempt == change.attempt and each.phase != "train"])


def _epoch(each: Epoch) -> str:
    figures = " ".join(f"{name}={getattr(each, name):.4f}" for name in _EPOCH)
    return f"  attempt={each.attempt} seed={each.seed} epoch={each.epoch}/{each.epochs} {figures}"


def _phases(rows: list[AbstractPhaseEnergy]) -> Iterator[str]:
    for row in rows:
        figures = " ".join(f"{name}={_figure(getattr(row, name))}" for name in _PHASE)
        yield f"  phase={row.phase} {figures}"


def _figure(value: object) -> str:
    """A dash is not measured."""
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
