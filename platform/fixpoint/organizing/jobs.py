"""The platform's own jobs about the installation, started by beat."""

from fixpoint.celery import app
from fixpoint.organizing.erasing import accounts_erase
from fixpoint.organizing.housekeeping import house_keep


@app.task
def keep_house() -> None:
    """Retention and the sweep of blobs, when a day is over; accounts are erased when their own time is."""
    accounts_erase()
    house_keep()
