"""Waiting for what workers do, as long as there is a stack that does it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings

from fixpoint.embedded.running import is_running
from fixpoint.embedded.stack import StackError

_PAUSE = 0.2


class Refreshable(Protocol):
    """A row that can be read again."""

    def refresh_from_db(self) -> None:
        """Read it again."""


def looks(row: Refreshable) -> Iterator[None]:
    """Reads the row again and again; StackError when the embedded stack that should change it does not run."""
    home = Path(settings.HOME)
    while True:
        runs = not settings.IS_EMBEDDED or is_running(home)  # asked first: its last act may be this row's end
        row.refresh_from_db()
        yield
        if not runs:
            raise StackError(f"No stack runs from {home}: start one with `manage.py up`, or see {home / 'logs'}.")
        time.sleep(_PAUSE)
