"""The end of a campaign before its time: a signal is noted, and every lane sees it at its next step."""

from __future__ import annotations

import signal

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class EndedEarlyError(Exception):
    """A signal asked for the end."""


class Ending:
    """`number` is the signal's that asked for the end, 0 as long as none did.

    Nothing is raised where the signal strikes: in Python 3.11 a `join` that an exception interrupts takes the thread
    for ended, and the interpreter then goes away under a lane that has just started half a stack.
    """

    number = 0

    def listen(self) -> None:
        """Take note of signals from now on, instead of dying of them."""
        for each in ENDINGS:
            signal.signal(each, self._note)

    def check(self) -> None:
        """Raises EndedEarlyError once the end was asked for."""
        if self.number:
            raise EndedEarlyError(signal.Signals(self.number).name)

    def _note(self, number: int, _frame: object) -> None:
        self.number = self.number or number
