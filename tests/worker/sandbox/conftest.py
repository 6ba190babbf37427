"""The sandboxes, real."""

from tests.support.sandboxes import model, output, runner_in, sandbox_called, until, worker

__all__ = ["model", "output", "runner_in", "sandbox_called", "until", "worker"]
