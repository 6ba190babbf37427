"""Every sandbox, with hostile programs in place of the model."""

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

__all__ = ["model", "output", "run", "run_anywhere", "run_contained", "runner_in", "sandbox_called", "until", "worker"]
