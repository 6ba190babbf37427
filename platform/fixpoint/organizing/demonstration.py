"""The steps of the demo, and the board as text."""

from pathlib import Path

from fixpoint.accounts.models import User
from fixpoint.leaderboard.selectors import standings
from fixpoint.organizing.entering import RefusedError
from fixpoint.organizing.waiting import looks
from fixpoint.tasks.bundle import load_bundle
from fixpoint.tasks.creating import task_create
from fixpoint.tasks.models import Task


def task_prepare(bundle: Path) -> Task:
    """Import a task and wait until a worker has packed its material; RefusedError if it does not open."""
    task = task_create(bundle=load_bundle(bundle))
    for _ in looks(task):
        if task.status != Task.Status.PREPARING:
            break
    if task.status != Task.Status.OPEN:
        raise RefusedError("\n".join(filter(None, task.materials.values_list("reason", flat=True))))
    return task


def person_make(name: str, password: str) -> User:
    """A participant of the demo."""
    return User.objects.create_user(name, f"{name}@example.org", password)


def board_text(task: Task) -> str:
    """The board by accuracy, a line a person; ★ marks the front of accuracy and grams."""
    head = f"{'':3}{'user':12}{'accuracy':>20}{'g standardised':>16}{'g measured':>12}{'images':>8}"
    lines = [head]
    for row in standings(task).rows:
        half = (row.interval_high - row.interval_low) / 2
        measured = "not measured" if row.grams_measured is None else f"{row.grams_measured:.4f}"
        lines.append(
            f"{row.rank:<3}{row.team.name:12}{f'{row.accuracy:.4f} ± {half:.4f}':>20}"
            f"{row.grams_standardised:>16.4f}{measured:>12}{row.images:>8,}{' ★' if row.is_on_front else ''}"
        )
    return "\n".join(lines)
