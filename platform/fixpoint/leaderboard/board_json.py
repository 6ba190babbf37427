"""The board as JSON: docs/boards.md says what each field is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fixpoint.leaderboard.apart_names import apart_names
from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.paired import ALPHA
from fixpoint.leaderboard.ranking import TOLERANCE
from fixpoint.leaderboard.revisions import FrozenBoard
from fixpoint.leaderboard.row import PAGE_ROWS, Row
from fixpoint.tasks.models import Task

_LISTS = ("accuracy", "emissions", "front", "apart")
_PINS = ("recipe", "recipe_digest", "counting", "accuracy_floor", "grid_g_per_kwh", "pue")


def pages_of(board: Board | FrozenBoard, live: Board) -> int:
    """How many pages its longest list has; 1 where all are empty."""
    return max(1, *(-(-len(rows) // PAGE_ROWS) for rows in _lists(board, live).values()))


def board_json(task: Task, board: Board | FrozenBoard, live: Board, page: int) -> bytes:
    """One page, from 1, of all lists together; what came late is of the live board, for it is not frozen."""
    frozen = board if isinstance(board, FrozenBoard) else None
    body = {
        "task": {"slug": task.slug, "title": task.title, "phase": task.phase},
        "revision": frozen and frozen.number,
        "number": live.number,
        "scores": "final" if frozen or live.rules.is_over else "public",
        "rules": _rules(frozen.pins if frozen else _pins(task)),
        "baseline_accuracy": board.baseline,
        "left_out": board.left_out,
        "titles": {
            "most_accurate": board.most_accurate and str(board.most_accurate.entry_id),
            "greenest": [str(row.entry_id) for row in board.greenest],
        },
        "page": page,
        "pages": pages_of(board, live),
        "rows_per_page": PAGE_ROWS,
        "lists": {name: _page(rows, page, named=name == "apart") for name, rows in _lists(board, live).items()},
    }
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


def _lists(board: Board | FrozenBoard, live: Board) -> dict[str, Sequence[Row]]:
    return {name: getattr(board, name) for name in _LISTS} | {"late": live.late}


def _pins(task: Task) -> dict[str, Any]:
    closes = task.closes_at and task.closes_at.isoformat()
    return {name: getattr(task, name) for name in _PINS} | {"seeds": task.entry_seeds, "closes_at": closes}


def _rules(pins: Mapping[str, Any]) -> dict[str, Any]:
    same = {name: pins[name] for name in (*_PINS, "seeds", "closes_at")}
    return same | {"grams_tolerance": TOLERANCE, "evidence_alpha": ALPHA}


def _page(rows: Sequence[Row], page: int, *, named: bool) -> dict[str, Any]:
    shown = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    names = apart_names(shown) if named else {}
    return {"count": len(rows), "rows": [_row(row) | {"name": names.get(row.entry_id)} for row in shown]}


def _row(row: Row) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "entry": str(row.entry_id),
        "team": {"id": str(row.team.id), "name": row.team.name, "members": list(row.team.members)},
        "role": row.role,
        "accuracy": row.accuracy,
        "interval": [row.interval_low, row.interval_high],
        "evidence_group": row.group,
        "is_tied": row.is_tied,
        "improvement": row.improvement,
        "movement": row.movement,
        "public_accuracy": row.public_accuracy,
        "public_rank": row.public_rank,
        "shake_up": row.shake_up,
        "standardised": {"kwh": row.standardised_kwh, "g": row.grams_standardised},
        "measured": None
        if row.kwh is None
        else {"kwh": row.kwh, "g": row.grams_measured, "level": row.level, "band": row.band},
        "is_on_front": row.is_on_front,
        "is_near_front": row.is_near_front,
        "images": row.images,
        "entered_at": row.entered_at.isoformat(),
        "is_chosen": row.is_chosen,
        "team_entries": row.entries,
        "team_last_entry_at": row.last_entry_at.isoformat(),
        "team_total": {"kwh": row.team_kwh, "g": row.team_grams},
    }
