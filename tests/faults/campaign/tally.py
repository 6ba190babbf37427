"""The sums of a campaign: a table by fault, and one line of JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from tests.faults.campaign.checks import KINDS, Violation
from tests.faults.campaign.trial import Told


@dataclass
class Tally:
    """Adds trials up."""

    trials: int = 0
    found: Counter[str] = field(default_factory=Counter)
    by_fault: dict[str, list[tuple[bool, float]]] = field(default_factory=lambda: defaultdict(list))
    states: Counter[str] = field(default_factory=Counter)

    def add(self, told: Told) -> None:
        """One trial."""
        self.trials += 1
        self.add_found(told.found)
        self.states.update(told.states)
        for kind in {strike.kind for strike in told.plan.strikes}:
            self.by_fault[kind].append((not told.found, told.recovery))

    def add_found(self, found: Iterable[Violation]) -> None:
        """Violations that belong to no trial, or to one."""
        self.found.update(each.kind for each in found)

    @property
    def is_clean(self) -> bool:
        """Whether nothing at all was wrong."""
        return not self.found.total()

    def table(self, kinds: Iterable[str]) -> str:
        """Trials, those without fault, and the median of the seconds to recover, by fault."""
        lines = [f"{'fault':<28}  {'trials':>6}  {'ok':>4}  {'median s to recover':>19}"]
        for kind in sorted(kinds):
            trials = self.by_fault.get(kind, [])
            seconds = f"{median(seconds for _, seconds in trials):.1f}" if trials else "-"
            lines.append(f"{kind:<28}  {len(trials):>6}  {sum(ok for ok, _ in trials):>4}  {seconds:>19}")
        return "\n".join(lines)

    def line(self) -> str:
        """The last line."""
        return json.dumps({"trials": self.trials} | {kind: self.found[kind] for kind in KINDS})
