"""The front of both aims at once: entries that no other one beats in accuracy and grams together."""

from __future__ import annotations

import numpy as np

from fixpoint.leaderboard.columns import Columns, Flags, Indices, Shares
from fixpoint.leaderboard.ranking import in_order


def front(columns: Columns, grams: Shares, scores: Shares, mask: Flags) -> Indices:
    """Of these entries those that none dominates, by rising grams and so by rising score; equals stand on it together.

    One dominates another if it has no lower score and no more grams, and is better in one of them. Nothing is allowed
    for: where a difference is too small to mean anything a mark says so (evidence.py), and both still stand there.
    """
    rows = np.flatnonzero(mask)
    rows = rows[np.argsort(grams[rows])]
    # Who is below the best of those before them is beaten; the few others are then looked at in their exact order.
    rows = rows[scores[rows] >= np.maximum.accumulate(scores[rows])] if len(rows) else rows
    rows = rows[in_order(columns, rows, -scores[rows], grams[rows])]
    kept = np.zeros(len(rows), dtype=bool)
    best = equal_grams = -np.inf
    for place, (score, gram) in enumerate(zip(scores[rows], grams[rows], strict=True)):
        kept[place] = score > best or (score == best and gram == equal_grams)
        if score > best:
            best, equal_grams = score, gram
    return rows[kept]
