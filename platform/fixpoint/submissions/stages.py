"""The two sandboxed stages of an evaluation: what each sees, writes and may use."""

from fixpoint.submissions.models import Submission
from fixpoint.tasks.durations import predict_limit, train_limit
from worker.contract import Limits, Output, Phase, Stage

PACK, HIDDEN = "pack.safetensors", "hidden.safetensors"
WEIGHTS, HISTORY, DYNAMICS = "weights.safetensors", "history.json", "dynamics.safetensors"
LOGITS = "logits.safetensors"

_MIB = 2**20
_WEIGHTS_BYTES = 128 * _MIB
"""Of one seed: a whole ResNet50 has 98 MiB."""
_DYNAMICS_BYTES, _DYNAMICS_IMAGE_BYTES = 64 * _MIB, 8192
"""In all, and beyond that of one image in one seed: a whole ResNet50 gives it 2,048 features of two bytes."""
_HEADER_BYTES = _MIB
_SPARE_BYTES = 64 * _MIB
"""For what is not handed in: progress, the outcome."""


def train_stage(entry: Submission) -> Stage:
    """Training sees the participant's pack and nothing else; class names are none of its business."""
    task, seeds = entry.task, len(entry.seeds)
    outputs = (
        Output(WEIGHTS, seeds * _WEIGHTS_BYTES, ""),
        Output(HISTORY, 4 * _MIB, ""),
        Output(DYNAMICS, _DYNAMICS_BYTES + seeds * entry.dataset.images * _DYNAMICS_IMAGE_BYTES, ""),
    )
    return Stage(
        phase=Phase.TRAIN,
        inputs=(PACK,),
        request={"recipe": entry.recipe, "seeds": entry.seeds, "threads": task.cpus, "classes": len(task.classes)},
        outputs=outputs,
        limits=_limits(entry, outputs, wall_seconds=train_limit(task, seeds)),
    )


def predict_stage(entry: Submission, *, hidden: int) -> Stage:
    """Prediction sees the weights of all seeds and so many hidden images; labels never leave the platform."""
    outputs = (Output(LOGITS, logits_bytes(entry, hidden=hidden), ""),)
    return Stage(
        phase=Phase.PREDICT,
        inputs=(HIDDEN, WEIGHTS),
        request={"recipe": entry.recipe, "threads": entry.task.cpus},
        outputs=outputs,
        limits=_limits(entry, outputs, wall_seconds=predict_limit(entry.task, len(entry.seeds))),
    )


def logits_bytes(entry: Submission, *, hidden: int) -> int:
    """What the logits of so many images may have: float32 [S, N, K] and a header."""
    return 4 * len(entry.seeds) * hidden * len(entry.task.classes) + _HEADER_BYTES


def _limits(entry: Submission, outputs: tuple[Output, ...], *, wall_seconds: float) -> Limits:
    return Limits(
        wall_seconds=float(wall_seconds),
        memory_bytes=entry.task.memory_bytes,
        output_bytes=sum(each.max_bytes for each in outputs) + _SPARE_BYTES,
        output_files=64,
        cpus=entry.task.cpus,
        pids=entry.task.processes,
    )
