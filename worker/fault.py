"""Whose fault: two families, and the only place that puts an ending into words for a person."""

from __future__ import annotations

from worker.contract import Fault, Phase
from worker.sandbox import Exit, Outcome

PARTICIPANTS_PHASES = frozenset({Phase.INGEST, Phase.TRAIN})
"""Phases whose cost the participant's own data decides. Prediction reads only what we wrote."""

OUR_CODES = frozenset({"bad-pack", "bad-request", "bad-weights", "internal", "out-of-disk", "out-of-memory"})
"""The program's own words for faults in files that the platform or a worker wrote, and for a machine that ran out."""

LOG_BYTES = 8_000
_MIB, _GIB = 2**20, 2**30
WORDS = {
    Outcome.TIMEOUT: "{phase} took longer than the {allowed} that this task allows.",
    Outcome.MEMORY: "{phase} needed more than the {allowed} of memory that this task allows.",
    Outcome.DISK: "{phase} wrote more than the {allowed} that this task allows.",
}
ADVICE = {
    (Phase.INGEST, Outcome.TIMEOUT): "Fewer or smaller images are read faster.",
    (Phase.INGEST, Outcome.MEMORY): "Images of fewer pixels need less memory.",
    (Phase.INGEST, Outcome.DISK): "Fewer images take less room.",
    (Phase.TRAIN, Outcome.TIMEOUT): "Fewer images train faster.",
    (Phase.TRAIN, Outcome.MEMORY): "Fewer images need less memory.",
}
"""What a participant can do. What training writes is the recipe's doing, so there is nothing to advise."""
PHASES = {
    Phase.INGEST: "Reading the archive",
    Phase.TRAIN: "Training on this dataset",
    Phase.PREDICT: "Predicting the hidden images",
}


class Blame(Exception):  # noqa: N818 - it says whose fault an ending is; the error is what led to it
    """A phase did not end well. `fault` is what the platform is told."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.detail}")
        self.fault = fault


class DataAtFault(Blame):
    """The participant's: reported as FAILED, shown to them, never retried."""


class WeAreAtFault(Blame):
    """Ours: reported as ERROR, the platform tries again."""


def ours(code: str, detail: str, *, log: str = "") -> WeAreAtFault:
    """An error of the platform's side."""
    return WeAreAtFault(Fault(code=code, detail=detail, log=tail(log)))


def of_exit(phase: Phase, end: Exit) -> Blame:
    """Who answers for a sandbox that did not end by itself."""
    if end.outcome not in WORDS:
        return ours("crashed", f"{PHASES[phase]} ended unexpectedly with status {end.status}.", log=end.log)
    if end.limit == "free_bytes":
        # Its own output was within its limit: who filled the disk cannot be told, so nobody is charged for it.
        return ours("disk-full", "The worker's disk ran full while this ran.", log=end.log)
    fault = Fault(
        code=str(end.outcome),
        detail=_words(phase, end),
        limit=end.limit,
        allowed=end.allowed,
        used=end.used,
        log=tail(end.log),
    )
    return DataAtFault(fault) if phase in PARTICIPANTS_PHASES else WeAreAtFault(fault)


def of_program(phase: Phase, code: str, detail: str) -> Blame:
    """Who answers for a program that ended well and said `failed`."""
    fault = Fault(code=code, detail=detail)
    if phase in PARTICIPANTS_PHASES and code not in OUR_CODES:
        return DataAtFault(fault)
    return WeAreAtFault(fault)


def _words(phase: Phase, end: Exit) -> str:
    says = WORDS[end.outcome].format(phase=PHASES[phase], allowed=_amount(end.limit or "", end.allowed or 0))
    return " ".join([says, *filter(None, [ADVICE.get((phase, Outcome(end.outcome)))])])


def _amount(limit: str, allowed: float) -> str:
    if limit.endswith("_seconds"):
        return _duration(round(allowed))
    if limit.endswith("_bytes"):
        return f"{round(allowed / _GIB, 1):g} GiB" if allowed >= _GIB else f"{round(allowed / _MIB, 1):g} MiB"
    return f"{allowed:,.0f} files"


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (rest, "second")]
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count) or "0 seconds"


def tail(log: str) -> str:
    """The end of a log, without control characters other than line breaks."""
    return "".join(c for c in log[-LOG_BYTES:] if c.isprintable() or c in "\n\t")
