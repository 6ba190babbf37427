"""Every sandbox and a worker's bench, with hostile programs in place of the model."""

from tests.support.sandboxes import (
    model,
    output,
    run,
    run_anywhere,
    run_contained,
    runner_in,
    sandbox_called,
    until,
    worker,
)
from tests.worker.conftest import bench, evaluation, platform, worker_settings

__all__ = [
    "bench",
    "evaluation",
    "model",
    "output",
    "platform",
    "run",
    "run_anywhere",
    "run_contained",
    "runner_in",
    "sandbox_called",
    "until",
    "worker",
    "worker_settings",
]
