"""Groups of rows that belong together: what is linked directly or over others."""

from collections import defaultdict
from collections.abc import Hashable, Iterable

Groups = list[list[int]]
"""Rows of the manifest, in rising order; groups in the order of their first rows."""


def linked(pairs: Iterable[tuple[int, int]]) -> Groups:
    """The connected parts of a graph."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while parent.setdefault(row, row) != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for one, other in pairs:
        parent[root(one)] = root(other)
    parts: dict[int, list[int]] = defaultdict(list)
    for row in sorted(parent):
        parts[root(row)].append(row)
    return sorted(parts.values())


def same(keys: Iterable[Hashable]) -> Groups:
    """Rows of equal keys, two or more of each."""
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        rows[key].append(row)
    return [group for group in rows.values() if len(group) > 1]
