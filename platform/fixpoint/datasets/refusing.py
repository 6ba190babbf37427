"""Refusals of a dataset: those that its directory shows at once, and those that its images add once they are opened."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from django.utils import timezone

from fixpoint.datasets.models import Dataset, Remark
from fixpoint.datasets.reasons import MOST_KEPT
from fixpoint.datasets.rules import SHOWN_PER_RULE, Refusal
from fixpoint.states import status_change
from fixpoint.tasks.outcomes import Named

_ALSO_BY_BYTES = "nested-archive"
"""What the directory knows by a name, its worker knows by name and by bytes: its list is the longer one."""


def refusals_keep(
    *, dataset: Dataset, refusals: Iterable[Refusal | Named], counts: dict[str, int], most: int = MOST_KEPT
) -> None:
    """Note what the directory shows, `most` of it; the dataset's state stays as it is."""
    remarks_keep(dataset=dataset, severity=Remark.Severity.REFUSAL, named=refusals, most=most)
    dataset.remark_counts = counts
    dataset.save(update_fields=["remark_counts"])


def refusals_add(*, dataset: Dataset, named: Iterable[Named], counts: dict[str, int]) -> None:
    """Add what a worker found. It judges the directory too: of a rule that was noted already nothing comes twice."""
    if _ALSO_BY_BYTES in counts:
        dataset.remarks.filter(severity=Remark.Severity.REFUSAL, rule=_ALSO_BY_BYTES).delete()
    noted = {rule: count for rule, count in dataset.remark_counts.items() if not (rule == _ALSO_BY_BYTES in counts)}
    added = [each for each in named if each.rule not in noted]
    left = max(0, MOST_KEPT - dataset.remarks.count())
    refusals_keep(dataset=dataset, refusals=_some_of_each_first(added), counts=counts | noted, most=left)


def known_refuse(*, dataset: Dataset, also: str = "") -> bool:
    """Refuse it for all that was noted; `also` is a sentence on why there may be more. False if it was over already."""
    total = sum(dataset.remark_counts.values())
    reason = f"Refused for {total:,} reason{'' if total == 1 else 's'}: each is listed with what to do. {also}".strip()
    return status_change(dataset, to="refused", why=reason, reason=reason, ended_at=timezone.now())


def remarks_keep(*, dataset: Dataset, severity: str, named: Iterable[Refusal | Named], most: int = MOST_KEPT) -> None:
    """A row for each, as many as are kept of a dataset."""
    rows = (
        Remark(dataset=dataset, severity=severity, rule=each.rule[:40], path=each.path[:500], detail=each.detail[:500])
        for each in named
    )
    Remark.objects.bulk_create(list(islice(rows, most)))


def _some_of_each_first(named: Iterable[Named]) -> list[Named]:
    """Those that are shown of each rule before the others, so that a long list of one leaves room for them."""
    seen: Counter[str] = Counter()
    shown: list[Named] = []
    others: list[Named] = []
    for each in named:
        seen[each.rule] += 1
        (shown if seen[each.rule] <= SHOWN_PER_RULE else others).append(each)
    return shown + others
