"""The platform's own jobs about people, started by beat."""

from fixpoint.accounts.notices import notices_forget, notices_mail
from fixpoint.celery import app


@app.task
def mail_notices() -> None:
    """Mail what has not been mailed, and delete what is old."""
    notices_forget()
    notices_mail()
