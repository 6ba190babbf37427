"""The platform's own jobs, started by beat."""

from fixpoint.celery import app
from fixpoint.dispatch.chores import chores_mark
from fixpoint.dispatch.sweeping import attempts_sweep


@app.task
def sweep() -> None:
    """One round of the sweeper."""
    attempts_sweep()


@app.task
def mark_chores() -> None:
    """A sign of life of whoever does the long work."""
    chores_mark()
