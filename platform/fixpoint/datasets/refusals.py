"""Reasons against an archive, grouped by rule as a person reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from fixpoint.datasets.rules import SHOWN_PER_RULE, ArchiveRules, Refusal, Rule, catalogue


@dataclass(frozen=True)
class Group:
    """All refusals of one rule: the first few, and how many more there are."""

    rule: Rule
    shown: tuple[Refusal, ...]
    total: int

    @property
    def more(self) -> int:
        """Refusals that are not shown."""
        return self.total - len(self.shown)


def grouped(refusals: Iterable[Refusal], rules: ArchiveRules, *, totals: dict[str, int] | None = None) -> list[Group]:
    """Refusals by rule in the catalogue's order. `totals` corrects the counts where the list was cut by its sender."""
    by_code: defaultdict[str, list[Refusal]] = defaultdict(list)
    for refusal in refusals:
        by_code[refusal.rule].append(refusal)
    known = {rule.code: rule for rule in catalogue(rules)}
    order = [code for code in known if code in by_code] + sorted(by_code.keys() - known.keys())
    return [
        Group(
            rule=known.get(code) or _uncatalogued(code),
            shown=tuple(by_code[code][:SHOWN_PER_RULE]),
            total=max(len(by_code[code]), (totals or {}).get(code, 0)),
        )
        for code in order
    ]


def _uncatalogued(code: str) -> Rule:
    """A code that a newer worker knows and this platform does not: shown as it came, never dropped."""
    return Rule(0, code, code, "", "")
