"""The platform's own jobs about uploads, started by beat."""

from fixpoint.celery import app
from fixpoint.uploads.services import uploads_sweep


@app.task
def sweep_uploads() -> None:
    """One round over what is unfinished."""
    uploads_sweep()
