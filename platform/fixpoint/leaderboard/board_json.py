"""The board as JSON: docs/boards.md says what each field is."""

from __future__ import annotations

import json
from typing import Any

from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.paired import ALPHA
from fixpoint.leaderboard.ranking import TOLERANCE
from fixpoint.leaderboard.row import PAGE_ROWS, Row, Rows
from fixpoint.tasks.models import Task

_LISTS = ("accuracy", "emissions", "front", "apart", "late")


def pages_of(board: Board) -> int:
    """How many pages its longest list has; 1 where all are empty."""
    return max(1, *(-(-len(_list(board, name)) // PAGE_ROWS) for name in _LISTS))


def board_json(task: Task, board: Board, page: int) -> bytes:
    """One page, from 1, of all lists together."""
    body = {
        "task": {"slug": task.slug, "title": task.title, "phase": task.phase},
        "number": board.number,
        "scores": "final" if board.rules.is_over else "public",
        "rules": _rules(task),
        "baseline_accuracy": board.baseline,
        "left_out": board.left_out,
        "titles": {
            "most_accurate": board.most_accurate and str(board.most_accurate.entry_id),
            "greenest": [str(row.entry_id) for row in board.greenest],
        },
        "page": page,
        "pages": pages_of(board),
        "rows_per_page": PAGE_ROWS,
        "lists": {name: _page(_list(board, name), page) for name in _LISTS},
    }
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


def _list(board: Board, name: str) -> Rows:
    found: Rows = getattr(board, name)
    return found


def _rules(task: Task) -> dict[str, Any]:
    return {
        "recipe": task.recipe,
        "recipe_digest": task.recipe_digest,
        "seeds": task.entry_seeds,
        "counting": task.counting,
        "accuracy_floor": task.accuracy_floor,
        "grid_g_per_kwh": task.grid_g_per_kwh,
        "pue": task.pue,
        "grams_tolerance": TOLERANCE,
        "evidence_alpha": ALPHA,
        "closes_at": task.closes_at and task.closes_at.isoformat(),
    }


def _page(rows: Rows, page: int) -> dict[str, Any]:
    shown = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    return {"count": len(rows), "rows": [_row(row) for row in shown]}


def _row(row: Row) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "entry": str(row.entry_id),
        "owner": row.user.username,
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
        "owner_entries": row.entries,
        "owner_last_entry_at": row.last_entry_at.isoformat(),
        "owner_total": {"kwh": row.owner_kwh, "g": row.owner_grams},
    }
