"""The two sandboxed stages of an evaluation: what each sees, writes and may use."""

from fixpoint.submissions.models import Submission
from worker.contract import Limits, Output, Phase, Stage

PACK, HIDDEN = "pack.safetensors", "hidden.safetensors"
WEIGHTS, HISTORY, LOGITS = "weights.safetensors", "history.json", "logits.safetensors"

_MIB = 2**20
_PREDICT_SECONDS = 600


def train_stage(entry: Submission) -> Stage:
    """Training sees the participant's pack and nothing else; class names are none of its business."""
    task = entry.task
    return Stage(
        phase=Phase.TRAIN,
        inputs=(PACK,),
        request={"recipe": entry.recipe, "seed": entry.seed, "threads": task.cpus, "classes": len(task.classes)},
        outputs=(Output(WEIGHTS, 512 * _MIB, ""), Output(HISTORY, 4 * _MIB, "")),
        limits=_limits(entry, wall_seconds=task.train_seconds),
    )


def predict_stage(entry: Submission) -> Stage:
    """Prediction sees the weights and the hidden images; labels never leave the platform."""
    return Stage(
        phase=Phase.PREDICT,
        inputs=(HIDDEN, WEIGHTS),
        request={"recipe": entry.recipe, "threads": entry.task.cpus},
        outputs=(Output(LOGITS, 64 * _MIB, ""),),
        limits=_limits(entry, wall_seconds=_PREDICT_SECONDS),
    )


def _limits(entry: Submission, *, wall_seconds: float) -> Limits:
    return Limits(
        wall_seconds=float(wall_seconds),
        memory_bytes=entry.task.memory_bytes,
        output_bytes=1024 * _MIB,
        output_files=64,
        cpus=entry.task.cpus,
        pids=256,
    )
