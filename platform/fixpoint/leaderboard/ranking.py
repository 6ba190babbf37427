"""Who stands where: pure functions over columns. Rows are numbers of entries, teams are numbers in Names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fixpoint.leaderboard.columns import Array, Columns, Flags, Indices, Shares

TOLERANCE = 0.01
"""Entries whose standardised grams are within this share of a group's first share its rank."""


def counted(columns: Columns, mask: Flags, *, by_choice: bool) -> Flags:
    """Of these entries those that may stand for their team: the chosen ones of who has chosen, else all."""
    if not by_choice:
        return mask
    chosen = mask & columns["chosen"]
    teams = columns["team"]
    has_chosen = np.zeros(teams_of(columns), dtype=bool)
    has_chosen[teams[chosen]] = True
    return chosen | (mask & ~has_chosen[teams])


def by_accuracy(columns: Columns, scores: Shares, mask: Flags) -> Indices:
    """Each team's best of these entries in their order: the higher score, of equals the earlier entry, then by id."""
    best = np.full(teams_of(columns), -np.inf)
    rows = np.flatnonzero(mask)
    teams = columns["team"][rows]
    np.maximum.at(best, teams, scores[rows])
    rows = rows[scores[rows] == best[teams]]
    return _first_of_each_team(columns, rows[in_order(columns, rows, -scores[rows])])


def by_grams(columns: Columns, grams: Shares, scores: Shares, mask: Flags) -> Indices:
    """Each team's entry of fewest grams in their order: then the higher score, the earlier entry, the id."""
    least = np.full(teams_of(columns), np.inf)
    rows = np.flatnonzero(mask)
    teams = columns["team"][rows]
    np.minimum.at(least, teams, grams[rows])
    rows = rows[grams[rows] == least[teams]]
    return _first_of_each_team(columns, rows[in_order(columns, rows, -scores[rows], grams[rows])])


def grams_groups(columns: Columns, rows: Indices, grams: Shares, scores: Shares) -> tuple[Indices, Indices]:
    """Rows that come by rising grams, with their ranks (1, 1, 3): a group is within 1 % of its first and shares one.

    Inside a group the higher score comes first, then the earlier entry: it is one place, listed in an order.
    """
    firsts = group_firsts(grams[rows])
    group = np.repeat(firsts, np.diff([*firsts, len(rows)]))
    order = in_order(columns, rows, -scores[rows], group)
    return rows[order], group[order] + 1


def group_firsts(grams: Shares) -> Indices:
    """Where each group begins, in grams that rise."""
    firsts, at = [], 0
    while at < len(grams):
        firsts.append(at)
        at = int(np.searchsorted(grams, grams[at] * (1 + TOLERANCE), side="right"))
    return np.array(firsts, dtype=np.int64)


def ranks_of_teams(columns: Columns, rows: Indices) -> Indices:
    """The place, from 1, of each team among rows that stand in their order; 0 for who is not there."""
    ranks = np.zeros(teams_of(columns), dtype=np.int64)
    ranks[columns["team"][rows]] = np.arange(1, len(rows) + 1)
    return ranks


def places_among(columns: Columns, rows: Indices, ranked: Indices, scores: Shares) -> Indices:
    """The places that these rows would take among those ranked by accuracy, each for itself."""
    if not len(ranked):
        return np.ones(len(rows), dtype=np.int64)
    both = np.concatenate([ranked, rows])
    order = in_order(columns, both, -scores[both])
    ahead = np.cumsum(order < len(ranked))
    places = np.empty(len(both), dtype=np.int64)
    places[order] = ahead
    return places[len(ranked) :] + 1


def places_by_grams(asked: Sequence[float], ranked: Sequence[float] | Shares) -> list[int]:
    """The places that these grams would take among those ranked by grams, each for itself: see grams_groups."""
    grams = np.sort(np.asarray(ranked, dtype=float))
    firsts = group_firsts(grams)
    return [_place_by_grams(each, grams, firsts) for each in asked]


def in_order(columns: Columns, rows: Indices, *keys: Array) -> Array:
    """Sorts rows by the last key, then the ones before it, then by the earlier entry, then by id."""
    ids = columns["id_low"][rows], columns["id_high"][rows]
    return np.lexsort((*ids, columns["created"][rows], *keys))


def _place_by_grams(value: float, grams: Shares, firsts: Indices) -> int:
    group = int(np.searchsorted(grams[firsts], value, side="right")) - 1
    if group >= 0 and value <= grams[firsts[group]] * (1 + TOLERANCE):
        return int(firsts[group]) + 1
    return int(np.searchsorted(grams, value)) + 1


def _first_of_each_team(columns: Columns, rows: Indices) -> Indices:
    _, first = np.unique(columns["team"][rows], return_index=True)
    return rows[np.sort(first)]


def teams_of(columns: Columns) -> int:
    """How many there are."""
    return int(columns["team"].max(initial=-1)) + 1
