"""What of a task decides who stands where on its board, in one value that can be compared and kept by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fixpoint.leaderboard.columns import NEVER, microseconds
from fixpoint.tasks.models import Task

_DAY = 24 * 3600 * 1_000_000


@dataclass(frozen=True)
class Rules:
    """Times are microseconds since 1970; `closes` is far away where the task has no end.

    `is_over`: the private scores rank, and all of them may be told. `midnight` (UTC) is when the day began.
    """

    recipe_digest: str
    seeds: tuple[int, ...]
    is_over: bool
    closes: int
    midnight: int
    by_choice: bool
    floor: float
    grams_per_kwh: float
    has_private: bool
    decimals: int
    ladder: bool

    def is_guarded(self, images: int) -> bool:
        """Whether told scores, of so many images over all seeds, say less than the exact ones do."""
        return self.has_private or self._is_coarse(images)

    def hides_bits(self, images: int) -> bool:
        """Whether marks by exact bits of the public images would tell now what the told scores do not."""
        return not self.is_over and self._is_coarse(images)

    def _is_coarse(self, images: int) -> bool:
        return self.ladder or images > 10**self.decimals


def rules_of(task: Task, now: datetime) -> Rules:
    """The task's own settings, at this moment."""
    moment = microseconds(now)
    return Rules(
        recipe_digest=task.recipe_digest,
        seeds=tuple(task.entry_seeds),
        is_over=task.phase == Task.Status.CLOSED,
        closes=NEVER if task.closes_at is None else microseconds(task.closes_at),
        midnight=moment - moment % _DAY,
        by_choice=task.counting == Task.Counting.CHOSEN,
        floor=task.accuracy_floor,
        grams_per_kwh=task.grid_g_per_kwh * task.pue,
        has_private=task.public_share < 1,
        decimals=task.score_decimals,
        ladder=task.ladder,
    )
