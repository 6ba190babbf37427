"""The platform's own jobs, started by beat."""

from fixpoint.celery import app
from fixpoint.dispatch.sweeping import attempts_sweep


@app.task
def sweep() -> None:
    """One round of the sweeper."""
    attempts_sweep()
