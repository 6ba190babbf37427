"""What a reader of a counter is: started before a phase, stopped after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Counted:
    """Joules from start to stop; None is "not measured", and `why` says why.

    `step` is what the counter's last digit is worth, in joules; `ram_joules` is memory that is not in `joules`.
    """

    joules: float | None = None
    why: str = ""
    step: float = 0.0
    ram_joules: float | None = None


class Reader(Protocol):
    """Nothing of it raises: what cannot be read is a Counted that says why."""

    def start(self) -> None:
        """The phase begins."""

    def stop(self) -> Counted:
        """The phase has ended. Call it once after each `start`."""
