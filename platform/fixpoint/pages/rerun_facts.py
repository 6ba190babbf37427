"""An entry beside what it repeats, or what repeats it: is it the same again, bit for bit?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fixpoint.submissions.models import Result, Submission
from fixpoint.submissions.reruns import PLATFORM
from fixpoint.submissions.revealing import shown_score


@dataclass(frozen=True)
class Side:
    """One of the runs; `result` is None as long as it has no score, and where it will have none."""

    entry: Submission
    result: Result | None

    @property
    def device_class(self) -> str:
        """On what it was trained; "" where its worker did not say."""
        return str(self.result.run.provenance.get("device_class", "")) if self.result else ""

    @property
    def accuracy(self) -> float | None:
        """As everybody may be told it now: both sides of the same images."""
        return shown_score(self.result).accuracy if self.result else None


@dataclass(frozen=True)
class Again:
    """A run again with why, beside the first; `same_…` are None until both have a score."""

    first: Side
    second: Side
    why: str
    is_platforms: bool

    @property
    def same_weights(self) -> bool | None:
        """Of every seed."""
        return self._same(lambda result: [each["weights_digest"] for each in result.per_seed])

    @property
    def same_score(self) -> bool | None:
        """Unrounded, of every seed."""
        return self._same(lambda result: [each["accuracy"] for each in result.per_seed])

    @property
    def measured_ratio(self) -> float | None:
        """Measured energy of the second by that of the first."""
        pair = self._pair()
        if not pair or not pair[0].own_kwh or pair[1].own_kwh is None:
            return None
        return pair[1].own_kwh / pair[0].own_kwh

    def _same(self, figure: Any) -> bool | None:
        pair = self._pair()
        return figure(pair[0]) == figure(pair[1]) if pair else None

    def _pair(self) -> tuple[Result, Result] | None:
        return (self.first.result, self.second.result) if self.first.result and self.second.result else None


def reruns_of(entry: Submission, *, insider: bool) -> list[Again]:
    """All runs again of the entry, the oldest first, or the one that it is; to strangers those that have a score."""
    original = Submission.objects.get(pk=entry.rerun_of_id) if entry.rerun_of_id else entry
    again = Submission.objects.filter(pk=entry.pk) if entry.rerun_of_id else entry.reruns.all()
    if not insider:
        again = again.filter(status=Submission.Status.SCORED, rerun_of__status=Submission.Status.SCORED)
    shown = list(again.order_by("created_at").prefetch_related("transitions"))
    if not shown:
        return []
    results = _results([original, *shown])
    first = Side(original, results.get(original.pk))
    return [_again(first, each, results.get(each.pk)) for each in shown]


def _results(entries: Iterable[Submission]) -> dict[Any, Result]:
    found = Result.objects.filter(submission__in=list(entries)).select_related("run", "submission__task")
    return {each.submission_id: each for each in found.defer("correct", "run__outcome")}


def _again(first: Side, entry: Submission, result: Result | None) -> Again:
    entered = min(entry.transitions.all(), key=lambda change: change.pk)
    return Again(first, Side(entry, result), why=entered.why, is_platforms=entered.who == PLATFORM)
