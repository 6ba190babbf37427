"""Which ledgers and boards this process keeps: those looked at last, each behind a lock of its own."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils import timezone

from fixpoint.leaderboard.answers import Answers
from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.columns import Flags
from fixpoint.leaderboard.evidence import Evidence
from fixpoint.leaderboard.ledger import Ledger
from fixpoint.leaderboard.making import Making
from fixpoint.leaderboard.rules import Rules, rules_of
from fixpoint.leaderboard.standing import standing
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import hidden_truth

MOST_TASKS = 16
"""A task with 200,000 entries takes about 40 MB (docs/boards.md)."""


class _Kept:
    """A task's ledger, and the last board that was made of it."""

    def __init__(self, task_id: UUID) -> None:
        self._lock = Lock()
        self._ledger = Ledger(task_id)
        self._answers = Answers()
        self._board: Board | None = None

    def board(self, task: Task, rules: Rules) -> Board:
        """As it is now: others that ask in the same moment wait for the one that makes it."""
        with self._lock:
            self._ledger.advance(task.board_number)
            held = self._board
            if held is None or (held.number, held.rules) != (self._ledger.number, rules):
                held = self._board = self._made(rules)
            return held

    def _made(self, rules: Rules) -> Board:
        found = standing(self._ledger, rules)
        among = self._images(rules)
        making = Making(self._ledger, rules, found, int(among.sum()) if rules.has_private else None)
        front = dict(zip(making.entries(found.front), making.grams(found.front).tolist(), strict=True))
        ranked = making.entries(found.accuracy)
        if rules.hides_bits(len(rules.seeds) * int(among.sum())):
            ranked, front = [], {}
        evidence = Evidence(self._answers, among, len(rules.seeds), ranked, front)
        return Board(self._ledger.number or 0, rules, making, evidence)

    def _images(self, rules: Rules) -> Flags:
        """Which hidden images the scores are of that rank now."""
        if rules.has_private:
            public = hidden_truth(self._ledger.task_id).is_public
            return ~public if rules.is_over else public
        return np.ones(self._ledger.columns["hidden"].max(initial=0), dtype=np.bool_)


_kept: OrderedDict[UUID, _Kept] = OrderedDict()
_lock = Lock()


def kept_board(task: Task) -> Board:
    """The task's board; inside a transaction one that is not kept, for what it has written may yet be undone."""
    rules = rules_of(task, timezone.now())
    kept = _Kept(task.pk) if connection.in_atomic_block else _of(task.pk)
    return kept.board(task, rules)


def _of(task_id: UUID) -> _Kept:
    with _lock:
        kept = _kept.pop(task_id, None) or _Kept(task_id)
        _kept[task_id] = kept
        while len(_kept) > MOST_TASKS:
            _kept.popitem(last=False)
        return kept


def kept_tasks() -> list[UUID]:
    """Those looked at last, the newest at the end."""
    with _lock:
        return list(_kept)


def forget_all() -> None:
    """Read everything afresh from here on, as a process that has just begun."""
    with _lock:
        _kept.clear()
