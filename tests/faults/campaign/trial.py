"""One trial: people at work, things breaking, everything mended, and then the examination."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.faults.campaign.breaking import mend
from tests.faults.campaign.checks import Entered, Violation, violations
from tests.faults.campaign.kinds import KINDS
from tests.faults.campaign.leftovers import leftovers
from tests.faults.campaign.people import Person, fresh_archive
from tests.faults.campaign.plan import Cancel, Plan, Strike
from tests.faults.campaign.stack import Stack
from tests.faults.campaign.waiting import WaitedInVainError, wait_until
from tests.faults.campaign.witness import Witness

EVENT_PATIENCE = 8.0
"""Seconds for an event to come; then the fault strikes all the same."""
END_SECONDS = 120.0
"""For everything to end once all is mended: three attempts with a lease each, and jobs that a broker forgot."""
TIDY_SECONDS = 30.0


@dataclass
class Told:
    """What happened in a trial, line by line, and how it ended."""

    plan: Plan
    lines: list[str] = field(default_factory=list)
    found: list[Violation] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    seconds: float = 0.0
    recovery: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def say(self, line: str) -> None:
        """Note it, with the seconds since the beginning."""
        self.lines.append(f"{time.monotonic() - self.began:7.2f}  {line}")


class Trial:
    """Carries one plan out. `datasets` are pages of accepted ones; `known` is what lies about already."""

    def __init__(
        self, stack: Stack, witness: Witness, person: Person, datasets: list[str], known: frozenset[str]
    ) -> None:
        self.stack, self.witness, self.person = stack, witness, person
        self.datasets, self.known = datasets, known

    def run(self, plan: Plan, archive: Path) -> Told:
        """Never raises for what the stack does wrong: that is what the result tells."""
        told = Told(plan)
        self.person.entered = Entered()
        work = [partial(self._strike, strike, told) for strike in plan.strikes]
        if plan.upload:
            work.append(partial(self._upload, archive, f"{plan.number}/{plan.strikes}", told))
        first: list[str] = []
        entries = partial(self._enter, plan.entries, first, told)
        if plan.cancel:
            work.append(partial(self._cancel, plan.cancel, first, told))
        _at_once([entries, *work], told)
        mend(self.stack)
        told.say("all is mended")
        self._examine(told)
        told.seconds = time.monotonic() - told.began
        return told

    def _examine(self, told: Told) -> None:
        mended = time.monotonic()
        _within(END_SECONDS, self.witness.are_final, "the end of everything", told)
        _within(TIDY_SECONDS, lambda: not leftovers(self.stack, self.known), "the end of tidying up", told)
        told.recovery = time.monotonic() - mended
        facts = self.witness.ask("facts")
        told.states = [each["status"] for each in (*facts["entries"], *facts["datasets"])]
        told.found = violations(self.person.entered, facts, leftovers(self.stack, self.known))
        told.lines += [f"{each['id']} {each['status']} {each['transitions']}" for each in facts["entries"]]
        told.lines += [f"{each['id']} {each['status']} {each['transitions']}" for each in facts["datasets"]]
        told.lines += [f"{each.kind}: {each.detail}" for each in told.found]
        self.known |= frozenset(leftovers(self.stack, self.known))
        self.witness.ask("settle")

    def _strike(self, strike: Strike, told: Told) -> None:
        self._await(strike.event, strike.delay, told)
        told.say(f"{strike} strikes")
        whom = KINDS[strike.kind].act(self.stack, strike.hold, strike.choice)
        told.say(f"{strike.kind} is over; it hit {whom}")

    def _enter(self, number: int, first: list[str], told: Told) -> None:
        for place in range(number):
            entry = self.person.enter(self.datasets[place % len(self.datasets)])
            first.append(entry)
            told.say(f"entered {entry}")

    def _upload(self, archive: Path, seed: str, told: Told) -> None:
        dataset = self.person.upload(fresh_archive(archive, seed))
        told.say(f"uploaded {dataset}")
        state = self.person.settle(dataset)
        told.say(f"the upload is {state}")
        if state == "Accepted":
            told.say(f"entered it as {self.person.enter(dataset)}")

    def _cancel(self, cancel: Cancel, first: list[str], told: Told) -> None:
        self._await(cancel.event, cancel.delay, told)
        if first:
            self.person.cancel(first[0])
            told.say(f"cancelled {first[0]}")

    def _await(self, event: str, delay: float, told: Told) -> None:
        self.stack.proxy.notes.wait(event, told.began, EVENT_PATIENCE)
        time.sleep(delay)


def _within(seconds: float, is_so: Callable[[], bool], what: str, told: Told) -> None:
    try:
        wait_until(is_so, what, seconds)
    except WaitedInVainError as error:
        told.say(str(error))


def _at_once(work: list[Callable[[], None]], told: Told) -> None:
    """Each in a thread; what one cannot do is told, and the others go on."""

    def attempt(each: Callable[[], None]) -> None:
        try:
            each()
        except Exception as error:  # noqa: BLE001 - whatever it is belongs into the story
            told.say(f"could not: {type(error).__name__} {error!s:.500}")

    threads = [threading.Thread(target=attempt, args=(each,), daemon=True) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
