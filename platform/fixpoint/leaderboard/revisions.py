"""Reading frozen standings: the board as a revision has it, and who moved from one to the next."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from fixpoint.accounts.models import User
from fixpoint.leaderboard.evidence import Marks
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.row import Row
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

_AT_ONCE = 500


class FrozenMarks(Marks):
    """What the paired tests said then."""

    def __init__(self, facts: Mapping[str, Mapping[str, Any]]) -> None:
        self._facts = facts

    def group_of(self, entry: UUID) -> int | None:
        """See evidence.Marks."""
        group: int | None = self._facts[str(entry)]["group"]
        return group

    def is_tied(self, entry: UUID) -> bool:
        """See evidence.Marks."""
        return bool(self._facts[str(entry)]["is_tied"])

    def is_near_front(self, entry: UUID) -> bool:
        """See evidence.Marks."""
        return bool(self._facts[str(entry)]["is_near_front"])


@dataclass(frozen=True)
class FrozenBoard:
    """The lists of a board, as board.Board has them; the names are today's. Nothing late is frozen.

    `number` is the revision's; `pins` is of the task, as frozen_body wrote it.
    """

    number: int
    pins: Mapping[str, Any]
    accuracy: list[Row]
    emissions: list[Row]
    measured: list[Row]
    front: list[Row]
    apart: list[Row]
    greenest: list[Row]
    baseline: float | None
    left_out: int

    @property
    def most_accurate(self) -> Row | None:
        """Holds the title of best accuracy."""
        return self.accuracy[0] if self.accuracy else None

    @property
    def entry_ids(self) -> set[UUID]:
        """All that stands in one of its lists."""
        return {row.entry_id for row in (*self.accuracy, *self.emissions, *self.front, *self.apart)}

    def row_of_owner(self, user_id: int) -> Row | None:
        """Somebody's row by accuracy."""
        return next((row for row in self.accuracy if row.user.pk == user_id), None)


@dataclass(frozen=True)
class Move:
    """Somebody whose place differs between two revisions; None where there is none."""

    participant: str
    entry_id: UUID
    before: int | None
    after: int | None


def revision_of(task: Task, number: int | None = None) -> Revision | None:
    """The last one, or the one of this number, without what is in it; None where there is none.

    Of a task that runs (again) the last one is None: its board is live.
    """
    found = Revision.objects.filter(task=task).defer("body", "signed")
    if number is not None:
        return found.filter(number=number).first()
    return found.first() if task.phase == Task.Status.CLOSED else None


def frozen_board(revision: Revision) -> FrozenBoard:
    """The board as this revision has it; kept, for it never changes. A name that changed is the new one later."""
    return _read(revision.pk, revision.number, revision.sha256)


def moves(before: Revision | None, after: Revision) -> list[Move]:
    """Whose place by accuracy is another one, by their place now; who left comes last."""
    if before is None:
        return []
    old, new = _by_owner(before), _by_owner(after)
    people = [owner for owner in {**new, **old} if _rank(old.get(owner)) != _rank(new.get(owner))]
    found = [_move(old.get(owner), new.get(owner)) for owner in people]
    return sorted(found, key=lambda each: (each.after is None, each.after or each.before))


@lru_cache(maxsize=16)
def _read(pk: int, number: int, sha256: str) -> FrozenBoard:
    body = json.loads(Revision.objects.values_list("body", flat=True).get(pk=pk, sha256=sha256))
    facts, rankings = body["entries"], body["rankings"]
    marks, users = FrozenMarks(facts), _users(facts)

    def rows(name: str) -> list[Row]:
        return [_row(each, facts[each["entry"]], users[each["entry"]], marks) for each in rankings[name]]

    emissions = rows("emissions")
    return FrozenBoard(
        number=number,
        pins=body["task"],
        accuracy=rows("accuracy"),
        emissions=emissions,
        measured=rows("measured"),
        front=rows("front"),
        apart=rows("apart"),
        greenest=[row for row in emissions if row.rank == 1],
        baseline=body["baseline"],
        left_out=body["left_out"],
    )


def _by_owner(revision: Revision) -> dict[int, Row]:
    return {row.user.pk: row for row in frozen_board(revision).accuracy}


def _move(old: Row | None, new: Row | None) -> Move:
    row = new or old
    if row is None:
        raise ValueError("somebody who stands nowhere moved")
    return Move(row.user.username, row.entry_id, _rank(old), _rank(new))


def _rank(row: Row | None) -> int | None:
    return row.rank if row else None


def _users(entries: Mapping[str, object]) -> dict[str, User]:
    ids, found = list(entries), {}
    for start in range(0, len(ids), _AT_ONCE):
        owners = Submission.objects.filter(pk__in=ids[start : start + _AT_ONCE])
        for entry, owner, name in owners.values_list("pk", "owner_id", "owner__username"):
            found[str(entry)] = User(pk=owner, username=name)
    return found


def _row(place: Mapping[str, Any], facts: Mapping[str, Any], user: User, marks: FrozenMarks) -> Row:
    low, high = facts["interval"]
    same = {name: facts[name] for name in _AS_THEY_ARE}
    return Row(
        rank=place["rank"],
        entry_id=UUID(place["entry"]),
        user=user,
        interval_low=low,
        interval_high=high,
        movement=None,
        kwh=facts["measured_kwh"],
        level=facts["measured_level"],
        band=facts["measured_band"],
        entered_at=datetime.fromisoformat(facts["entered_at"]),
        last_entry_at=datetime.fromisoformat(facts["last_entry_at"]),
        marks=marks,
        **same,
    )


_AS_THEY_ARE = (
    "role", "accuracy", "public_accuracy", "public_rank", "shake_up", "improvement", "grams_standardised",
    "standardised_kwh", "grams_measured", "images", "entries", "owner_kwh", "owner_grams", "is_on_front", "is_chosen",
)  # fmt: skip
