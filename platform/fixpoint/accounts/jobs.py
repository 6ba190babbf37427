"""The platform's own jobs about people, started by beat."""

from fixpoint.accounts.notices import notices_mail
from fixpoint.celery import app


@app.task
def mail_notices() -> None:
    """Mail what has not been mailed."""
    notices_mail()
