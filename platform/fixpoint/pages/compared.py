"""Two entries of one task side by side: what each scored and cost, and what differs between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.changes import Changes, changes_between
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.selectors import comparable
from fixpoint.leaderboard.told_apart import told_apart
from fixpoint.pages.entry_facts import ScoreFacts, score_of
from fixpoint.pages.learning import Progress, progress_of
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import is_insider


@dataclass(frozen=True)
class Side:
    """One of them; `progress` is for its owner and organizers alone."""

    letter: str
    entry: Submission
    score: ScoreFacts | None
    progress: Progress | None
    is_insider: bool


@dataclass(frozen=True)
class Compared:
    """`is_apart`: whether the hidden images tell them apart; None where that is not told. `changes`: from a to b."""

    a: Side
    b: Side
    is_apart: bool | None
    changes: Changes | None
    changes_address: str

    @property
    def sides(self) -> Sequence[Side]:
        """Both."""
        return self.a, self.b

    @property
    def change(self) -> float | None:
        """Of the told accuracy, from a to b; None between recipes, and where one has no score."""
        if not self.a.score or not self.b.score or not self.is_same_recipe:
            return None
        return self.b.score.shown.accuracy - self.a.score.shown.accuracy

    @property
    def is_same_recipe(self) -> bool:
        """Whether both were trained by the same recipe with the same seeds."""
        first, second = self.a.entry, self.b.entry
        return (first.recipe_digest, first.seeds) == (second.recipe_digest, second.seeds)

    @property
    def is_same_data(self) -> bool:
        """Whether both are of the same images, splits and labels."""
        return self.a.entry.dataset.digest == self.b.entry.dataset.digest

    @property
    def curves(self) -> tuple[Progress, Progress] | None:
        """None unless the reader may see both."""
        return (self.a.progress, self.b.progress) if self.a.progress and self.b.progress else None


def compared(a: Submission, b: Submission, reader: User | AnonymousUser) -> Compared:
    """Of two that this person may see, in one task."""
    first, second = _side("A", a, reader), _side("B", b, reader)
    may_see_data = first.is_insider and second.is_insider and a.owner_id == b.owner_id
    scores = first.score, second.score
    is_apart = told_apart(scores[0].result, scores[1].result) if scores[0] and scores[1] else None
    return Compared(
        a=first,
        b=second,
        is_apart=is_apart,
        changes=changes_between(a.dataset, b.dataset) if may_see_data else None,
        changes_address=_changes_address(a.dataset, b.dataset) if may_see_data else "",
    )


def _side(letter: str, entry: Submission, reader: User | AnonymousUser) -> Side:
    insider = is_insider(reader, entry)
    return Side(letter, entry, score_of(entry, reader), progress_of(entry) if insider else None, insider)


def _changes_address(before: Dataset, after: Dataset) -> str:
    if before.deleted_at or after.deleted_at or not comparable(after).filter(pk=before.pk).exists():
        return ""
    return f"{reverse('dataset_comparison', args=[after.pk])}?{urlencode({'with': before.pk})}"
