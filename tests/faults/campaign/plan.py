"""What is to be broken, when, and what people do meanwhile: drawn from a seed, so that it can be drawn again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.faults.campaign.kinds import Kind

EVENTS = (
    "asking claim",
    "claim",
    "started:train",
    "progress:train",
    "asking put",
    "put",
    "asking trained:train",
    "trained:train",
    "asking predicted:predict",
)
INGEST_EVENTS = ("asking claim", "started:ingest", "put", "asking ingested:ingest")
LONGEST_DELAY = 1.2


@dataclass(frozen=True)
class Strike:
    """One fault: after `event`, by `delay` seconds, for `hold` seconds. What `choice` means is the fault's own."""

    kind: str
    event: str
    delay: float
    hold: float
    choice: int

    def __str__(self) -> str:
        return f"{self.kind}@{self.event}+{self.delay:.1f}s/{self.hold:.1f}s"


@dataclass(frozen=True)
class Cancel:
    """Its owner takes an entry back, the first of the trial."""

    event: str
    delay: float


@dataclass(frozen=True)
class Plan:
    """One trial."""

    number: int
    entries: int
    upload: bool
    cancel: Cancel | None
    strikes: tuple[Strike, ...]

    def __str__(self) -> str:
        people = f"{self.entries} entered{' and an upload' if self.upload else ''}"
        cancel = f", one cancelled@{self.cancel.event}+{self.cancel.delay:.1f}s" if self.cancel else ""
        return f"{people}{cancel}; {', '.join(map(str, self.strikes))}"


def plans(seed: int, trials: int, kinds: Mapping[str, Kind], lease: float) -> Iterator[Plan]:
    """The trials of a seed. Each kind comes as often as any other: they are dealt from a shuffled pack."""
    dice = random.Random(seed)
    pack: list[str] = []
    for number in range(1, trials + 1):
        names: list[str] = []
        for _ in range(dice.randint(1, 3)):
            if not pack:
                pack = sorted(kinds)
                dice.shuffle(pack)
            names.append(pack.pop())
        upload = dice.random() < 0.35 or any(kinds[name].wants_upload for name in names)
        strikes = tuple(_strike(dice, name, kinds[name], lease, upload=upload) for name in names)
        cancel = Cancel(*_moment(dice, EVENTS)) if dice.random() < 0.25 else None
        yield Plan(number, dice.randint(1, 3), upload, cancel, strikes)


def _strike(dice: random.Random, name: str, kind: Kind, lease: float, *, upload: bool) -> Strike:
    events: Sequence[str] = kind.events or (EVENTS + INGEST_EVENTS if upload else EVENTS)
    event, delay = _moment(dice, events)
    shortest, longest = kind.hold
    hold = dice.uniform(shortest, longest) * (lease if kind.in_leases else 1.0)
    return Strike(name, event, round(delay, 2), round(hold, 2), dice.randrange(1000))


def _moment(dice: random.Random, events: Sequence[str]) -> tuple[str, float]:
    return dice.choice(events), round(dice.uniform(0, LONGEST_DELAY) * dice.choice((0, 1)), 2)
