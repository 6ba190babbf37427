"""One reading of a task's ledger by its rules: all lists of the board as row numbers, all facts as arrays."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from fixpoint.leaderboard.columns import NEVER, PER_KWH, Columns, Flags, Indices, Shares
from fixpoint.leaderboard.ledger import Ledger
from fixpoint.leaderboard.pareto import front
from fixpoint.leaderboard.ranking import (
    by_accuracy,
    by_grams,
    counted,
    grams_groups,
    in_order,
    places_among,
    ranks_of_teams,
    teams_of,
)
from fixpoint.leaderboard.reading import BASELINE, PARTICIPANT
from fixpoint.leaderboard.rules import Rules


@dataclass(frozen=True)
class Standing:
    """Rows [*] of columns, by list, and ranks beside them where they do not simply count up.

    By team [O]: `before` the rank at midnight and `public` the one by told scores, 0 for none; `entries` that were
    scored; `last`, in microseconds; `spent` kWh of all their runs. `baseline` is NaN where there is none.
    """

    scores: Shares
    accuracy: Indices
    emissions: Indices
    emissions_ranks: Indices
    front: Indices
    apart: Indices
    apart_places: Indices
    late: Indices
    late_places: Indices
    before: Indices
    public: Indices
    entries: Indices
    last: Indices
    spent: Shares
    baseline: float
    left_out: int


def standing(ledger: Ledger, rules: Rules) -> Standing:
    """All of it anew: a few passes over the columns."""
    columns = ledger.columns
    scores = final_scores(columns) if rules.is_over else columns["told"]
    comparable = is_comparable(ledger, rules)
    stands = comparable & ~columns["rerun"]
    valid = stands & (columns["withdrawn"] == NEVER) & (columns["disqualified"] == NEVER)
    participant, in_time = columns["role"] == PARTICIPANT, columns["created"] < rules.closes
    entered = valid & participant & in_time
    mine = entered & _shows_itself(columns, rules)
    may_count = counted(columns, mine, by_choice=rules.by_choice)
    ranked = by_accuracy(columns, scores, settled(columns, may_count, rules))
    grams = columns["standardised"] * rules.grams_per_kwh
    green = by_grams(columns, grams, scores, may_count & (scores >= rules.floor))
    green, green_ranks = grams_groups(columns, green, grams, scores)
    apart = _listed(columns, scores, valid & ~participant & in_time)
    late = by_accuracy(columns, scores, valid & participant & ~in_time)
    baselines = scores[valid & in_time & (columns["role"] == BASELINE)]
    return Standing(
        scores=scores,
        accuracy=ranked,
        emissions=green,
        emissions_ranks=green_ranks,
        front=front(columns, grams, scores, mine & (scores >= rules.floor)),
        apart=apart,
        apart_places=places_among(columns, apart, ranked, scores),
        late=late,
        late_places=places_among(columns, late, ranked, scores),
        before=_ranks_at(columns, scores, stands & participant & in_time, rules),
        public=ranks_of_teams(columns, by_accuracy(columns, columns["told"], may_count & columns["own"])),
        entries=_entries(columns, entered),
        last=_last(columns, entered),
        spent=spent(columns),
        baseline=float(baselines.max()) if len(baselines) else float("nan"),
        left_out=int((columns["scored"] & ~columns["rerun"] & ~comparable).sum()),
    )


def is_comparable(ledger: Ledger, rules: Rules) -> Flags:
    """Scored entries of the task's own digest and seeds: others were computed by something else, or picked for luck."""
    columns = ledger.columns
    same_seeds = columns["seeds"] == ledger.text(json.dumps(list(rules.seeds)))
    found: Flags = columns["scored"] & (columns["recipe"] == ledger.text(rules.recipe_digest)) & same_seeds
    return found


def settled(columns: Columns, may_count: Flags, rules: Rules) -> Flags:
    """What stands by accuracy for its team: where private scores decide, the best told one and what was chosen.

    The best of many private scores would be luck with images that nobody may tune to.
    """
    if not (rules.is_over and rules.has_private):
        return may_count
    found = may_count & columns["chosen"] if rules.by_choice else np.zeros_like(may_count)
    found[by_accuracy(columns, columns["told"], may_count & columns["own"])] = True
    return found


def final_scores(columns: Columns) -> Shares:
    """Of the private images, and where a task has none of all, which are the public ones."""
    return np.where(np.isnan(columns["private"]), columns["public"], columns["private"])


def spent(columns: Columns) -> Shares:
    """kWh by team: every attempt of every entry, failed ones too, and once the reading of each dataset entered.

    What the platform ran again for its own reasons, and what was entered as a baseline, is not theirs.
    """
    theirs = ~columns["rerun"] & (columns["role"] == PARTICIPANT)
    found = np.zeros(teams_of(columns), dtype=np.int64)
    np.add.at(found, columns["team"], np.where(theirs, columns["spent"], 0) + columns["ingestion"])
    kwh: Shares = found / PER_KWH
    return kwh


def _ranks_at(columns: Columns, scores: Shares, stands: Flags, rules: Rules) -> Indices:
    """By the scores and choices of now: entries that had ended by midnight, and had not been taken away by then."""
    then = (columns["ended"] < rules.midnight) & (columns["withdrawn"] >= rules.midnight)
    then &= stands & (columns["disqualified"] >= rules.midnight)
    then = counted(columns, then & _shows_itself(columns, rules), by_choice=rules.by_choice)
    return ranks_of_teams(columns, by_accuracy(columns, scores, settled(columns, then, rules)))


def _shows_itself(columns: Columns, rules: Rules) -> Flags:
    """On a ladder an entry may be told its team's best before it: it would carry that to its own, fewer grams."""
    return columns["own"] | rules.is_over


def _listed(columns: Columns, scores: Shares, mask: Flags) -> Indices:
    rows = np.flatnonzero(mask)
    return rows[in_order(columns, rows, -scores[rows])]


def _entries(columns: Columns, mask: Flags) -> Indices:
    return np.bincount(columns["team"][mask], minlength=teams_of(columns))


def _last(columns: Columns, mask: Flags) -> Indices:
    last = np.zeros(teams_of(columns), dtype=np.int64)
    np.maximum.at(last, columns["team"][mask], columns["created"][mask])
    return last
