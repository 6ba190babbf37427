"""The platform's own jobs about the installation, started by beat."""

from fixpoint.celery import app
from fixpoint.organizing.erasing import accounts_erase
from fixpoint.organizing.housekeeping import house_keep
from fixpoint.organizing.wizard.baselines import baselines_take


@app.task
def take_baselines() -> None:
    """Hand in the baselines of tasks that have become ready."""
    baselines_take()


@app.task
def keep_house() -> None:
    """Retention and the sweep of blobs, when a day is over; accounts are erased when their own time is."""
    accounts_erase()
    house_keep()
