"""A sandbox that runs nothing: for tests of what stands around one, and for measuring the queue alone."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from worker.contract import Limits
from worker.sandbox.protocol import Exit, Mount, Outcome

DONE = Exit(Outcome.OK, 0, wall_seconds=0.0, cpu_seconds=0.0, peak_memory_bytes=0, log="")


@dataclass(frozen=True)
class Call:
    """One call of `run`, as it came in."""

    image: str
    command: tuple[str, ...]
    mounts: tuple[Mount, ...]
    output: Path
    limits: Limits
    stop: threading.Event
    label: str


Plan = Callable[[Call], Exit]
"""Plays the program: writes into `call.output` what it would, heeds `call.stop` if it likes, says how it ended."""


def done(call: Call) -> Exit:
    """The plan of a program that writes nothing and ends well."""
    del call
    return DONE


@dataclass
class FakeSandbox:
    """Remembers every call; `leftovers` is what the next `reap` finds."""

    plan: Plan = done
    leftovers: int = 0
    calls: list[Call] = field(default_factory=list)
    name: str = "fake"

    def image_id(self, image: str) -> str:
        """The name again, marked as pretended."""
        return f"fake:{image}"

    def run(
        self,
        image: str,
        command: Sequence[str],
        *,
        mounts: Sequence[Mount],
        output: Path,
        limits: Limits,
        stop: threading.Event,
        label: str,
    ) -> Exit:
        """Remembers the call and follows the plan."""
        call = Call(image, tuple(command), tuple(mounts), output, limits, stop, label)
        self.calls.append(call)
        return self.plan(call)

    def reap(self) -> int:
        """Finds `leftovers` once."""
        found, self.leftovers = self.leftovers, 0
        return found
