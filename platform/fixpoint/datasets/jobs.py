"""The platform's own jobs about datasets."""

from uuid import UUID

from fixpoint.celery import app
from fixpoint.datasets.examination import dataset_examine, examinations_send


@app.task
def examine(dataset_id: str) -> None:
    """The pre-check of one dataset, asked for on its acceptance."""
    dataset_examine(dataset_id=UUID(dataset_id))


@app.task
def examine_missed() -> None:
    """Ask again for pre-checks that were not done."""
    examinations_send()
