"""The standings of a closed task as one document: rankings by entry, and of every entry what it can be checked by."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.row import Row
from fixpoint.submissions.models import Result
from fixpoint.tasks.models import Task

FORMAT = 2
"""2: by team. 1 was by person, who is `participant` there."""
_OF_STANDINGS = 1
"""The format as fingerprints have it: what stands is written as it was before there were teams."""
LISTS = ("accuracy", "emissions", "measured", "front", "apart")
"""Of a board; what came late stands apart from the standings, and is not frozen."""
_TIMED = frozenset({"team", "team_kwh", "team_grams"})
"""Of an entry: a new name, or a run after the close, is no change of the standings."""
_AT_ONCE = 500


def frozen_standings(task: Task, board: Board) -> dict[str, Any]:
    """All of the document but the number, time and reason of its revision."""
    rows = {str(row.entry_id): row for name in LISTS for row in getattr(board, name)}
    checks = _provenances([UUID(each) for each in rows])
    return {
        "format": FORMAT,
        "task": _pins(task),
        "rankings": {name: _places(getattr(board, name)) for name in LISTS} | {"public": _public(board.accuracy)},
        "titles": {
            "most_accurate": str(board.most_accurate.entry_id) if board.most_accurate else None,
            "greenest": [str(row.entry_id) for row in board.greenest],
            "on_the_front": [str(row.entry_id) for row in board.front],
        },
        "baseline": board.baseline,
        "left_out": board.left_out,
        "entries": {entry: _facts(row) | {"provenance": checks[entry]} for entry, row in sorted(rows.items())},
    }


def canonical(document: Any) -> str:
    """Sorted keys, no spaces, UTF-8, no NaN: the same content is the same bytes."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(standings: dict[str, Any]) -> str:
    """Of what stands, whatever the teams are called by now."""
    entries = {
        entry: {name: value for name, value in facts.items() if name not in _TIMED}
        for entry, facts in standings["entries"].items()
    }
    public = [{"rank": each["rank"], "entry": each["entry"]} for each in standings["rankings"]["public"]]
    nameless = standings | {
        "format": _OF_STANDINGS,
        "entries": entries,
        "rankings": standings["rankings"] | {"public": public},
    }
    return hashlib.sha256(canonical(nameless).encode()).hexdigest()


def _pins(task: Task) -> dict[str, Any]:
    return {
        "slug": task.slug,
        "title": task.title,
        "opens_at": task.opens_at.isoformat() if task.opens_at else None,
        "closes_at": task.closes_at.isoformat() if task.closes_at else None,
        "recipe": task.recipe,
        "recipe_digest": task.recipe_digest,
        "seeds": task.entry_seeds,
        "calibration": task.calibration,
        "grid_g_per_kwh": task.grid_g_per_kwh,
        "pue": task.pue,
        "accuracy_floor": task.accuracy_floor,
        "counting": task.counting,
        "public_share": task.public_share,
        "score_decimals": task.score_decimals,
        "ladder": task.ladder,
        "hidden_images": task.hidden_images.count(),
    }


def _places(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{"rank": row.rank, "entry": str(row.entry_id)} for row in rows]


def _public(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Who stood where by the scores that were told while the task ran; `entry` is the one that stands in the end."""
    ranked = sorted((row for row in rows if row.public_rank), key=lambda row: row.public_rank or 0)
    return [{"rank": row.public_rank, "team": row.team.name, "entry": str(row.entry_id)} for row in ranked]


def _facts(row: Row) -> dict[str, Any]:
    return {
        "team": {"id": str(row.team.id), "name": row.team.name, "members": list(row.team.members)},
        "role": row.role,
        "accuracy": row.accuracy,
        "interval": [row.interval_low, row.interval_high],
        "public_accuracy": row.public_accuracy,
        "public_rank": row.public_rank,
        "shake_up": row.shake_up,
        "improvement": row.improvement,
        "grams_standardised": row.grams_standardised,
        "standardised_kwh": row.standardised_kwh,
        "grams_measured": row.grams_measured,
        "measured_kwh": row.kwh,
        "measured_level": row.level,
        "measured_band": row.band,
        "images": row.images,
        "entries": row.entries,
        "entered_at": row.entered_at.isoformat(),
        "last_entry_at": row.last_entry_at.isoformat(),
        "team_kwh": row.team_kwh,
        "team_grams": row.team_grams,
        "is_on_front": row.is_on_front,
        "is_chosen": row.is_chosen,
        "group": row.group,
        "is_tied": row.is_tied,
        "is_near_front": row.is_near_front,
    }


def _provenances(entries: Sequence[UUID]) -> dict[str, dict[str, Any]]:
    found = {}
    for start in range(0, len(entries), _AT_ONCE):
        results = Result.objects.filter(submission__in=entries[start : start + _AT_ONCE]).select_related(
            "submission__dataset", "run"
        )
        for result in results.defer("correct", "run__outcome"):
            found[str(result.submission_id)] = _provenance(result)
    return found


def _provenance(result: Result) -> dict[str, Any]:
    submission, run = result.submission, result.run
    return {
        "dataset": submission.dataset.digest,
        "recipe": submission.recipe_digest,
        "image": run.provenance.get("image"),
        "weights": run.weights_sha256,
        "weights_by_seed": {str(each["seed"]): each["weights_digest"] for each in result.per_seed},
        "logits": result.logits_sha256,
        "device_class": run.provenance.get("device_class"),
        "attempt": run.attempt,
    }
