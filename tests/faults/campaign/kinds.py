"""Every kind of fault: what it does to the stack, for how long, and what it needs of the machine."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tests.faults.campaign import breaking
from tests.faults.campaign.stack import Stack

Act: TypeAlias = Callable[[Stack, float, int], str]
"""Breaks, holds for so many seconds, mends; what the choice means is its own. Returns whom it hit."""

EARLY = ("asking claim", "claim", "started:train")
RUNNING = ("started:train", "progress:train", "trained:train")
WORKERS = ("docker", "bubblewrap", "docker", "bubblewrap", "ingest")
JUMPS = (-86_400, -3600, -60, 60, 3600, 3 * 86_400)
STOPS = (signal.SIGINT, signal.SIGQUIT)


@dataclass(frozen=True)
class Kind:
    """`needs` is a part of machine.missing_parts; `hold` counts in leases where it is `in_leases`, else in seconds."""

    act: Act
    needs: str = ""
    hold: tuple[float, float] = (0.0, 4.0)
    in_leases: bool = False
    events: tuple[str, ...] = ()
    wants_upload: bool = False


def program(name: str) -> Act:
    """SIGKILL to a program of the platform."""
    return lambda stack, hold, _: breaking.killed(stack, name, hold)


def worker(stack: Stack, hold: float, choice: int) -> str:
    """SIGKILL to a worker."""
    return breaking.killed(stack, WORKERS[choice % len(WORKERS)], hold)


def frozen(stack: Stack, hold: float, choice: int) -> str:
    """SIGSTOP to a worker, then SIGCONT."""
    return breaking.frozen(stack, WORKERS[choice % len(WORKERS)], hold)


def container(stack: Stack, hold: float, choice: int) -> str:
    """SIGKILL to what runs in a sandbox."""
    return breaking.container_killed(stack, hold)


def manner(how: str) -> Act:
    """The proxy between workers and platform treats what it carries like this."""
    return lambda stack, hold, choice: breaking.badly_carried(stack, how, hold, choice)


def clock(names: tuple[str, ...]) -> Act:
    """One program's clock jumps, and jumps back."""
    return lambda stack, hold, choice: breaking.clock_jumped(
        stack, names[choice % len(names)], JUMPS[choice % len(JUMPS)], hold
    )


def full(names: tuple[str, ...]) -> Act:
    """A disk has no room left."""
    return lambda stack, hold, choice: breaking.disk_full(stack, names[choice % len(names)], hold)


SCRATCH = ("scratch-docker", "scratch-bubblewrap", "scratch-ingest")
KINDS: dict[str, Kind] = {
    "worker killed": Kind(worker, hold=(0.0, 1.5), in_leases=True),
    "worker frozen": Kind(frozen, hold=(1.2, 1.8), in_leases=True),
    "container killed": Kind(container, events=RUNNING, hold=(0.0, 0.5)),
    "jobs killed": Kind(program("jobs"), hold=(0.0, 6.0)),
    "chores killed": Kind(program("chores"), hold=(0.0, 6.0)),
    "beat killed": Kind(program("beat"), hold=(0.0, 6.0)),
    "web killed": Kind(program("web")),
    "redis with its data": Kind(lambda stack, hold, _: breaking.redis_killed(stack, hold, keep=True)),
    "redis without its data": Kind(lambda stack, hold, _: breaking.redis_killed(stack, hold, keep=False)),
    "postgres restarted": Kind(lambda stack, hold, choice: breaking.postgres_stopped(stack, STOPS[choice % 2], hold)),
    "engine restarted": Kind(
        lambda stack, hold, choice: breaking.engine_stopped(stack, is_killed=bool(choice % 2), hold=hold),
        needs="engine",
    ),
    "cut, shorter than the lease": Kind(breaking.cable_pulled, needs="network", hold=(0.1, 0.8), in_leases=True),
    "cut, longer than the lease": Kind(breaking.cable_pulled, needs="network", hold=(1.2, 1.8), in_leases=True),
    "everything said twice": Kind(manner("repeat"), hold=(3.0, 8.0), events=EARLY),
    "said in another order": Kind(manner("reorder"), hold=(3.0, 8.0), events=EARLY),
    "answers lost": Kind(manner("unanswered"), hold=(2.0, 6.0)),
    "answers late": Kind(manner("delay"), hold=(2.0, 6.0)),
    "all said again at the end": Kind(breaking.said_again, hold=(0.5, 1.5), in_leases=True),
    "clock of web": Kind(clock(("web",)), needs="clock", hold=(1.0, 6.0)),
    "clock of jobs": Kind(clock(("jobs",)), needs="clock", hold=(1.0, 6.0)),
    "clock of a worker": Kind(clock(("bubblewrap",)), needs="clock", hold=(1.0, 6.0)),
    "disk full: scratch": Kind(full(SCRATCH), needs="mounts"),
    "disk full: platform": Kind(full(("home",)), needs="mounts", wants_upload=True),
    "disk full: postgres": Kind(full(("postgres",)), needs="mounts"),
    "disk full: redis": Kind(full(("redis",)), needs="mounts"),
}


def available(missing: dict[str, str]) -> dict[str, Kind]:
    """The kinds that can be had on a machine without these parts."""
    return {name: kind for name, kind in KINDS.items() if kind.needs not in missing}
