"""Reading frozen standings: the board as a revision has it, and who moved from one to the next."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from fixpoint.leaderboard.evidence import Marks
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.row import Order, RankedTeam, Row
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
    """The lists of a board, as board.Board has them, with the teams' names and members of then. Nothing late is frozen.

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

    @property
    def green_grams(self) -> list[float]:
        """Standardised grams of all who are ranked by emissions, in their order."""
        return [row.grams_standardised for row in self.emissions]

    def place_of_team(self, team_id: UUID, order: Order = "accuracy") -> int | None:
        """Where, from 0, a team stands in one of the lists."""
        rows: list[Row] = getattr(self, order)
        return next((place for place, row in enumerate(rows) if row.team.id == team_id), None)

    def row_of_team(self, team_id: UUID, order: Order = "accuracy") -> Row | None:
        """A team's row in one of the lists that rank."""
        place = self.place_of_team(team_id, order)
        rows: list[Row] = getattr(self, order)
        return None if place is None else rows[place]


@dataclass(frozen=True)
class Move:
    """A team whose place differs between two revisions; None where there is none."""

    team: str
    entry_id: UUID
    before: int | None
    after: int | None


def revision_of(task: Task, number: int | None = None) -> Revision | None:
    """The last one, or the one of this number, without what is in it; None where there is none.

    Of a task that runs (again) the last one is None: its board is live.
    """
    if number is None and task.phase != Task.Status.CLOSED:
        return None
    found = Revision.objects.filter(task=task).defer("body", "signed")
    return (found if number is None else found.filter(number=number)).first()


def last_revisions(tasks: Collection[Task]) -> dict[UUID, Revision]:
    """By task the last one of each that has one, in one statement, without what is in them."""
    found = Revision.objects.filter(task__in=tasks).defer("body", "signed").order_by("number")
    return {each.task_id: each for each in found}


def frozen_board(revision: Revision) -> FrozenBoard:
    """The board as this revision has it; kept, for it never changes."""
    return _read(revision.pk, revision.number, revision.sha256)


def moves(before: Revision | None, after: Revision) -> list[Move]:
    """Whose place by accuracy is another one, by their place now; who left comes last."""
    if before is None:
        return []
    old, new = _by_team(before), _by_team(after)
    moved = [team for team in {**new, **old} if _rank(old.get(team)) != _rank(new.get(team))]
    found = [_move(old.get(team), new.get(team)) for team in moved]
    return sorted(found, key=lambda each: (each.after is None, each.after or each.before))


@lru_cache(maxsize=16)
def _read(pk: int, number: int, sha256: str) -> FrozenBoard:
    body = json.loads(Revision.objects.values_list("body", flat=True).get(pk=pk, sha256=sha256))
    facts, rankings = body["entries"], body["rankings"]
    marks, teams = FrozenMarks(facts), _teams(facts, body["format"])

    def rows(name: str) -> list[Row]:
        return [_row(each, facts[each["entry"]], teams[each["entry"]], marks) for each in rankings[name]]

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


def _by_team(revision: Revision) -> dict[UUID, Row]:
    return {row.team.id: row for row in frozen_board(revision).accuracy}


def _move(old: Row | None, new: Row | None) -> Move:
    row = new or old
    if row is None:
        raise ValueError("a team that stands nowhere moved")
    return Move(row.team.name, row.entry_id, _rank(old), _rank(new))


def _rank(row: Row | None) -> int | None:
    return row.rank if row else None


def _teams(entries: Mapping[str, Mapping[str, Any]], form: int) -> dict[str, RankedTeam]:
    """By entry. Where persons were ranked each is a team of one now."""
    if form > 1:
        told = {entry: facts["team"] for entry, facts in entries.items()}
        return {entry: RankedTeam(UUID(t["id"]), t["name"], tuple(t["members"])) for entry, t in told.items()}
    ids, found = list(entries), {}
    for start in range(0, len(ids), _AT_ONCE):
        teams = Submission.objects.filter(pk__in=ids[start : start + _AT_ONCE]).values_list("pk", "team_id")
        for entry, team in teams:
            name = entries[str(entry)]["participant"]
            found[str(entry)] = RankedTeam(team, name, (name,))
    return found


def _row(place: Mapping[str, Any], facts: Mapping[str, Any], team: RankedTeam, marks: FrozenMarks) -> Row:
    low, high = facts["interval"]
    same = {name: facts[name] for name in _AS_THEY_ARE}
    kwh, grams = (facts[f"team_{unit}"] if "team" in facts else facts[f"owner_{unit}"] for unit in ("kwh", "grams"))
    return Row(
        rank=place["rank"],
        entry_id=UUID(place["entry"]),
        team=team,
        interval_low=low,
        interval_high=high,
        movement=None,
        kwh=facts["measured_kwh"],
        level=facts["measured_level"],
        team_kwh=kwh,
        team_grams=grams,
        band=facts["measured_band"],
        entered_at=datetime.fromisoformat(facts["entered_at"]),
        last_entry_at=datetime.fromisoformat(facts["last_entry_at"]),
        marks=marks,
        **same,
    )


_AS_THEY_ARE = (
    "role", "accuracy", "public_accuracy", "public_rank", "shake_up", "improvement", "grams_standardised",
    "standardised_kwh", "grams_measured", "images", "entries", "is_on_front", "is_chosen",
)  # fmt: skip
