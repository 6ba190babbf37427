"""`python -m tests.faults.campaign --trials 200 --seed 7`: breaks a real stack and says what came of it."""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.campaign.checks import of_records
from tests.faults.campaign.ending import EndedEarlyError, Ending
from tests.faults.campaign.kinds import KINDS, available
from tests.faults.campaign.leftovers import everything
from tests.faults.campaign.machine import missing_parts
from tests.faults.campaign.people import SLUG, Person, fresh_archive
from tests.faults.campaign.plan import Plan, plans
from tests.faults.campaign.stack import LEASE, ROOT, Stack
from tests.faults.campaign.tally import Tally
from tests.faults.campaign.trial import Told, Trial
from tests.faults.campaign.witness import Witness
from tests.support.bundles import write_bundle

LOOK = 0.2
STANDING = 2
"""Datasets that are there from the beginning, so that a trial can enter them at once."""
LIMITS = "{entries_per_day: 100000, entries_total: 100000, train_seconds: 60, memory_gib: 1, cpus: 1}"


def main() -> int:
    """0 where nothing at all was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.campaign", description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--lanes", type=int, default=1, choices=range(1, 9), help="stacks side by side")
    parser.add_argument("--stories", type=Path, default=ROOT / "var" / "faults", help="where trials that fail are told")
    told = parser.parse_args()
    seed = secrets.randbelow(10**6) if told.seed is None else told.seed
    print(f"seed {seed}, {told.trials} trials", flush=True)
    ending = Ending()
    ending.listen()
    missing = missing_parts()
    for part, reason in missing.items():
        without = [name for name, kind in KINDS.items() if kind.needs == part]
        print(f"without {part} ({reason}): {', '.join(without) or 'no fault'} left out", flush=True)
    kinds = available(missing)
    campaign = Campaign(plans(seed, told.trials, kinds, LEASE), told.stories / str(seed), ending)
    began = time.monotonic()
    campaign.run(told.lanes)
    print(campaign.tally.table(kinds))
    minutes = (time.monotonic() - began) / 60
    print(f"ended as {dict(sorted(campaign.tally.states.items()))} in {minutes:.1f} minutes")
    print(campaign.tally.line(), flush=True)
    if ending.number:
        return 128 + ending.number
    return 0 if campaign.tally.is_clean and not campaign.broken else 1


class Campaign:
    """All trials, each on the next stack that is free; all stacks end however this ends."""

    def __init__(self, planned: Iterator[Plan], stories: Path, ending: Ending) -> None:
        self.tally = Tally()
        self.broken = False
        self._is_headed = False
        self._planned, self._stories, self._ending = planned, stories, ending
        self._lock = threading.Lock()

    def run(self, lanes: int) -> None:
        """Until there are no more plans, or the end is asked for and every lane has put its stack away."""
        threads = [threading.Thread(target=self._lane, args=(lane,), name=f"lane-{lane}") for lane in range(lanes)]
        for thread in threads:
            thread.start()
        while not self._ending.number and any(thread.is_alive() for thread in threads):
            time.sleep(LOOK)
        if self._ending.number:
            print("ends with the trials that run now, and puts everything away", flush=True)
        for thread in threads:
            thread.join()

    def _lane(self, lane: int) -> None:
        try:
            print(f"lane {lane}: the stack starts, which takes half a minute", flush=True)
            check = self._ending.check
            with (
                Stack(lane=lane, check=check) as stack,
                Witness(stack.environment(), stack.logs / "witness.log") as witness,
            ):
                trial = _prepared(stack, witness, check)
                self._head()
                while (plan := self._next()) is not None:
                    self._carry_out(trial, plan)
                late = of_records(witness.ask("all"))
                with self._lock:
                    self.tally.add_found(late)
                    for each in late:
                        print(f"at the end: {each.kind}: {each.detail}", flush=True)
        except EndedEarlyError:
            pass  # the stack is away
        except BaseException:
            self.broken = True
            raise

    def _head(self) -> None:
        with self._lock:
            if not self._is_headed:
                print(f"{'no.':>4}  {'trial':>6}  {'mended':>6}  its faults and how they ended", flush=True)
            self._is_headed = True

    def _next(self) -> Plan | None:
        with self._lock:
            return None if self._ending.number else next(self._planned, None)

    def _carry_out(self, trial: Trial, plan: Plan) -> None:
        stack = trial.stack
        marks = {log.name: log.stat().st_size for log in stack.logs.iterdir()}
        one = trial.run(plan, stack.folder / f"entry-{plan.number}.zip")
        with self._lock:
            self.tally.add(one)
            _tell(one)
            if one.found:
                print(f"      told in {_keep(one, stack, marks, self._stories)}", flush=True)


def _prepared(stack: Stack, witness: Witness, check: Callable[[], None]) -> Trial:
    """A task that is open, a person, and datasets that are accepted."""
    stack.manage("task_import", str(write_bundle(stack.folder / "bundle", label_book=False, limits=LIMITS)), "--wait")
    person = Person(stack.url, "campaigner")
    person.visitor.sign_up()
    archives = [fresh_archive(stack.folder / f"standing-{number}.zip", f"{number}") for number in range(STANDING)]
    datasets = [person.visitor.upload(archive, task=SLUG) for archive in archives]
    for dataset in datasets:
        check()
        person.visitor.wait(dataset, "Accepted", seconds=60)
    witness.ask("settle")
    return Trial(stack, witness, person, datasets, frozenset(everything(stack)))


def _tell(one: Told) -> None:
    verdict = "ok" if not one.found else "; ".join(f"{each.kind.upper()}: {each.detail}" for each in one.found)
    ends = ", ".join(one.states)
    print(f"{one.plan.number:4}  {one.seconds:5.1f}s  {one.recovery:5.1f}s  {one.plan}: {ends}: {verdict}", flush=True)


def _keep(one: Told, stack: Stack, marks: dict[str, int], stories: Path) -> Path:
    """The story of a trial, and what every program said during it."""
    folder = stories / f"trial-{one.plan.number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "story.txt").write_text("\n".join([str(one.plan), *one.lines]) + "\n")
    for log in stack.logs.iterdir():
        with log.open("rb") as file:
            file.seek(marks.get(log.name, 0))
            (folder / log.name).write_bytes(file.read())
    return folder


if __name__ == "__main__":
    sys.exit(main())
