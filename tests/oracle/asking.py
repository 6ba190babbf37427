"""The platform as whoever asks sees it: predictions go in, what is told of them comes out, by the real code."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fixpoint.submissions.scoring import Score
from fixpoint.submissions.telling import Rung, right_of, told_of

Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Telling:
    """What a task says of its scores, under the name that stands in the table."""

    name: str
    decimals: int
    ladder: bool = False


TELLINGS = (
    Telling("in full", 12),
    Telling("4 decimals", 4),
    Telling("2 decimals", 2),
    Telling("the ladder, 4 decimals", 4, ladder=True),
    Telling("the ladder, 2 decimals", 2, ladder=True),
)
"""From the one that tells most."""


@dataclass
class Oracle:
    """One person's entries of one seed into a task with these hidden labels [N], every image of two possible ones."""

    labels: Bits
    telling: Telling
    asked: int = 0
    best: Rung | None = field(default=None)

    def tell(self, predictions: Bits) -> float:
        """What is told of an entry with these predictions [N]."""
        self.asked += 1
        judged = Score((predictions == self.labels)[None], np.ones(len(self.labels), dtype=np.bool_))
        told = told_of(judged, decimals=self.telling.decimals, best=self.best)
        if self.telling.ladder and told.is_own:
            self.best = Rung(told.accuracy, right_of(judged.public), seeds=1)
        return told.accuracy
