"""The platform's own jobs about boards, started by beat."""

from fixpoint.celery import app
from fixpoint.leaderboard.freezing import boards_freeze


@app.task
def freeze_boards() -> None:
    """Freeze the standings of tasks that were closed, and what has changed in them since."""
    boards_freeze()
